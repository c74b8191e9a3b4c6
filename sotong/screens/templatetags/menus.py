"""Lists of choices in menus and dialogs: the same for every conversation, so they are written once and kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from sotong.design.templatetags.design import badge, icon
from sotong.inbox.queries.choices import Named
from sotong.screens.queries.listing import Choice

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=64)
def options(choices: tuple[Named, ...]) -> SafeString:
    """``{% options dialogs.people %}``: the options of a select."""
    return mark_safe("".join(f'<option value="{one.pk}">{escape(one.name)}</option>' for one in choices))  # noqa: S308


@register.simple_tag
def label_boxes(labels: Iterable[tuple[Named, bool]]) -> SafeString:
    """``{% label_boxes dialogs.labels %}``: a box for each label, ticked where the conversation has it."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<label class="row gap-2"><input type="checkbox" name="labels" value="{label.pk}"'
            f"{' checked' * is_on}><span>{escape(label.name)}</span></label>"
            for label, is_on in labels
        )
    )


@register.simple_tag
def canned_texts(items: Iterable[dict[str, str]]) -> SafeString:
    """``{% canned_texts composer.canned %}``: the buttons of the menu of canned responses."""
    written = ((escape(item["name"]), escape(item["text"])) for item in items)
    return mark_safe(  # noqa: S308
        "".join(
            f'<button type="button" data-canned="{text}"><b>{name}</b><span class="cut faint">{text}</span></button>'
            for name, text in written
        )
    )


@register.simple_tag
def menu(choices: tuple[Choice, ...], symbol: str = "", current: str = "true") -> SafeString:
    """``{% menu list.labels "tag" %}``: the links of a menu; without ``symbol`` each shows its own icon or badge."""
    parts = []
    for one in choices:
        sign = icon(symbol or one.icon) if symbol or one.icon else badge(one.badge) if one.badge else ""
        mark = f' aria-current="{current}"' if one.is_current else ""
        parts.append(f'<a href="{escape(one.url)}"{mark}>{sign}{escape(one.label)}</a>')
    return mark_safe("".join(parts))  # noqa: S308
