"""Letting faults strike a call: before it takes effect, after, or on what it answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from sotong_practice.api.call import Call, Handler
from sotong_practice.api.odd_items import hostile_item, malformed_item
from sotong_practice.exchange import Answer, error_answer, json_answer
from sotong_practice.faults import Fault
from sotong_practice.network import Network
from sotong_practice.refusals import Refusal
from sotong_practice.routing import Route

HTML = "<!doctype html><title>502</title><h1>502 Bad Gateway</h1><p>nginx</p>"
ON_FEED = {"malformed_item", "hostile_item", "duplicate_items", "reorder_items"}


class Striking:
    """Runs handlers under the network's fault plan; keeps the late effects that have yet to land."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._landing: set[asyncio.Task[None]] = set()

    async def run(self, call: Call, route: Route[Handler], names: Mapping[str, str]) -> Answer:
        operation = _operation(call, route.operation)
        handle = call.viewer.handle
        struck = {fault.kind: fault for fault in self._network.faults.striking(operation, handle)}
        for fault in struck.values():
            ended = self._before(call, route, names, operation, fault)
            if ended is not None:
                return ended
        if "late_visible" in struck:
            self._note(call, operation, struck["late_visible"])
            call.visible_after = struck["late_visible"].fields["seconds"]
        answer = await _answer(call, route, names)
        for fault in struck.values():
            if fault.kind in ON_FEED:
                self._on_feed(call, operation, fault, answer)
        if "latency" in struck:
            self._note(call, operation, struck["latency"])
            await asyncio.sleep(struck["latency"].fields["seconds"])
        for fault in struck.values():
            ended = await self._after(call, operation, fault, answer)
            if ended is not None:
                return ended
        return answer

    def _before(
        self, call: Call, route: Route[Handler], names: Mapping[str, str], operation: str, fault: Fault
    ) -> Answer | None:
        """The answer of a fault that strikes instead of the effect."""
        language = call.request.language
        if fault.fields.get("after"):
            return None
        match fault.kind:
            case "drop_before":
                answer = Answer(drop=True)
            case "rate_limited":
                wait = fault.fields["seconds"]
                details = {} if wait is None else {"retry_after": max(1, round(wait))}
                answer = error_answer(Refusal(429, "rate_limited", **details), language)
            case "revoked_token":
                answer = error_answer(Refusal(401, "token_revoked"), language)
            case "server_error":
                answer = json_answer({"error": "unavailable"}, fault.fields["status"])
            case "html":
                answer = _html()
            case "late_effect":
                self._land_later(call, route, names, fault.fields["seconds"])
                answer = Answer(drop=True)
            case _:
                return None
        self._note(call, operation, fault)
        return answer

    async def _after(self, call: Call, operation: str, fault: Fault, answer: Answer) -> Answer | None:
        """The answer of a fault that strikes when the effect is done."""
        match fault.kind:
            case "drop_after":
                struck = Answer(drop=True)
            case "hang":
                self._note(call, operation, fault)
                await self._network.truth.durable(self._network.truth.sequence)
                await asyncio.sleep(fault.fields["seconds"])
                return Answer(drop=True)
            case "server_error":
                struck = json_answer({"error": "unavailable"}, fault.fields["status"])
            case "html":
                struck = _html()
            case "truncated_json" if len(answer.body) > 1:
                struck = Answer(status=answer.status, headers=dict(answer.headers), body=_half(answer.body))
            case "short_body" if len(answer.body) > 1:
                half = len(_half(answer.body))
                struck = Answer(status=answer.status, headers=dict(answer.headers), body=answer.body, send_only=half)
            case _:
                return None
        self._note(call, operation, fault)
        return struck

    def _on_feed(self, call: Call, operation: str, fault: Fault, answer: Answer) -> None:
        if answer.status != 200:
            return
        page: dict[str, Any] = json.loads(answer.body)
        items: list[Any] = page["items"]
        odd: Any = None
        match fault.kind:
            case "malformed_item":
                odd = malformed_item(fault.pick, f"odd-{self._network.truth.sequence + 1}")
            case "hostile_item":
                odd = hostile_item(fault.pick, f"odd-{self._network.truth.sequence + 1}", call.base)
            case "duplicate_items" if items:
                items += [items[fault.pick(len(items))] for _ in range(1 + fault.pick(3))]
            case "reorder_items" if len(items) > 1:
                order = list(items)
                while items == order:
                    items.append(items.pop(fault.pick(len(items))))
            case _:
                return
        if odd is not None:
            items.insert(fault.pick(len(items) + 1), odd)
        self._note(call, operation, fault, item=json.dumps(odd) if odd is not None else None)
        answer.body = json.dumps(page).encode()

    def _note(self, call: Call, operation: str, fault: Fault, **more: Any) -> None:
        key = _key_in(call)
        self._network.record("fault", fault=fault.kind, operation=operation, account=call.viewer.id, key=key, **more)

    def _land_later(self, call: Call, route: Route[Handler], names: Mapping[str, str], seconds: float) -> None:
        async def land() -> None:
            await asyncio.sleep(seconds)
            call.is_late = True
            await _answer(call, route, names)
            await self._network.truth.durable(self._network.truth.sequence)

        task = asyncio.create_task(land())
        self._landing.add(task)
        task.add_done_callback(self._landing.discard)

    def close(self) -> None:
        for task in self._landing:
            task.cancel()


async def _answer(call: Call, route: Route[Handler], names: Mapping[str, str]) -> Answer:
    try:
        return await route.target(call, **names)
    except Refusal as refusal:
        return error_answer(refusal, call.request.language)


def _operation(call: Call, operation: str) -> str:
    """A post with a target is a reply."""
    return "reply" if operation == "post" and _field_in(call, "reply_to") else operation


def _key_in(call: Call) -> str | None:
    return _field_in(call, "key") or call.request.path.partition("/by-key/")[2] or None


def _field_in(call: Call, name: str) -> str | None:
    try:
        value = call.request.json().get(name)
    except Refusal:
        return None
    return value if isinstance(value, str) else None


def _html() -> Answer:
    return Answer(status=200, headers={"Content-Type": "text/html"}, body=HTML.encode())


def _half(body: bytes) -> bytes:
    return body[: max(1, len(body) // 2)]
