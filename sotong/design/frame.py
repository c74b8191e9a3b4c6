"""What a staff page's frame needs to know; ``sotong.screens.context`` fills it for each request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["", "system", "light", "dark"]
Density = Literal["normal", "compact"]


@dataclass(frozen=True, kw_only=True)
class RailItem:
    """One area of the rail. ``key`` is the letter after G (a ``KeyboardEvent.code``), ``count`` the coral number.

    ``live`` names the event at which the number is asked for anew, at ``live_url``.
    """

    label: str
    url: str
    icon: str
    key: str = ""
    count: int = 0
    count_label: str = ""
    is_current: bool = False
    live: str = ""
    live_url: str = ""


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """A line of the account menu, or a link of the public header."""

    label: str
    url: str
    icon: str = ""
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Everything around a staff page. Areas that do not exist, or that the viewer may not open, are left out.

    ``events_url`` opens the live connection and ``events_since`` is its cursor when the page was made, so that what
    happens between making and connecting is replayed. Where ``theme`` is empty this browser's cookie decides;
    ``theme_url`` takes ``theme=`` and keeps it for the person.
    """

    company: str = ""
    theme: Theme = ""
    density: Density = "normal"
    has_shortcuts: bool = True
    rail: tuple[RailItem, ...] = ()
    foot: tuple[RailItem, ...] = ()
    me: str = ""
    me_mail: str = ""
    me_items: tuple[MenuItem, ...] = ()
    sign_out_url: str = ""
    theme_url: str = ""
    events_url: str = ""
    events_since: str = ""
    status: str = ""
    """The template of what stands beside the live connection: how the channels are."""
    banner: str = ""
    """The template of what stands above every page when it must; a page may write its own."""

    @property
    def first(self) -> tuple[RailItem, ...]:
        """The areas that fit the bar of a small screen beside 더보기."""
        return self.rail[:4]

    @property
    def rest(self) -> tuple[RailItem, ...]:
        """The areas that a small screen keeps under 더보기."""
        return self.rail[4:]
