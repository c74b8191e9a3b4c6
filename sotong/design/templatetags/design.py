"""The tags of the design system: ``{% load design %}``. Each one writes finished, safe markup."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from html import escape as escaped
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sotong.design import rules
from sotong.design.icons import icon_svg

register = template.Library()

ICON_SIZES = {"": "i", "s": "i i-s", "l": "i i-l"}
AVATAR_SIZES = {"": "av", "s": "av av-s", "m": "av av-m", "l": "av av-l"}


@register.simple_tag
def icon(name: str, size: str = "", css: str = "") -> SafeString:
    """``{% icon "inbox" %}``, ``{% icon "inbox" "s" %}``: 16 px, or ``s`` 14 and ``l`` 20. Says nothing aloud."""
    return mark_safe(icon_svg(name, f"{ICON_SIZES[size]} {css}".strip()))  # noqa: S308 (names come from the sprite)


@register.simple_tag
def mark(css: str = "") -> SafeString:
    """Sotong's own mark."""
    return mark_safe(icon_svg("mark", f"mark {css}".strip()))  # noqa: S308


@register.simple_tag(takes_context=True)
def look(context: Context) -> SafeString:
    """The attributes of ``<html>``: language, theme, density and zone of the viewer."""
    frame = context.get("frame")
    request = context.get("request")
    theme = getattr(frame, "theme", "") or (request.COOKIES.get("theme", "") if request is not None else "")
    parts = [format_html('lang="{}" data-zone="{}"', get_language() or "ko", timezone.get_current_timezone_name())]
    if theme in {"system", "light", "dark"}:
        parts.append(format_html('data-theme="{}"', theme))
    if (context.get("density") or getattr(frame, "density", "")) == "compact":
        parts.append(mark_safe('data-density="compact"'))
    return mark_safe(" ".join(parts))  # noqa: S308


@register.simple_tag
def when(moment: datetime | None, style: str = "") -> SafeString:
    """``{% when message.posted_at %}``: in the viewer's zone, date unless today, everything in the title.

    Styles: see ``rules.when_words``. Today's times become dates at midnight without a reload (time.js).
    """
    if not moment:
        return mark_safe("")
    zone = timezone.get_current_timezone()
    return _when(moment, style, timezone.localdate(timezone=zone), zone, get_language())


@lru_cache(maxsize=8192)
def _when(moment: datetime, style: str, today: date, zone: tzinfo, language: str | None) -> SafeString:
    """The words depend on the clock by its date alone, and lists show the same times again and again."""
    local, now = timezone.localtime(moment, zone), datetime.combine(today, time(), zone)
    words = rules.when_words(local, now, style)
    later = ""
    if style in {"", "short"} and local.date() == today:
        later = format_html(' data-later="{}"', rules.date_words(local, now) + ("" if style else f" {words}"))
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>', _iso(moment), rules.full_words(local), later, words
    )


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """``{% ago channel.checked_at %}``: 3분 전 under one day, then the moment; kept fresh by time.js."""
    if not moment:
        return mark_safe("")
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        _iso(moment),
        rules.full_words(local),
        rules.ago_words(local, timezone.localtime()),
    )


@register.simple_tag
def waited(since: datetime, sentence: str) -> SafeString:
    """How long something waits: ``sentence`` with its ``{span}``; kept true by time.js."""
    words = rules.waited_words(since, timezone.now(), sentence)
    return format_html('<span data-since="{}" data-words="{}">{}</span>', _iso(since), sentence, words)


@register.simple_tag
def particle(word: str, ending: str) -> str:
    """``{% particle name "을" %}``: the word with the particle that fits its last sound."""
    from sotong.language.particles import with_particle

    return str(with_particle(str(word), ending))


@register.simple_tag
def avatar(name: str, size: str = "", net: str = "") -> SafeString:
    """Initials on the colour of the name; ``net`` is the letter badge of a network. Hidden from screen readers."""
    return _avatar(str(name), size, net)


@lru_cache(maxsize=8192)
def _avatar(name: str, size: str, net: str) -> SafeString:
    letter, letters = _safe(rules.initial(name)), badge(net) if net else ""
    return mark_safe(  # noqa: S308
        f'<span class="{AVATAR_SIZES[size]} av-{rules.avatar_colour(name)}" aria-hidden="true">{letter}{letters}</span>'
    )


@register.simple_tag
def badge(letter: str, css: str = "") -> SafeString:
    """The letter badge of a network; its name stands beside it in words."""
    return mark_safe(  # noqa: S308
        f'<span class="net {_safe(css)}" aria-hidden="true">{_safe(letter)}</span>'
    )


@register.simple_tag
def tag(words: str, kind: str = "", symbol: str = "", css: str = "") -> SafeString:
    """A small label: ``{% tag "지킴" "ok" "circle-check" %}``. Colour never stands alone."""
    if kind not in rules.TAG_KINDS:
        raise ValueError(f"unknown kind of tag: {kind}")
    name = f"tag tag-{kind} {css}".strip() if kind else f"tag {css}".strip()
    return _tag(_safe(words), _safe(name), symbol)


@lru_cache(maxsize=8192)
def _tag(words: str, name: str, symbol: str) -> SafeString:
    symbols = icon(symbol) if symbol else ""
    return mark_safe(f'<span class="{name}">{symbols}<span>{words}</span></span>')  # noqa: S308


