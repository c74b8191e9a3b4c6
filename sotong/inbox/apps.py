"""Django's name for this area."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "sotong.inbox"
    label = "inbox"

    def ready(self) -> None:
        from sotong.audit.words import name_actions
        from sotong.inbox.notices import speak
        from sotong.inbox.words import DONE

        speak()
        name_actions(DONE)
