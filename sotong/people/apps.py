"""Django's name for this area."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sotong.people"
    label = "people"

    def ready(self) -> None:
        from sotong.audit.words import name_actions
        from sotong.people import signing_in
        from sotong.people.words import COLUMNS, DONE, ROWS

        signing_in.connect()
        name_actions({**DONE, **ROWS, **COLUMNS})
