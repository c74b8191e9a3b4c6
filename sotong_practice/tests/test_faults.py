"""Each fault does what the document says, to the effect and to the answer, and is counted."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sotong_practice.faults import KINDS, Fault
from sotong_practice.tests.running import Caller, Practice

NO_ANSWER = (OSError, http.client.HTTPException)


@pytest.fixture
def care(shared: Practice, request: pytest.FixtureRequest) -> Iterator[Caller]:
    """An account of the test's own; all faults are off afterwards."""
    handle = request.node.name.partition("[")[0].removeprefix("test_")[:24] + str(abs(hash(request.node.name)) % 10_000)
    yield shared.account(handle)
    assert shared.admin.call("DELETE", "/api/admin/faults").status == 204


def _effects(shared: Practice, key: str) -> int:
    return [record.get("key") for record in shared.records("post", "reply", "direct")].count(key)


def _injected(shared: Practice, kind: str) -> int:
    count: int = shared.admin.get("/api/admin/faults").json["injected"].get(kind, 0)
    return count


@pytest.mark.parametrize(
    ("kind", "setting", "effects"),
    [
        ("drop_before", {}, 0),
        ("drop_after", {}, 1),
        ("hang", {"seconds": 0.3}, 1),
        ("short_body", {}, 1),
    ],
)
def test_no_whole_answer_comes(
    shared: Practice, care: Caller, kind: str, setting: dict[str, Any], effects: int
) -> None:
    before = _injected(shared, kind)
    shared.admin.fault(kind, operations=["post"], **setting)
    with pytest.raises(NO_ANSWER):
        care.post("/api/posts", text="글", key=f"f-{kind}")
    assert _effects(shared, f"f-{kind}") == effects
    assert care.get(f"/api/posts/by-key/f-{kind}").status == (200 if effects else 404)
    assert _injected(shared, kind) == before + 1
    noted = shared.records("fault")[-1]
    assert (noted["fault"], noted["operation"], noted["key"]) == (kind, "post", f"f-{kind}")


@pytest.mark.parametrize(
    ("kind", "setting", "status", "effects"),
    [
        ("rate_limited", {"seconds": 7}, 429, 0),
        ("rate_limited", {"seconds": None}, 429, 0),
        ("revoked_token", {}, 401, 0),
        ("server_error", {"status": 502}, 502, 0),
        ("server_error", {"after": True}, 503, 1),
        ("html", {"after": False}, 200, 0),
        ("html", {}, 200, 1),
        ("truncated_json", {}, 201, 1),
    ],
)
def test_a_wrong_answer_comes(
    shared: Practice, care: Caller, kind: str, setting: dict[str, Any], status: int, effects: int
) -> None:
    shared.admin.fault(kind, operations=["post"], **setting)
    key = f"w-{kind}-{effects}-{setting.get('seconds')}"
    answer = care.post("/api/posts", text="글", key=key)
    assert answer.status == status
    assert _effects(shared, key) == effects
    if kind == "rate_limited":
        assert answer.headers.get("Retry-After") == ("7" if setting["seconds"] else None)
    if kind in {"html", "truncated_json"}:
        with pytest.raises(ValueError):
            json.loads(answer.body)
    if kind == "html":
        assert answer.headers["Content-Type"].startswith("text/html")


def test_latency_delays_the_answer_and_not_the_effect(shared: Practice, care: Caller) -> None:
    shared.admin.fault("latency", seconds=0.5, operations=["post"])
    began = time.monotonic()
    care.write("글", key="slow")
    assert time.monotonic() - began >= 0.5


def test_a_late_effect_lands_after_the_connection_was_closed_and_once(shared: Practice, care: Caller) -> None:
    shared.admin.fault("late_effect", seconds=0.6, operations=["post"], limit=1)
    with pytest.raises(NO_ANSWER):
        care.post("/api/posts", text="글", key="late")
    assert care.get("/api/posts/by-key/late").status == 404
    time.sleep(0.9)
    assert care.get("/api/posts/by-key/late").json["effects"] == 1
    assert next(record for record in shared.records("post") if record.get("key") == "late")["late"] is True
    shared.admin.fault("late_effect", seconds=0.6, operations=["post"], limit=1)
    with pytest.raises(NO_ANSWER):
        care.post("/api/posts", text="글", key="raced")
    assert care.post("/api/posts", text="글", key="raced").status == 201
    time.sleep(0.9)
    assert care.get("/api/posts/by-key/raced").json["effects"] == 1


