"""Django's name for this area."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sotong.people"
    label = "people"

    def ready(self) -> None:
        from sotong.people import signing_in

        signing_in.connect()
