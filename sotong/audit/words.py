"""What an action is called on screen. Each area names its own when the site starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import capfirst

from sotong.audit.models import Entry

_TITLES: dict[str, Any] = {}
_REASONS: dict[str, Callable[[Entry], str]] = {}


def name_actions(titles: Mapping[str, Any]) -> None:
    """Give actions ("people.invite_person") and kinds of rows ("people.Person") their words, translated lazily."""
    _TITLES.update({name.lower(): title for name, title in titles.items()})


def word_reasons(of_action: Mapping[str, Callable[[Entry], str]]) -> None:
    """Give actions whose reason is not always a person's own words a function that says it in the reader's language."""
    _REASONS.update(of_action)


def reason_of(entry: Entry) -> str:
    """Why it was done, for whoever reads it now."""
    said = _REASONS.get(entry.action)
    return said(entry) if said else entry.reason


def title_of(action: str, otherwise: str = "") -> str:
    """The words of an action or a kind of row, however it is capitalised; ``otherwise``, or its own name, where
    nobody named it.

    They begin a cell, so they begin with a capital, whichever area named them.
    """
    title = _TITLES.get(action.lower())
    return otherwise or action if title is None else capfirst(str(title))
