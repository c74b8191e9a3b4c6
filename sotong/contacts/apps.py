"""Django's name for this area."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "sotong.contacts"
    label = "contacts"
