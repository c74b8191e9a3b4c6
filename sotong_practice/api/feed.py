"""The feed of an account, and taking in images: API.md §6 and §7."""

from __future__ import annotations

import time
from typing import Any

from sotong_practice.api.call import Call
from sotong_practice.api.fields import read_cursor, read_limit, show_cursor
from sotong_practice.api.shapes import image_shape, item_shape
from sotong_practice.exchange import Answer, json_answer
from sotong_practice.refusals import Refusal
from sotong_practice.state import reading_private
from sotong_practice.verbs.pictures import take_in_picture

WAIT_MAX = 25.0


async def feed(call: Call) -> Answer:
    viewer, network, query = call.viewer, call.network, call.request.query
    limit, own = read_limit(query, 50), query.get("own") == "1"
    after = read_cursor(query["cursor"], network.world) if query.get("cursor") else None
    if after is not None and after > network.truth.sequence:
        raise Refusal(400, "cursor_bad")
    until = time.monotonic() + _wait(query.get("wait", "0"))
    while True:
        latest = network.truth.sequence
        found = reading_private.feed(network.tables, viewer.id, after=after, limit=limit, own=own)
        left = until - time.monotonic()
        if found.things or left <= 0:
            break
        await network.next_change(left)
    # With no cursor and nothing there yet, everything after this moment is new.
    cursor = show_cursor(found.cursor if found.things or after is not None else latest, network.world)
    items: list[Any] = [item_shape(item, call.base, viewer, network) for item in found.things]
    if items:
        call.note_read("feed", [item["id"] for item in items], cursor=cursor)
    return json_answer({"items": items, "cursor": cursor, "has_more": found.has_more})


def _wait(raw: str) -> float:
    try:
        seconds = float(raw)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= WAIT_MAX:
        raise Refusal(400, "field_bad", field="wait")
    return seconds


async def take_in(call: Call) -> Answer:
    viewer = call.viewer
    if not call.request.headers.get("content-type", "").lower().startswith("image/"):
        raise Refusal(415, "type_bad")
    image = await take_in_picture(call.network, by=viewer, content=call.request.body)
    shape = image_shape(image, call.base)
    del shape["alt"]
    return json_answer(shape, 201)
