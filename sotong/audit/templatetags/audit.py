"""Words of the history of rows."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from sotong.audit.words import title_of

register = template.Library()

LABELS: dict[str, Any] = {
    "insert": _("생김"),
    "update": _("바뀜"),
    "delete": _("지워짐"),
    "password": _("비밀번호가 바뀜"),
}


ACTORS: dict[str, Any] = {
    "system": _("시스템"),
    "inbox": _("자동 안내"),
    "worker": _("작업 프로세스"),
    "command line": _("명령줄"),
}
"""What ``record(actor=…)`` calls the parts of the system."""


@register.filter
def actor_title(actor: str) -> str:
    """Which part of the system did it; its own name where there is none."""
    return str(ACTORS.get(actor, actor))


@register.filter
def label_title(label: str) -> str:
    """What happened to a row."""
    return str(LABELS.get(label, label))


@register.filter
def model_title(label: str) -> str:
    """What kind of row; its technical name where nobody named it."""
    return title_of(label)


@register.filter
def named(names: dict[int, str], key: Any) -> str:
    """Who that is; their number where the trail does not know them."""
    return names.get(key, str(key))


@register.filter
def plain(value: Any) -> str:
    """A value as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
