"""Posts, lists of posts and search: API.md §4 and §8."""

from __future__ import annotations

from datetime import datetime

from sotong_practice.api.call import Call
from sotong_practice.api.fields import read_span, show_cursor
from sotong_practice.api.shapes import post_shape, posts_shape
from sotong_practice.exchange import Answer, json_answer, no_content
from sotong_practice.refusals import Refusal
from sotong_practice.rules import QUERY_MAX, clean_key, clean_text
from sotong_practice.state import reading
from sotong_practice.state.reading import Span
from sotong_practice.state.things import Post, Stretch
from sotong_practice.verbs.posts import already_posted, delete_post, edit_post, set_like, write_post


async def write(call: Call) -> Answer:
    viewer, fields = call.viewer, call.fields()
    key = fields.maybe_text("key")
    before = already_posted(call.network, by=viewer, key=key) if key is not None else None
    if before is not None:
        return _written(call, before, is_replay=True)
    text, reply_to, quote_of = fields.text("text"), fields.maybe_text("reply_to"), fields.maybe_text("quote_of")
    media, language, at = fields.images("media"), fields.maybe_text("language") or "ko", call.time_in(fields)
    fields.finish()
    post, is_replay = write_post(
        call.network,
        by=viewer,
        text=text,
        key=key,
        reply_to=reply_to,
        quote_of=quote_of,
        media=media,
        language=language,
        at=at,
        visible_after=call.visible_after,
        is_late=call.is_late,
    )
    return _written(call, post, is_replay=is_replay)


def _written(call: Call, post: Post, *, is_replay: bool) -> Answer:
    answer = json_answer(post_shape(post, call.base, call.account), 200 if is_replay else 201)
    if is_replay:
        answer.headers["X-Practice-Replayed"] = "true"
    return answer


async def by_key(call: Call, key: str) -> Answer:
    found = reading.posts_by_key(call.network.tables, call.viewer.id, clean_key(key))
    call.note_read("by_key", [post.id for post in found], key=key)
    if not found:
        raise Refusal(404, "key_unknown")
    return json_answer({"post": post_shape(found[0], call.base, call.account), "effects": len(found)})


async def show(call: Call, post_id: str) -> Answer:
    post = _known(call, post_id)
    call.note_read("post", [post.id])
    return json_answer(post_shape(post, call.base, call.account))


async def thread(call: Call, post_id: str) -> Answer:
    post = _known(call, post_id)
    span = read_span(call.request.query, call.network.world)
    if span.after is None and span.before is None:
        span = Span(after=0, limit=span.limit)
    found = reading.thread(call.network.tables, span, post.root)
    return _list(call, "thread", found, {"root": post.root})


async def edit(call: Call, post_id: str) -> Answer:
    fields = call.fields()
    text, if_revision = fields.text("text"), fields.whole("if_revision", low=1, high=10**9)
    media = fields.images("media") if "media" in fields else None
    at = call.time_in(fields)
    fields.finish()
    post = edit_post(
        call.network, by=call.viewer, post_id=post_id, text=text, media=media, if_revision=if_revision, at=at
    )
    return json_answer(post_shape(post, call.base, call.account))


async def delete(call: Call, post_id: str) -> Answer:
    delete_post(call.network, by=call.viewer, post_id=post_id, at=_at(call))
    return no_content()


async def like(call: Call, post_id: str) -> Answer:
    set_like(call.network, by=call.viewer, post_id=post_id, likes=True, at=_at(call))
    return no_content()


async def unlike(call: Call, post_id: str) -> Answer:
    set_like(call.network, by=call.viewer, post_id=post_id, likes=False, at=_at(call))
    return no_content()


async def timeline(call: Call) -> Answer:
    span = read_span(call.request.query, call.network.world)
    return _list(call, "timeline", reading.timeline(call.network.tables, span))


async def of_account(call: Call, handle: str) -> Answer:
    account = call.account_named(handle)
    span = read_span(call.request.query, call.network.world)
    return _list(call, "account", reading.posts_by_account(call.network.tables, span, account.id))


async def search(call: Call) -> Answer:
    raw = call.request.query.get("q", "")
    words = clean_text(raw, limit=QUERY_MAX, may_be_empty=False)
    span = read_span(call.request.query, call.network.world)
    return _list(call, "search", reading.search(call.network.tables, span, words))


def _list(call: Call, what: str, found: Stretch[Post], more: dict[str, str] | None = None) -> Answer:
    if found.things:
        cursor = show_cursor(found.cursor, call.network.world)
        call.note_read(what, [post.id for post in found.things], cursor=cursor)
    return json_answer({**(more or {}), **posts_shape(found, call.base, call.account, call.network.world)})


def _known(call: Call, post_id: str) -> Post:
    post = reading.post_by_id(call.network.tables, post_id)
    if post is None:
        raise Refusal(404, "post_unknown")
    return post


def _at(call: Call) -> datetime | None:
    """The time of a replay, in an optional body."""
    fields = call.fields()
    at = call.time_in(fields)
    fields.finish()
    return at
