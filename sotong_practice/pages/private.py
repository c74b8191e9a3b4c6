"""Direct messages: who one writes with, and what was written."""

from __future__ import annotations

from sotong_practice.exchange import Answer
from sotong_practice.pages.composer import Draft, DraftRefused, composer, draft_after, read_draft
from sotong_practice.pages.forms import Form
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import companies, empty_state, heading, page, pager
from sotong_practice.pages.markup import NOTHING, Safe, html, joined
from sotong_practice.pages.parts import avatar, form_proof, pictures
from sotong_practice.pages.texts import rich_text, time_tag
from sotong_practice.pages.view import View, back_to, rank_in
from sotong_practice.refusals import Refusal
from sotong_practice.state import reading, reading_private
from sotong_practice.state.reading import Span
from sotong_practice.state.reading_private import Exchange
from sotong_practice.state.things import Account, Message
from sotong_practice.verbs.messages import delete_message, send_message

EXCHANGE_SIZE = 50


def exchanges(view: View) -> Answer:
    if view.visitor.account is None:
        return back_to("/join")
    before = rank_in(view.request.query, "before")
    found = reading_private.exchanges(view.network.tables, Span(before=before), view.me.id)
    nothing = empty_state(
        view.say("아직 쪽지가 없어요"), view.say("회사나 다른 사람의 화면에서 ‘쪽지 쓰기’를 눌러 보세요."), _ways(view)
    )
    body = html(
        '{top}{nothing}<ul class="exchanges" data-merge="top">{rows}</ul>{pager}',
        top=heading(view.say("쪽지"), view.say("두 사람만 보는 글이에요.")),
        nothing=NOTHING if found.things else nothing,
        rows=[_exchange_row(one, view) for one in found.things],
        pager=pager(view, "/messages", found.cursor, found.has_more),
    )
    return page(view, title=view.say("쪽지"), body=body, here="/messages", is_live=before is None)


def _ways(view: View) -> Safe:
    """A button for each company, to write it directly."""
    return joined(
        html(
            '<a class="btn" href="/messages/{handle}">{words}</a>',
            handle=one.handle,
            words=view.say("@{handle}님에게 쪽지 쓰기", handle=one.handle),
        )
        for one in companies(view)
        if one.id != view.me.id
    )


def _exchange_row(one: Exchange, view: View) -> Safe:
    last = one.last
    text = view.say("지운 쪽지") if last.deleted else last.text or view.say("이미지")
    mine = view.say("나") + ": " if last.author.id == view.me.id else ""
    return view.fill(
        "exchange_row",
        handle=one.other.handle,
        version=f"{last.id}.{last.revision}",
        face=avatar(one.other),
        name=one.other.display_name,
        time=time_tag(last.at, view.visitor.language),
        text=mine + text,
    )


def exchange(view: View, handle: str, draft: Draft | None = None, status: int = 200) -> Answer:
    if view.visitor.account is None:
        return back_to("/join")
    other = _other(view, handle)
    before = rank_in(view.request.query, "before")
    between = reading_private.exchange_of(view.me, other)
    found = reading_private.messages(view.network.tables, Span(before=before, limit=EXCHANGE_SIZE), between)
    nothing = empty_state(view.say("첫 쪽지를 써 보세요"), view.say("이 쪽지는 두 사람만 봐요."))
    body = view.fill(
        "exchange",
        handle=other.handle,
        face=avatar(other),
        name=other.display_name,
        lock=icon("lock"),
        older=pager(view, f"/messages/{other.handle}", found.cursor, found.has_more),
        nothing=NOTHING if found.things else nothing,
        bubbles=[_bubble(message, view) for message in reversed(found.things)],
        form=composer(
            view,
            draft or Draft(),
            action=f"/messages/{other.handle}",
            label=view.say("@{handle}님에게만 보내는 쪽지", handle=other.handle),
            send=view.say("쪽지 보내기"),
            is_direct=True,
        ),
    )
    title = view.say("@{handle}님과 나눈 쪽지", handle=other.handle)
    return page(view, title=title, body=body, here="/messages", status=status, is_live=before is None)


def to_message(view: View, handle: str, message_id: str) -> Answer:
    """The place of a message in its exchange. Raises ``Refusal`` (``message_unknown``) for all but its two people."""
    if view.visitor.account is None:
        return back_to("/join")
    message = reading_private.message_by_id(view.network.tables, message_id)
    if message is None or message.author.handle != handle.lower():
        raise Refusal(404, "message_unknown")
    people = {one.id: one for one in (message.author, message.recipient)}
    if people.pop(view.me.id, None) is None or not people:
        raise Refusal(404, "message_unknown")
    (other,) = people.values()
    newest = reading_private.messages(view.network.tables, Span(limit=EXCHANGE_SIZE), message.exchange)
    is_older = message.id not in {one.id for one in newest.things}
    return back_to(f"/messages/{other.handle}{f'?before={message.rank + 1}' if is_older else ''}#message-{message.id}")


def _other(view: View, handle: str) -> Account:
    other = reading.account_by_handle(view.network.tables, handle)
    if other is None or other.id == view.me.id:
        raise Refusal(404, "account_unknown")
    return other


def _bubble(message: Message, view: View) -> Safe:
    is_mine = message.author.id == view.me.id
    side = " bubble-mine" if is_mine else ""
    if message.deleted:
        return view.fill("bubble_gone", mine=side, id=message.id, icon=icon("bin", "s"))
    take_back = view.fill(
        "bubble_take_back",
        handle=message.recipient.handle,
        id=message.id,
        proof=form_proof(view),
        bin=icon("bin", "s"),
    )
    text = html('<div class="words" dir="auto">{text}</div>', text=rich_text(message.text, ()))
    return view.fill(
        "bubble",
        mine=side,
        id=message.id,
        handle=message.author.handle,
        text=text if message.text else NOTHING,
        pictures=pictures(message.images, view),
        path=message.path,
        time=time_tag(message.at, view.visitor.language),
        take_back=take_back if is_mine else NOTHING,
    )


async def send(view: View, form: Form, handle: str) -> Answer:
    other = _other(view, handle)
    draft: Draft | None = None
    try:
        draft = await read_draft(view, form)
        send_message(
            view.network,
            by=view.me,
            to=other.id,
            text=draft.text,
            key=draft.key,
            media=draft.images,
            language=view.visitor.language,
        )
    except (DraftRefused, Refusal) as refused:
        kept, status = draft_after(view, refused, draft)
        return exchange(view, handle, kept, status)
    return back_to(f"/messages/{other.handle}#answer")


async def take_back(view: View, _form: Form, handle: str, message_id: str) -> Answer:
    other = _other(view, handle)
    delete_message(view.network, by=view.me, message_id=message_id)
    return back_to(f"/messages/{other.handle}#answer")
