"""Django's name for this area."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "sotong.inbox"
    label = "inbox"