@register.simple_tag
def sla(due: datetime | None) -> SafeString:
    """Time left to answer, as a tag; counted down by time.js once a minute."""
    if not due:
        return mark_safe("")
    seen = rules.sla_look(due, timezone.now())
    return format_html(
        '<span class="{}" data-due="{}" title="{}">{}<span>{}</span></span>',
        f"tag tag-{seen.kind}" if seen.kind else "tag",
        _iso(due),
        rules.full_words(timezone.localtime(due)),
        icon(seen.icon) if seen.icon else "",
        seen.words,
    )


@register.simple_tag
def delivery(
    state: str, at: datetime | None = None, *, seen: bool = False, mail: bool = False, late: bool = False
) -> SafeString:
    """State of something on its way out: icon, words, time. ``seen`` only after it was read back on the network."""
    shown = rules.delivery_look(state, is_seen=seen, is_mail=mail, is_late=late)
    return format_html(
        '<span class="{}">{}{}{}</span>',
        f"dlv dlv-{shown.kind}" if shown.kind else "dlv",
        icon(shown.icon),
        shown.words,
        format_html(" {}", when(at)) if at else "",
    )


@register.simple_tag
def lease(name: str, until: datetime | None = None, *, mine: bool = False, minutes: int = 15) -> SafeString:
    """Who holds a conversation and for how long; ``name`` empty says that nobody does. Without ``until`` it is only
    assigned. ``minutes`` is a full lease.
    """
    if not name:
        return _nobody(get_language())
    who = rules.holder_words(name, is_mine=mine, is_claimed=until is not None)
    if not until:
        return mark_safe(  # noqa: S308
            f'<span class="lease"><span class="ring">{avatar(name)}</span><span>{_safe(who)}</span></span>'
        )
    left = max(0, math.ceil((until - timezone.now()).total_seconds() / 60))
    words = _("{who} · {n}분").format(who=who, n=left) if left else _("{who} · 곧 놓아요").format(who=who)
    return mark_safe(  # noqa: S308
        f'<span class="lease" data-until="{_iso(until)}" data-who="{_safe(who)}" data-minutes="{minutes}">'
        f'<span class="ring">{ring(left, minutes, 24)}{avatar(name)}</span>'
        f"<span>{_safe(words)}</span></span>"
    )


@lru_cache(maxsize=8)
def _nobody(language: str | None) -> SafeString:
    return format_html('<span class="lease">{}</span>', _("아직 아무도 안 맡음"))


@register.simple_tag
@lru_cache(maxsize=1024)
def ring(value: float, whole: float, size: int = 18, kind: str = "") -> SafeString:
    """A ring filled to ``value`` of ``whole``; ``kind`` near or over changes its ink. Words must stand beside it."""
    radius = size / 2 - 1.25
    around = 2 * math.pi * radius
    share = min(1.0, max(0.0, value / whole)) if whole else 0.0
    return format_html(
        '<svg width="{0}" height="{0}" aria-hidden="true"><circle class="ring-bg" cx="{1}" cy="{1}" r="{2}"/>'
        '<circle class="ring-fg{3}" cx="{1}" cy="{1}" r="{2}" stroke-dasharray="{4} {5}"/></svg>',
        size,
        size / 2,
        radius,
        f" ring-{kind}" if kind else "",
        f"{around * share:.1f}",
        f"{around:.1f}",
    )


@register.simple_tag
def key(code: str, label: str) -> SafeString:
    """The attributes that make an element answer to a key and appear in the list under ``?``.

    ``{% key "KeyJ" "다음 대화" %}``; codes are ``KeyboardEvent.code``, ``Shift+KeyC``, ``KeyG KeyI`` and,
    also while one is writing, ``Alt+KeyC`` are allowed.
    """
    spoken = code.replace("Key", "").replace("Digit", "")
    return format_html('data-key="{}" data-key-label="{}" aria-keyshortcuts="{}"', code, label, spoken)


@register.simple_tag
def words() -> SafeString:
    """What scripts say, in the viewer's language: ``design/_words.html``, written once a language."""
    return _words(get_language())


@lru_cache(maxsize=8)
def _words(language: str | None) -> SafeString:
    return mark_safe(render_to_string("design/_words.html"))  # noqa: S308


@register.filter
def as_json(value: Any) -> str:
    """A value for a ``data-`` attribute (escaped there by the template)."""
    return json.dumps(value, ensure_ascii=False, default=str)


@register.filter
def note_kind(level: str) -> str:
    """The kind of note for a level of Django's messages."""
    return {"success": "ok", "warning": "warn", "error": "danger"}.get(level, "info")


@register.filter
def widget_of(field: Any) -> str:
    """How a field is laid out: ``check``, ``group``, ``file`` or ``plain``."""
    kind = field.widget_type
    if kind in {"checkbox"}:
        return "check"
    return "group" if field.use_fieldset else "plain"


@register.filter
def always_chosen(field: Any) -> bool:
    """Whether one of a field's radio buttons is always chosen, so that nothing can be left out."""
    return field.widget_type == "radioselect" and field.value() not in {None, ""}


@register.filter
def emptied(form: Any) -> str:
    """The labels of what was typed into a refused form and does not come back with it: secrets."""
    secrets = (field for field in form.visible_fields() if field.data and field.widget_type == "password")
    return ", ".join(str(field.label) for field in secrets if not field.field.widget.render_value)


@register.filter
def initials(name: str) -> str:
    """The letter an avatar shows, for places that draw their own."""
    return escape(rules.initial(name))


def _iso(moment: datetime) -> str:
    """UTC to the second: short, and the same for everyone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _safe(text: Any) -> str:
    """``text`` as markup, escaped unless it is markup already; quicker than Django's, which looks for lazy words."""
    return str(text.__html__()) if hasattr(text, "__html__") else escaped(str(text))
