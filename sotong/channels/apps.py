"""Django's name for this area."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "sotong.channels"
    label = "channels"
