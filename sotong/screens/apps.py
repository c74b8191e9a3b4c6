"""Django's name for this area."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "sotong.screens"
    label = "screens"
