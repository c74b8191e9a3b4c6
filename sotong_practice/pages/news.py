"""What concerns the account: answers, mentions, likes, messages."""

from __future__ import annotations

from sotong_practice.exchange import Answer
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import dot_for, empty_state, heading, page
from sotong_practice.pages.markup import NOTHING, Safe, html
from sotong_practice.pages.parts import avatar
from sotong_practice.pages.texts import time_tag
from sotong_practice.pages.view import View, back_to
from sotong_practice.pages.visitor import SEEN
from sotong_practice.state import reading_private
from sotong_practice.state.things import FeedItem

SHOWN = 100
ICONS = {
    "post": "reply",
    "edit": "pencil",
    "deletion": "bin",
    "like": "heart",
    "unlike": "heart",
    "direct": "letter",
    "direct_deletion": "bin",
}


def news(view: View) -> Answer:
    """What concerns the account, newest first. Looking at it makes it seen."""
    if view.visitor.account is None:
        return back_to("/join")
    found = reading_private.feed(view.network.tables, view.me.id, after=None, limit=SHOWN, own=False)
    seen = view.seen()
    rows = [_row(item, view, is_new=item.seq > seen) for item in reversed(found.things)]
    if found.things:
        view.visitor.keep(SEEN, f"{view.me.handle}.{found.things[-1].seq}")
    nothing = empty_state(view.say("아직 알림이 없어요"), view.say("누가 답하거나 부르면 여기에 모여요."))
    body = html(
        '{top}{nothing}<ul class="news" data-merge="top">{rows}</ul>',
        top=heading(view.say("알림")),
        nothing=NOTHING if rows else nothing,
        rows=rows,
    )
    return page(view, title=view.say("알림"), body=body, here="/news", is_live=True)


def _row(item: FeedItem, view: View, *, is_new: bool) -> Safe:
    text = item.post.text if item.post else item.message.text if item.message else ""
    target = f"{item.post.path}#post-{item.post.id}" if item.post else f"/messages/{item.actor.handle}"
    return view.fill(
        "news_row",
        seq=item.seq,
        target=target,
        icon=icon(ICONS[item.type]),
        face=avatar(item.actor, "m"),
        words=_words(item, view),
        dot=dot_for(view.say("새 알림")) if is_new else NOTHING,
        text=text,
        time=time_tag(item.at, view.visitor.language),
    )


def _words(item: FeedItem, view: View) -> str:
    who = item.actor.display_name
    if item.type == "post":
        for reason, words in (
            ("reply", view.say("{who}님이 내 글에 답했어요.", who=who)),
            ("mention", view.say("{who}님이 나를 불렀어요.", who=who)),
            ("quote", view.say("{who}님이 내 글을 인용했어요.", who=who)),
        ):
            if reason in item.reasons:
                return words
        return view.say("{who}님이 함께한 이야기에 글을 썼어요.", who=who)
    return {
        "edit": view.say("{who}님이 글을 고쳤어요.", who=who),
        "deletion": view.say("{who}님이 글을 지웠어요.", who=who),
        "like": view.say("{who}님이 내 글을 좋아해요.", who=who),
        "unlike": view.say("{who}님이 좋아요를 거뒀어요.", who=who),
        "direct": view.say("{who}님이 쪽지를 보냈어요.", who=who),
        "direct_deletion": view.say("{who}님이 쪽지를 지웠어요.", who=who),
    }[item.type]
