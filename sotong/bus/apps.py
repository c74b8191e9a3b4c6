"""Django's name for this area."""

from django.apps import AppConfig


class BusConfig(AppConfig):
    name = "sotong.bus"
    label = "bus"
