"""Direct messages, and looking up a key among everything: API.md §5."""

from __future__ import annotations

from sotong_practice.api.call import Call
from sotong_practice.api.fields import read_span, show_cursor
from sotong_practice.api.shapes import account_shape, message_shape, post_shape
from sotong_practice.exchange import Answer, json_answer, no_content
from sotong_practice.refusals import Refusal
from sotong_practice.rules import clean_key
from sotong_practice.state import reading, reading_private
from sotong_practice.state.things import Message
from sotong_practice.verbs.messages import already_sent, delete_message, send_message


async def write(call: Call) -> Answer:
    viewer, fields = call.viewer, call.fields()
    key = fields.maybe_text("key")
    before = already_sent(call.network, by=viewer, key=key) if key is not None else None
    if before is not None:
        return _sent(call, before, is_replay=True)
    to, text, reply_to = fields.text("to"), fields.text("text"), fields.maybe_text("reply_to")
    media, language, at = fields.images("media"), fields.maybe_text("language") or "ko", call.time_in(fields)
    fields.finish()
    message, is_replay = send_message(
        call.network,
        by=viewer,
        to=to,
        text=text,
        key=key,
        reply_to=reply_to,
        media=media,
        language=language,
        at=at,
        visible_after=call.visible_after,
        is_late=call.is_late,
    )
    return _sent(call, message, is_replay=is_replay)


def _sent(call: Call, message: Message, *, is_replay: bool) -> Answer:
    answer = json_answer(message_shape(message, call.base, call.viewer, call.network), 200 if is_replay else 201)
    if is_replay:
        answer.headers["X-Practice-Replayed"] = "true"
    return answer


async def by_key(call: Call, key: str) -> Answer:
    found = reading_private.messages_by_key(call.network.tables, call.viewer.id, clean_key(key))
    call.note_read("by_key", [message.id for message in found], key=key)
    if not found:
        raise Refusal(404, "key_unknown")
    return json_answer(
        {"message": message_shape(found[0], call.base, call.viewer, call.network), "effects": len(found)}
    )


async def any_by_key(call: Call, key: str) -> Answer:
    viewer = call.viewer
    posts = reading.posts_by_key(call.network.tables, viewer.id, clean_key(key))
    messages = reading_private.messages_by_key(call.network.tables, viewer.id, key)
    call.note_read("by_key", [post.id for post in posts] + [message.id for message in messages], key=key)
    if posts:
        shape = post_shape(posts[0], call.base, viewer)
        return json_answer({"kind": "post", "post": shape, "effects": len(posts)})
    if messages:
        shape = message_shape(messages[0], call.base, viewer, call.network)
        return json_answer({"kind": "direct", "message": shape, "effects": len(messages)})
    raise Refusal(404, "key_unknown")


async def show(call: Call, message_id: str) -> Answer:
    message = reading_private.message_by_id(call.network.tables, message_id)
    if message is None or call.viewer.id not in {message.author.id, message.recipient.id}:
        raise Refusal(404, "message_unknown")
    call.note_read("message", [message.id])
    return json_answer(message_shape(message, call.base, call.viewer, call.network))


async def delete(call: Call, message_id: str) -> Answer:
    fields = call.fields()
    at = call.time_in(fields)
    fields.finish()
    delete_message(call.network, by=call.viewer, message_id=message_id, at=at)
    return no_content()


async def exchanges(call: Call) -> Answer:
    viewer, world = call.viewer, call.network.world
    found = reading_private.exchanges(call.network.tables, read_span(call.request.query, world), viewer.id)
    if found.things:
        call.note_read("exchanges", [one.last.id for one in found.things])
    return json_answer(
        {
            "exchanges": [
                {
                    "exchange": one.id,
                    "with": account_shape(one.other, call.base),
                    "last": message_shape(one.last, call.base, viewer, call.network),
                }
                for one in found.things
            ],
            "cursor": show_cursor(found.cursor, world),
            "has_more": found.has_more,
        }
    )


async def exchange(call: Call, handle: str) -> Answer:
    viewer, world = call.viewer, call.network.world
    id_ = reading_private.exchange_of(viewer, call.account_named(handle))
    found = reading_private.messages(call.network.tables, read_span(call.request.query, world), id_)
    cursor = show_cursor(found.cursor, world)
    if found.things:
        call.note_read("exchange", [one.id for one in found.things], cursor=cursor)
    return json_answer(
        {
            "messages": [message_shape(one, call.base, viewer, call.network) for one in found.things],
            "cursor": cursor,
            "has_more": found.has_more,
        }
    )
