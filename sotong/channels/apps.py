"""Django's name for this area."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChannelsConfig(AppConfig):
    name = "sotong.channels"
    label = "channels"

    def ready(self) -> None:
        from sotong.audit.words import name_actions, word_reasons
        from sotong.channels.notices import speak
        from sotong.channels.queries.seen import notices_of_seen
        from sotong.channels.words import DONE, hold_words

        post_migrate.connect(make_holds, sender=self)
        speak(seen=notices_of_seen)
        name_actions(DONE)
        word_reasons({"channels.put_hold": lambda entry: hold_words(entry.reason, by_id=entry.person_id)[0]})


def make_holds(**_given: Any) -> None:
    """The hold rows must be there before anything can be sent."""
    from sotong.channels.actions.holds import ensure_holds

    ensure_holds()
