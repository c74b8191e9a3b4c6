"""Until when a conversation may be put off, in one click."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

MORNING = 9


def snooze_choices(now: datetime) -> list[dict[str, str]]:
    """Choices from ``now`` (aware, in the viewer's zone): label and the moment as ISO 8601."""
    tomorrow = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    choices = [
        (_("1시간 뒤"), now + timedelta(hours=1)),
        (_("3시간 뒤"), now + timedelta(hours=3)),
        (_("내일 아침 9시"), tomorrow),
        (_("월요일 아침 9시"), monday),
    ]
    return [{"label": label, "value": moment.isoformat(timespec="seconds")} for label, moment in choices]
