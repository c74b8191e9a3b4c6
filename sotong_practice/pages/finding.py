"""Searching posts."""

from __future__ import annotations

from sotong_practice.exchange import Answer
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import empty_state, heading, page, pager, trouble
from sotong_practice.pages.markup import NOTHING
from sotong_practice.pages.parts import posts_list
from sotong_practice.pages.view import View, rank_in
from sotong_practice.refusals import Refusal
from sotong_practice.rules import QUERY_MAX, clean_text
from sotong_practice.state import reading
from sotong_practice.state.reading import Span


def search(view: View) -> Answer:
    raw = view.request.query.get("q", "")
    words, error = "", ""
    try:
        words = clean_text(raw, limit=QUERY_MAX)
    except Refusal as refused:
        error = view.excuse(refused)
    found = reading.search(view.network.tables, Span(before=rank_in(view.request.query, "before")), words)
    nothing = empty_state(
        view.say("찾은 글이 없어요"), view.say("낱말의 일부만 적어도 찾아요. 띄어 쓰면 모두 든 글을 찾아요.")
    )
    body = view.fill(
        "search",
        heading=heading(view.say("찾기")),
        trouble=trouble(error),
        q=raw,
        limit=QUERY_MAX,
        icon=icon("search"),
        nothing=nothing if words and not found.things else NOTHING,
        posts=posts_list(found.things, view) if words else NOTHING,
        pager=pager(view, "/search", found.cursor, found.has_more, q=words),
    )
    return page(view, title=view.say("찾기"), body=body, here="/search", status=400 if error else 200)
