"""In which language, zone and look the pages are shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sotong.people.models import Company, Person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.mark.parametrize(
    ("cookie", "browser", "expected"),
    [
        ("", "", "ko"),
        ("", "fr-FR,fr;q=0.9", "ko"),
        ("", "en-GB,en;q=0.9,ko;q=0.8", "en"),
        ("", "fr,en;q=0.5", "en"),
        ("ko", "en", "ko"),
        ("en", "ko", "en"),
        ("xx", "en", "en"),
        ("../../etc", "", "ko"),
    ],
)
def test_a_visitor_reads_their_cookies_then_their_browsers_language(cookie: str, browser: str, expected: str) -> None:
    client = Client(headers={"accept-language": browser} if browser else {})
    if cookie:
        client.cookies["language"] = cookie
    response = client.get(LOGIN)
    assert response.headers["Content-Language"] == expected
    assert f'<html lang="{expected}"' in response.content.decode()
    assert ("Sign in" in response.content.decode()) == (expected == "en")


def test_a_person_reads_their_own_language_whatever_the_browser_says(hana: Person, browser_of: Any) -> None:
    client = browser_of(hana)
    client.cookies["language"] = "en"
    assert client.get("/me/", headers={"accept-language": "en"}).headers["Content-Language"] == "ko"
    Person.objects.filter(pk=hana.pk).update(language="en")
    assert client.get("/me/").headers["Content-Language"] == "en"


def test_who_chose_nothing_sees_the_companys_language_and_zone(hana: Person, company: Company, browser_of: Any) -> None:
    Person.objects.filter(pk=hana.pk).update(language="", time_zone="")
    Company.objects.update(language="en", time_zone="Europe/Berlin")
    text = browser_of(hana).get("/me/").content.decode()
    assert '<html lang="en" data-zone="Europe/Berlin"' in text


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "Etc/GMT+3"])
def test_a_zone_that_is_none_falls_back(hana: Person, browser_of: Any, zone: str) -> None:
    Person.objects.filter(pk=hana.pk).update(time_zone=zone)
    response = browser_of(hana).get("/me/")
    assert response.status_code == 200
    assert 'data-zone="Asia/Seoul"' in response.content.decode()


def test_own_settings_are_kept_and_recorded_where_others_see_them(hana: Person, browser_of: Any) -> None:
    client = browser_of(hana)
    wanted = {
        "name": "박하나",
        "nickname": "하나",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "theme": "dark",
        "density": "compact",
        "undo_seconds": "10",
    }
    assert client.post("/me/", wanted).status_code == 302
    hana.refresh_from_db()
    assert (hana.shown_name, hana.language, hana.time_zone, hana.theme) == ("하나", "en", "Europe/Berlin", "dark")
    assert (hana.density, hana.undo_seconds, hana.has_shortcuts) == ("compact", 10, False)
    page = client.get("/me/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert 'data-shortcuts="off"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("undo_seconds", "31"),
        ("undo_seconds", "-1"),
        ("undo_seconds", "soon"),
        ("time_zone", "Mars/Base"),
        ("name", ""),
        ("theme", "pink"),
        ("language", "xx"),
        ("density", "x"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_whole(hana: Person, browser_of: Any, field: str, value: str) -> None:
    wanted = {"name": "바뀐 이름", "language": "en", "time_zone": "UTC", "theme": "dark", "density": "compact"}
    response = browser_of(hana).post("/me/", {**wanted, field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    hana.refresh_from_db()
    assert (hana.name, hana.language) == ("박하나", "ko")


def test_nobody_raises_themselves_through_their_settings(hana: Person, browser_of: Any) -> None:
    wanted = {"name": "박하나", "language": "ko", "time_zone": "UTC", "theme": "dark", "density": "compact"}
    browser_of(hana).post(
        "/me/", {**wanted, "roles": "administrator", "authority": "4", "is_owner": "1", "email": "x@x.example"}
    )
    hana.refresh_from_db()
    assert (hana.roles, hana.authority, hana.is_owner, hana.email) == (["agent"], 1, False, "hana@hansori.example")


@pytest.mark.parametrize(
    ("theme", "status", "kept"), [("dark", 204, "dark"), ("pink", 400, "system"), ("", 400, "system")]
)
def test_the_theme_toggle_is_kept(hana: Person, browser_of: Any, theme: str, status: int, kept: str) -> None:
    assert browser_of(hana).post("/me/theme/", {"theme": theme}).status_code == status
    hana.refresh_from_db()
    assert hana.theme == kept


@pytest.mark.parametrize("path", ["/nothing/here", "/people/999999/"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_missing_page_says_so_in_the_readers_language(
    narae: Person, browser_of: Any, path: str, language: str
) -> None:
    Person.objects.filter(pk=narae.pk).update(language=language)
    response = browser_of(narae).get(path)
    assert response.status_code == 404
    assert {"ko": "찾는 화면이 없어요", "en": "There is no such page"}[language] in response.content.decode()


def test_a_refused_page_says_which_roles_one_has(hana: Person, browser_of: Any) -> None:
    response = browser_of(hana).get("/audit/")
    assert response.status_code == 403
    assert "상담원" in response.content.decode()


def test_a_form_from_a_page_that_is_too_old_is_refused_in_words(hana: Person) -> None:
    response = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "화면이 오래됐어요" in response.content.decode()


def test_an_error_of_ours_says_so_and_shows_nothing_inside(hana: Person, settings: Any) -> None:
    from django.template.loader import get_template

    text = get_template("500.html").render()
    assert "저희 쪽에 문제가 생겼어요" in text
    assert "Traceback" not in text
