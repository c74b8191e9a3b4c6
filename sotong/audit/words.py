"""What an action is called on screen. Each area names its own when the site starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TITLES: dict[str, Any] = {}


def name_actions(titles: Mapping[str, Any]) -> None:
    """Give actions ("people.invite_person") their words, translated lazily."""
    _TITLES.update(titles)


def title_of(action: str) -> str:
    """The words of an action; its own name where nobody named it."""
    return str(_TITLES.get(action, action))