def test_odd_items_come_into_the_feed_and_leave_the_cursor_alone(shared: Practice, care: Caller) -> None:
    handle = care.get("/api/me").json["handle"]
    writer = shared.account(f"{handle[:20]}_w")
    posts = [writer.write(f"@{handle} {n}")["id"] for n in range(3)]
    plain = care.feed()
    for kind in ("malformed_item", "hostile_item"):
        seen = set()
        for seed in range(12):
            shared.admin.fault(kind, seed=seed)
            page = care.feed()
            odd = [item for item in page["items"] if item not in plain["items"]]
            assert len(odd) == 1
            assert page["cursor"] == plain["cursor"]
            assert [item for item in page["items"] if item in plain["items"]] == plain["items"]
            assert json.loads(shared.records("fault")[-1]["item"]) == odd[0]
            seen.add(json.dumps(odd[0]))
        assert len(seen) > 3
        shared.admin.call("DELETE", f"/api/admin/faults/{kind}")
    shared.admin.fault("duplicate_items", seed=1)
    again = [item["post"]["id"] for item in care.feed()["items"]]
    assert set(again) == set(posts)
    assert len(again) > 3
    shared.admin.call("DELETE", "/api/admin/faults/duplicate_items")
    shared.admin.fault("reorder_items", seed=1)
    mixed = [item["post"]["id"] for item in care.feed()["items"]]
    assert sorted(mixed) == sorted(posts)
    assert mixed != posts


def test_a_seed_strikes_the_same_requests_and_a_limit_ends_it(shared: Practice, care: Caller) -> None:
    def struck() -> list[int]:
        return [care.get("/api/me").status for _ in range(30)]

    shared.admin.fault("server_error", probability=0.4, seed=7, operations=["me"])
    first = struck()
    shared.admin.fault("server_error", probability=0.4, seed=7, operations=["me"])
    assert struck() == first
    assert 3 < first.count(503) < 25
    shared.admin.fault("server_error", operations=["me"], limit=2)
    assert struck() == [503] * 2 + [200] * 28


def test_faults_spare_other_accounts_other_operations_the_administrator_and_pages(
    shared: Practice, care: Caller
) -> None:
    handle = care.get("/api/me").json["handle"]
    other = shared.account(f"{handle[:20]}_o")
    shared.admin.fault("server_error", operations=["reply"], accounts=[handle])
    post = care.write("글")
    assert care.post("/api/posts", text="답", reply_to=post["id"]).status == 503
    assert other.post("/api/posts", text="답", reply_to=post["id"]).status == 201
    assert shared.acting_as(handle).post("/api/posts", text="답", reply_to=post["id"]).status == 201
    assert shared.request("GET", "/").status == 200


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ({}, "field_missing"),
        ({"probability": 1.5}, "field_bad"),
        ({"probability": "1"}, "field_bad"),
        ({"probability": 1, "operations": ["fly"]}, "field_bad"),
        ({"probability": 1, "seconds": -1}, "field_bad"),
        ({"probability": 1, "status": 500}, "field_unknown"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(shared: Practice, setting: dict[str, Any], code: str) -> None:
    refused = shared.admin.call("PUT", "/api/admin/faults/latency", setting)
    assert (refused.status, refused.json["error"]) == (400, code)
    assert shared.admin.get("/api/admin/faults").json["faults"] == []


def test_every_kind_can_be_switched_on_and_off(shared: Practice) -> None:
    for kind in KINDS:
        shared.admin.fault(kind, probability=0, seed=1)
    assert [fault["kind"] for fault in shared.admin.get("/api/admin/faults").json["faults"]] == list(KINDS)
    shared.admin.call("DELETE", "/api/admin/faults")
    assert shared.admin.get("/api/admin/faults").json["faults"] == []
    assert shared.admin.call("PUT", "/api/admin/faults/gremlins", {"probability": 1}).status == 404


def test_only_the_administrator_touches_faults(shared: Practice) -> None:
    eve = shared.account("faults_eve")
    for method, path in (("GET", "/api/admin/faults"), ("PUT", "/api/admin/faults/html"), ("GET", "/api/admin/truth")):
        refused = eve.call(method, path, {"probability": 1} if method == "PUT" else None)
        assert (refused.status, refused.json["error"]) == (403, "admin_only")


def test_a_fault_that_is_fitting_uses_up_its_series_only_where_it_fits() -> None:
    one = Fault(kind="drop_after", probability=0.5, seed=3, operations=("post",))
    other = Fault(kind="drop_after", probability=0.5, seed=3, operations=("post",))
    first = [one.strikes("post", "care") for _ in range(20)]
    second = []
    for _ in range(20):
        assert not other.strikes("feed", "care")
        second.append(other.strikes("post", "care"))
    assert first == second
