"""Settings, faults and counts for the administrator: API.md §10."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

from sotong_practice.api.call import Call
from sotong_practice.api.fields import Fields
from sotong_practice.counting import duplicate_keys
from sotong_practice.exchange import Answer, json_answer, no_content
from sotong_practice.faults import KINDS, OPERATIONS
from sotong_practice.network import Network
from sotong_practice.refusals import Refusal

SECONDS_MAX = 3600.0


async def settings(call: Call) -> Answer:
    call.need_admin()
    return json_answer(asdict(call.network.settings))


async def change_settings(call: Call) -> Answer:
    call.need_admin()
    fields = call.fields()
    values: dict[str, Any] = {}
    if "idempotency" in fields:
        values["idempotency"] = fields.flag("idempotency")
    for name, high in (("writes_per_window", 10**9), ("reads_per_window", 10**9), ("window_seconds", 86_400)):
        value = fields.whole(name, low=1, high=high)
        if value is not None:
            values[name] = value
    fields.finish()
    set_values(call.network, values)
    return json_answer(asdict(call.network.settings))


def set_values(network: Network, values: dict[str, Any]) -> None:
    if values:
        network.record("setting", values=values)


async def faults(call: Call) -> Answer:
    call.need_admin()
    plan = call.network.faults
    return json_answer({"faults": [fault.shown() for fault in plan.active.values()], "injected": plan.injected})


async def switch_on(call: Call, kind: str) -> Answer:
    call.need_admin()
    if kind not in KINDS:
        raise Refusal(404, "not_found")
    fields = call.fields()
    set_fault(call.network, kind, read_setting(kind, fields))
    return json_answer(call.network.faults.active[kind].shown())


def read_setting(kind: str, fields: Fields) -> dict[str, Any]:
    """The fault's setting with its defaults. Raises ``Refusal`` for a field that does not fit."""
    own = dict(KINDS[kind].fields)
    if "seconds" in own:
        seconds = fields.number("seconds", low=0, high=SECONDS_MAX)
        if seconds is not None or (kind == "rate_limited" and "seconds" in fields):
            own["seconds"] = seconds
    if "status" in own:
        own["status"] = fields.whole("status", low=500, high=599) or own["status"]
    if "after" in own:
        own["after"] = fields.flag("after", own["after"])
    probability = fields.number("probability", low=0, high=1)
    if probability is None:
        raise Refusal(400, "field_missing", field="probability")
    operations = fields.texts("operations")
    if not set(operations) <= set(OPERATIONS):
        raise Refusal(400, "field_bad", field="operations")
    seed = fields.whole("seed", low=0, high=2**63)
    setting = {
        "probability": probability,
        "seed": random.SystemRandom().randrange(2**31) if seed is None else seed,
        "operations": list(operations),
        "accounts": [handle.lower().removeprefix("@") for handle in fields.texts("accounts")],
        "limit": fields.whole("limit", low=0, high=10**9),
        "fields": own,
    }
    fields.finish()
    return setting


def set_fault(network: Network, kind: str, setting: dict[str, Any] | None) -> None:
    """Switches a fault on with that setting, or off with None."""
    if setting is not None or kind in network.faults.active:
        network.record("fault_set", fault=kind, on=setting is not None, setting=setting)


async def switch_off(call: Call, kind: str) -> Answer:
    call.need_admin()
    if kind not in KINDS:
        raise Refusal(404, "not_found")
    set_fault(call.network, kind, None)
    return no_content()


async def switch_all_off(call: Call) -> Answer:
    call.need_admin()
    for kind in list(call.network.faults.active):
        set_fault(call.network, kind, None)
    return no_content()


async def truth(call: Call) -> Answer:
    call.need_admin()
    network = call.network
    return json_answer(
        {
            "world": network.world,
            "sequence": network.truth.sequence,
            "counts": network.counts,
            "duplicate_keys": duplicate_keys(network.tables),
        }
    )
