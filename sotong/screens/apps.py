"""Start-up of the whole site: the layer that knows every other."""

from importlib import import_module

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "sotong.screens"
    label = "screens"

    def ready(self) -> None:
        from sotong.channels.queries.doubtful import ask_around
        from sotong.screens.queries.around import around

        ask_around(around)
        # By name, because reactions are the layer above: nothing here depends on what they are.
        import_module("sotong.reactions").connect()
