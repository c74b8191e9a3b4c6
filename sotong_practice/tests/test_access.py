"""Who may call what, under which name, how often, and in which grammar."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from sotong_practice.api.routes import API
from sotong_practice.tests.browsing import Browser
from sotong_practice.tests.running import Practice


def _all_routes() -> list[tuple[str, str]]:
    return [(route.method, route.pattern.replace("{", "").replace("}", "")) for _, route in API._routes]


@pytest.mark.parametrize(("method", "path"), _all_routes())
def test_every_address_asks_for_a_token(shared: Practice, method: str, path: str) -> None:
    for headers, code in (
        ({}, "token_missing"),
        ({"Authorization": "Basic YTpi"}, "token_missing"),
        ({"Authorization": "Bearer pt_nobody"}, "token_unknown"),
        ({"Authorization": "Bearer admin_nobody"}, "token_unknown"),
    ):
        refused = shared.request(method, path, b"{}", {"Content-Type": "application/json", **headers})
        assert (refused.status, refused.json["error"]) == (401, code)


@pytest.mark.parametrize(
    ("method", "path"), [one for one in _all_routes() if "/admin/" in one[1] or one[1].endswith("/token")]
)
def test_an_account_may_not_administrate(shared: Practice, method: str, path: str) -> None:
    shared.admin.post("/api/accounts", handle="access_eve", display_name="이브", kind="customer", exist_ok=True)
    token = shared.admin.post("/api/accounts/access_eve/token").json["token"]
    refused = shared.caller(token).call(method, path, {})
    assert (refused.status, refused.json["error"]) == (403, "admin_only")


def test_tokens_are_shown_once_can_be_replaced_and_revoked(shared: Practice) -> None:
    care = shared.account("access_token")
    assert care.get("/api/me").status == 200
    fresh = shared.caller(shared.admin.post("/api/accounts/access_token/token").json["token"])
    assert care.get("/api/me").json["error"] == "token_revoked"
    assert fresh.get("/api/me").status == 200
    assert shared.admin.call("DELETE", "/api/accounts/access_token/token").status == 204
    assert fresh.get("/api/me").json["error"] == "token_revoked"
    made = shared.admin.post("/api/accounts", handle="access_token", display_name="x", exist_ok=True)
    assert (made.status, made.json["token"]) == (200, None)
    taken = shared.admin.post("/api/accounts", handle="ACCESS_token", display_name="x")
    assert (taken.status, taken.json["error"]) == (409, "handle_taken")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"handle": "a", "display_name": "x"}, "handle_bad"),
        ({"handle": "한글", "display_name": "x"}, "handle_bad"),
        ({"handle": "a b", "display_name": "x"}, "handle_bad"),
        ({"handle": "a" * 31, "display_name": "x"}, "handle_bad"),
        ({"handle": "fine", "display_name": " "}, "name_missing"),
        ({"handle": "fine", "display_name": "\u200b\u200d\u2060\ufeff"}, "name_missing"),
        ({"handle": "fine", "display_name": "\u3164\u115f \u2800\u0301"}, "name_missing"),
        ({"handle": "fine", "display_name": "가" * 41}, "name_bad"),
        ({"handle": "fine", "display_name": "x", "kind": "king"}, "field_bad"),
        ({"handle": "fine", "display_name": "x", "bio": "가" * 201}, "text_too_long"),
        ({"handle": "fine"}, "field_missing"),
    ],
)
def test_accounts_of_a_wrong_shape_are_refused(shared: Practice, body: dict[str, Any], code: str) -> None:
    assert shared.admin.call("POST", "/api/accounts", body).json["error"] == code


def test_no_customer_is_called_like_a_company(shared: Practice) -> None:
    shared.admin.post("/api/accounts", handle="names_care", display_name="한소리텔레콤")
    bada = {"handle": "names_bada", "display_name": "한소리텔레콤 손님", "kind": "customer"}
    assert shared.admin.post("/api/accounts", **bada).status == 201
    for name in ("한소리 텔레콤", "한소리텔레콤.", "한\u200b소리텔레콤\u3164", "@names_care", "Ｎames_Care"):
        eve = {"handle": "names_eve", "display_name": name, "kind": "customer"}
        assert shared.admin.post("/api/accounts", **eve).json["error"] == "name_company", name
        renamed = shared.acting_as("names_bada").call("PATCH", "/api/me", {"display_name": name})
        assert renamed.json["error"] == "name_company", name
        said = Browser(shared).fill("/join", "/join", handle="names_eve", display_name=name)
        assert said.status == 409
        assert "회사가 쓰는 이름" in said.text
    care = shared.acting_as("names_care")
    assert care.call("PATCH", "/api/me", {"display_name": "한소리 텔레콤"}).status == 200


def test_the_administrator_acts_in_a_name_or_says_so(shared: Practice) -> None:
    shared.account("access_acting")
    assert shared.admin.post("/api/posts", text="누구로?").json["error"] == "account_needed"
    assert shared.acting_as("@access_acting").write("글")["author"]["handle"] == "access_acting"
    assert shared.acting_as("access_nobody").get("/api/me").json["error"] == "account_unknown"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:14210", "127.0.0.1.evil.example", "", "169.254.1.1"])
def test_only_names_of_this_machine_are_answered(shared: Practice, host: str) -> None:
    for path in ("/", "/api/health", "/static/practice.css", "/media/x"):
        refused = shared.request("GET", path, headers={"Host": host})
        assert refused.status == 421


def test_further_names_can_be_allowed(practice: Practice) -> None:
    practice.stop()
    practice.options = ["--allow-host", "practice.example"]
    practice.start()
    assert practice.request("GET", "/", headers={"Host": "practice.example:80"}).status == 200
    assert practice.request("GET", "/", headers={"Host": "LOCALHOST:1"}).status == 200
    assert practice.request("GET", "/", headers={"Host": "[::1]:1"}).status == 200


def test_unknown_addresses_and_methods(shared: Practice) -> None:
    care = shared.account("access_methods")
    assert care.get("/api/nothing").json["error"] == "not_found"
    assert (care.call("PUT", "/api/posts", {}).status, care.call("PUT", "/api/posts", {}).json["error"]) == (
        405,
        "method_unknown",
    )
    assert care.call("POST", "/api/posts", b"text=x", **{"Content-Type": "text/plain"}).json["error"] == "type_bad"
    head = care.call("HEAD", "/api/me")
    assert (head.status, head.body) == (200, b"")


def test_the_rate_limit_counts_down_and_names_the_wait(practice: Practice) -> None:
    practice.admin.call(
        "PATCH", "/api/admin/settings", {"writes_per_window": 3, "reads_per_window": 4, "window_seconds": 2}
    )
    bada, care = practice.account("bada"), practice.account("care")
    left = []
    for _ in range(3):
        answer = bada.post("/api/posts", text="글")
        assert answer.status == 201
        left.append(int(answer.headers["X-RateLimit-Remaining"]))
    assert left == [2, 1, 0]
    over = bada.post("/api/posts", text="글", key="over")
    assert (over.status, over.json["error"]) == (429, "rate_limited")
    assert 1 <= int(over.headers["Retry-After"]) <= 2
    assert over.headers["X-RateLimit-Scope"] == "write"
    assert bada.get("/api/me").headers["X-RateLimit-Scope"] == "read"
    assert care.post("/api/posts", text="글").status == 201
    assert len(practice.records("post")) == 4
    time.sleep(2.1)
    assert bada.post("/api/posts", text="글", key="over").status == 201
    assert practice.acting_as("bada").post("/api/posts", text="글").headers.get("X-RateLimit-Limit") is None


def _raw(shared: Practice, data: bytes, *, then_close: bool = False) -> bytes:
    with socket.create_connection(("127.0.0.1", shared.port), timeout=10) as wire:
        wire.sendall(data)
        if then_close:
            wire.shutdown(socket.SHUT_WR)
        wire.settimeout(5)
        got = b""
        try:
            while part := wire.recv(65536):
                got += part
        except TimeoutError:
            pass
        return got


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"NONSENSE\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n\r\n", b"421"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
        (b"POST /api/posts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
        (
            b"POST /api/posts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"10000\r\n" + b"a" * 65536 + b"\r\n10000\r\n" + b"a" * 65536 + b"\r\n0\r\n\r\n",
            b"413",
        ),
    ],
)  # fmt: skip
def test_what_is_not_a_proper_request_is_turned_away(shared: Practice, data: bytes, status: bytes) -> None:
    got = _raw(shared, data)
    assert got.startswith(b"HTTP/1.1 " + status)
    assert shared.request("GET", "/api/health").status == 200


def test_a_connection_is_kept_and_requests_may_follow_at_once(shared: Practice) -> None:
    one = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    got = _raw(shared, one * 3, then_close=True)
    assert got.count(b"HTTP/1.1 200") == 3


def test_a_half_sent_request_disturbs_nobody(shared: Practice) -> None:
    with socket.create_connection(("127.0.0.1", shared.port)) as wire:
        wire.sendall(b"POST /api/posts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
        assert shared.request("GET", "/api/health").status == 200
    assert shared.request("GET", "/api/health").status == 200
