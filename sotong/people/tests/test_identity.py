"""Signing in through the company's identity provider: a small one of our own stands on the loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from sotong.audit.models import Entry
from sotong.people.models import Person
from sotong.people.tests.conftest import SECRET

pytestmark = pytest.mark.django_db
LEAVE = "/accounts/oidc/company/login/"
ARRIVE = "/accounts/oidc/company/login/callback/"
HANA = {"sub": "7", "email": "hana@hansori.example", "email_verified": True, "name": "박하나"}


class Provider:
    """Hands out one code for whatever person ``says`` describes; keeps what it was asked."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = HANA
        self.is_broken = False
        self.asked: list[dict[str, list[str]]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(provider.config() if "well-known" in self.path else provider.says)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.asked.append(parse_qs(body))
                self.answer({"access_token": "t", "token_type": "Bearer"})

            def answer(self, value: Any) -> None:
                self.send_response(500 if provider.is_broken else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(value).encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Tests stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def config(self) -> dict[str, Any]:
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        methods = ["client_secret_post"]
        ways = {"token_endpoint_auth_methods_supported": methods, "code_challenge_methods_supported": ["S256"]}
        return {"issuer": self.address, **ways, **{name: f"{self.address}/{name}" for name in names}}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    provider = Provider()
    app = {
        "provider_id": "company",
        "name": "한소리 계정",
        "client_id": "sotong",
        "secret": "shared",
        "settings": {"server_url": provider.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


def sign_in(client: Client, **more: str) -> Any:
    """Out to the provider and back."""
    out = client.post(LEAVE, more)
    sent = parse_qs(urlsplit(out.headers["Location"]).query)
    return client.get(ARRIVE, {"code": "once", "state": sent["state"][0]})


def words(client: Client) -> str:
    return client.get("/accounts/login/").content.decode()


def test_the_button_stands_only_where_a_provider_is_set(client: Client, company: Any, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "oidc" not in words(client)
    assert client.post(LEAVE).status_code == client.get(ARRIVE).status_code == 404


def test_a_verified_address_opens_the_page_that_was_wanted_and_leaves_the_password_alone(
    provider: Provider, hana: Person, client: Client
) -> None:
    assert "한소리 계정 계정으로 들어가기" in words(client)
    assert sign_in(client, next="/people/").headers["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
    hana.refresh_from_db()
    assert hana.check_password(SECRET)
    assert provider.asked[0]["code_verifier"], "a stolen code must be worth nothing without its verifier"
    assert provider.asked[0]["redirect_uri"] == [f"http://testserver{ARRIVE}"]
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        "people.connect_identity",
        "people.sign_in",
    ]


def test_afterwards_the_providers_own_number_counts_not_the_address(
    provider: Provider, hana: Person, garam: Person, client: Client
) -> None:
    sign_in(client)
    provider.says = {**HANA, "email": "garam@hansori.example"}
    again = Client()
    sign_in(again)
    assert again.session["_auth_user_id"] == str(hana.pk)


@pytest.mark.parametrize(
    "says",
    [
        {**HANA, "email": "stranger@hansori.example"},
        {**HANA, "email_verified": False},
        {**HANA, "email_verified": "false"},
        {"sub": "7"},
    ],
)
def test_whoever_was_not_invited_stays_outside_and_is_told_why(
    provider: Provider, hana: Person, client: Client, says: dict[str, Any]
) -> None:
    provider.says = says
    assert sign_in(client).headers["Location"] == "/accounts/login/"
    assert "초대받은 사람이 없어요" in words(client)
    assert client.get("/people/").status_code == 302
    assert Person.objects.count() == 1


def test_whoever_left_the_company_stays_outside(provider: Provider, hana: Person, client: Client) -> None:
    Person.objects.filter(pk=hana.pk).update(is_active=False)
    assert sign_in(client).headers["Location"] == "/accounts/inactive/"
    assert client.get("/people/").status_code == 302


def test_a_second_factor_is_asked_for_here_too(provider: Provider, hana: Person, client: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(hana, generate_totp_secret())
    assert sign_in(client).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/people/").status_code == 302


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_no_provider_leads_elsewhere(provider: Provider, hana: Person, client: Client, there: str) -> None:
    assert sign_in(client, next=there).headers["Location"] == "/desk/"


def test_a_link_alone_starts_nothing_and_a_foreign_answer_ends_nowhere(provider: Provider, client: Client) -> None:
    assert client.get(LEAVE).status_code == 405
    assert client.get(ARRIVE, {"code": "once", "state": "forged"}).headers["Location"] == "/accounts/login/"
    assert "들어오지 못했어요" in words(client)
    assert not provider.asked
    assert Client(enforce_csrf_checks=True).post(LEAVE).status_code == 403


def test_nobody_ties_an_identity_to_the_account_that_is_open(provider: Provider, hana: Person, browser_of: Any) -> None:
    client = browser_of(hana)
    provider.says = {**HANA, "sub": "evil", "email": "evil@x.example"}
    assert sign_in(client, process="connect").headers["Location"] == "/accounts/login/"
    assert not Entry.objects.filter(action="people.connect_identity").exists()


def test_a_cancelled_sign_in_says_so(provider: Provider, client: Client) -> None:
    sent = parse_qs(urlsplit(client.post(LEAVE).headers["Location"]).query)
    client.get(ARRIVE, {"error": "access_denied", "state": sent["state"][0]})
    assert "그만두셨어요" in words(client)


@pytest.mark.parametrize("step", ["leaving", "arriving", "gone", "nonsense"])
def test_a_provider_that_fails_leaves_the_other_door_open(
    provider: Provider, hana: Person, client: Client, step: str, settings: Any
) -> None:
    if step == "gone":
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    provider.is_broken = step == "leaving"
    if step == "nonsense":
        provider.config = lambda: {"hello": "world"}  # type: ignore[method-assign]
    out = client.post(LEAVE)
    if step == "arriving":
        sent = parse_qs(urlsplit(out.headers["Location"]).query)
        provider.is_broken = True
        out = client.get(ARRIVE, {"code": "once", "state": sent["state"][0]})
    assert out.headers["Location"] == "/accounts/login/"
    assert "회사 계정" in words(client)
    assert client.post("/accounts/login/", {"login": "hana@hansori.example", "password": SECRET}).status_code == 302
