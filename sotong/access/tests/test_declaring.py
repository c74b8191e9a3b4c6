"""Every URL declares its rule, or the site does not start."""

from __future__ import annotations

import os
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from sotong.access import allow, declare, public, signed_in
from sotong.access.declaring import DECLARED, UndeclaredRoutes, require_declared, rule_of, undeclared


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@allow("audit.read")
def for_auditors(request: HttpRequest) -> HttpResponse:
    return HttpResponse("audit")


@signed_in
def for_staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse("staff")


@pytest.fixture
def site(settings: Any) -> ModuleType:
    """A site with one view that says nothing about who may use it."""
    module = ModuleType("site_with_a_gap")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("open/", open_to_all),
        path("inside/", include([path("gap/", bare), path("audit/", for_auditors), path("staff/", for_staff)])),
        path("accounts/login/", open_to_all, name="account_login"),
        path("accounts/logout/", open_to_all, name="account_logout"),
    ]
    settings.ROOT_URLCONF = module
    return module


def test_the_real_site_declares_everything() -> None:
    assert undeclared() == []
    require_declared()


def test_a_gap_is_named_and_stops_the_start(site: ModuleType) -> None:
    assert undeclared() == ["inside/gap/"]
    with pytest.raises(UndeclaredRoutes, match="/inside/gap/"):
        require_declared()
    assert [error.id for error in run_checks(tags=["security"]) if error.id == "access.E001"] == ["access.E001"]


def test_a_server_does_not_start_with_a_gap() -> None:
    script = (
        "import django\n"
        "django.setup()\n"
        "from django.urls import path\n"
        "import sotong.urls\n"
        "sotong.urls.urlpatterns.append(path('gap/', lambda request: None))\n"
        "import sotong.asgi\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "sotong.settings.site"}
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60, env=environment
    )
    assert ended.returncode != 0
    assert "/gap/" in ended.stderr


@pytest.mark.django_db
def test_a_gap_that_slipped_through_is_closed_to_everyone(site: ModuleType) -> None:
    response = Client().get("/inside/gap/")
    assert response.status_code == 403
    assert b"secret" not in response.content


def test_a_rule_must_exist() -> None:
    with pytest.raises(KeyError):
        allow("audit.reed")
    with pytest.raises(KeyError):
        declare("some_name", "everyone")
    assert "some_name" not in DECLARED


def test_a_decorator_outranks_a_declaration_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DECLARED, "named", rule_of(open_to_all, None))
    found = rule_of(for_auditors, "named")
    assert found is not None
    assert found.permission == "audit.read"


class TestWhoeverIsNotSignedIn:
    @pytest.mark.django_db
    def test_is_led_to_the_sign_in_and_back(self, site: ModuleType) -> None:
        assert Client().get("/inside/staff/?a=1").headers["Location"] == "/accounts/login/?next=/inside/staff/%3Fa%3D1"

    @pytest.mark.django_db
    def test_comes_back_to_the_page_of_the_form_not_to_where_it_was_sent(self, site: ModuleType) -> None:
        response = Client().post("/inside/staff/", headers={"referer": "http://testserver/inside/page/?b=2"})
        assert response.headers["Location"] == "/accounts/login/?next=/inside/page/%3Fb%3D2"
        foreign = Client().post("/inside/staff/", headers={"referer": "http://evil.example/inside/page/"})
        assert foreign.headers["Location"] == "/accounts/login/?next=/"

    @pytest.mark.django_db
    @pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}])
    def test_gets_a_bare_401_from_a_script(self, site: ModuleType, header: dict[str, str]) -> None:
        response = Client().get("/inside/staff/", headers=header)
        assert response.status_code == 401
        assert response.content == b""
