"""Django's name for this area."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sotong.people"
    label = "people"
