"""What the frame around every page needs: the areas that the viewer may open, and the live connection."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from sotong.access import may
from sotong.bus.queries import newest_place
from sotong.design.frame import Frame, MenuItem, RailItem
from sotong.notices.queries import open_for
from sotong.people.models import Company, Person
from sotong.people.queries import Viewer
from sotong.screens.queries.state import brake_shown, connection_shown

RAIL: tuple[tuple[str, str, str, str, str | tuple[str, ...]], ...] = (
    # permission, URL name, icon, letter after G, path prefix (or several) that makes it current
    ("inbox.read", "screens:desk", "inbox", "KeyI", ("/desk/", "/inbox/")),
    ("channels.read", "channels:list", "plug", "KeyC", "/channels/"),
    ("people.read", "people:list", "users", "KeyU", "/people/"),
    ("audit.read", "audit:trail", "scroll-text", "KeyA", "/audit/"),
)


def _labels() -> dict[str, str]:
    return {
        "screens:desk": _("상담"),
        "channels:list": _("채널"),
        "people:list": _("사람"),
        "audit:trail": _("기록"),
    }


def _notices(request: HttpRequest, person: Person) -> RailItem:
    count = 0 if "HX-Request" in request.headers else open_for(person).count()
    return RailItem(
        label=_("알림"),
        url=reverse("notices:list"),
        icon="bell",
        key="KeyB",
        count=count,
        count_label=_("열린 알림 {n}개").format(n=count),
        is_current=request.path.startswith("/notices/"),
        live="notice",
        live_url=reverse("notices:count"),
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """``frame`` for a signed-in person; only the company's name for everyone else. Made where a page shows it."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or viewer.person is None:
        company = Company.objects.filter(pk=1).values_list("name", flat=True).first() or ""
        return {"company": company, "frame": Frame(company=company)}
    return {
        "company": viewer.company,
        # Asked for where it is shown, and once: fragments do not need it.
        "brake": cache(brake_shown),
        "connection": cache(partial(connection_shown, viewer.person)),
        "frame": SimpleLazyObject(partial(_frame, request, viewer, viewer.person)),
    }


def _frame(request: HttpRequest, viewer: Viewer, person: Person) -> Frame:
    labels = _labels()
    sees_channels = may(person, "channels.read")
    rail = tuple(
        RailItem(label=labels[name], url=reverse(name), icon=icon, key=key, is_current=request.path.startswith(prefix))
        for permission, name, icon, key, prefix in RAIL
        if may(person, permission)
    )
    return Frame(
        company=viewer.company,
        status="screens/_channels_live.html" if sees_channels else "",
        banner="screens/_brake.html" if sees_channels else "",
        foot=(_notices(request, person),),
        theme=viewer.theme,  # type: ignore[arg-type]
        density=viewer.density,  # type: ignore[arg-type]
        has_shortcuts=viewer.has_shortcuts,
        rail=rail,
        me=person.name,
        me_mail=person.email,
        me_items=(MenuItem(label=_("내 설정"), url="/me/", icon="settings"),),
        sign_out_url=reverse("account_logout"),
        theme_url="/me/theme/",
        events_url="/live/events",
        events_since=str(getattr(request, "events_since", None) or newest_place()),
    )
