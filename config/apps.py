from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The only place that knows everybody; an app so that its commands are found."""

    name = "config"
    label = "config"
