"""The rows of the conversation list: written here, not in a template, because a desk draws fifty of them at a time."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sotong.design.templatetags.design import avatar, icon, lease, tag, waited, when
from sotong.screens.queries.listing import ShownRow

register = template.Library()


@register.simple_tag
def conversation_rows(rows: Iterable[ShownRow], may_bulk: bool = False) -> SafeString:
    """``{% conversation_rows list.rows may_bulk %}``: ``may_bulk`` puts a box before each for picking several."""
    unread = f'<span class="udot"><span class="sr">{escape(_("읽지 않음"))}</span></span>'
    direct = tag(_("쪽지"), "info", "lock")
    ours = f'{icon("reply", "s")}<span class="sr">{escape(_("우리 답:"))} </span>'
    pick = escape(_("{name} 고르기")) if may_bulk else ""
    return mark_safe("".join(_row(row, unread, direct, ours, pick) for row in rows))  # noqa: S308


def _row(row: ShownRow, unread: str, direct: str, ours: str, pick: str) -> str:
    """One row; ``pick`` empty: it cannot be picked."""
    name, url = escape(row.name), escape(row.url)
    picking = (
        f'<label class="pick"><input type="checkbox" form="bulk-form" name="ids" value="{row.id}" data-pick>'
        f'<span class="sr">{pick.replace("{name}", name)}</span></label>'
        if pick
        else ""
    )
    waits = tag(waited(row.waiting_since, _("{span} 기다림")), row.waiting_kind, "timer") if row.waiting_since else ""
    tags = waits + "".join(tag(words, kind, icon) for words, kind, icon in row.tags)
    current = ' aria-current="true"' if row.is_current else ""
    return (
        f'<div class="conv-w" id="c{row.id}">{picking}<a class="conv{" unread" * row.is_unread}" href="{url}"'
        f' data-row hx-get="{escape(row.panel_url)}" hx-target="#panel" hx-swap="innerHTML" hx-sync="#panel:replace"'
        f' hx-push-url="{url}"'
        f"{current}>{avatar(row.name, '', row.badge)}"
        f'<span class="who"><bdi class="cut">{name}</bdi>{unread if row.is_unread else ""}'
        f"{when(row.last_at, 'short')}</span>"
        f'<span class="txt">{ours if row.is_ours else ""}{escape(row.preview)}</span>'
        f'<span class="meta">{direct if row.is_direct else ""}{tags}'
        f"{'' if row.is_over else lease(row.holder, row.claim_until, mine=row.is_mine)}</span></a></div>"
    )
