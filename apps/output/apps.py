from django.apps import AppConfig


class OutputConfig(AppConfig):
    name = "apps.output"
    label = "output"
