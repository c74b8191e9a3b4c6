"""Django's name for this area."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sotong.notices"
    label = "notices"
