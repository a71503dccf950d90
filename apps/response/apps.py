from django.apps import AppConfig


class ResponseConfig(AppConfig):
    name = "apps.response"
    label = "response"
