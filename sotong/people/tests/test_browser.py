"""From the first-run link to a second person with an authenticator app and a passkey, in a real browser."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_core_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sotong.audit.models import Entry
from sotong.people.actions.first_run import issue_setup_token
from sotong.people.models import Person, Session
from sotong.people.tests.conftest import SECRET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAIL = "narae@hansori.example"


def number(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def has_no_barrier(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window"


@pytest.fixture
def site(live_server: Any) -> str:
    """By name: browsers tie passkeys to a name."""
    assert "localhost" in live_server.url
    return str(live_server.url)


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Holds each page against the rules of access; keeps pictures where SOTONG_PICTURES names a folder."""
    folder = os.environ.get("SOTONG_PICTURES", "")

    def at(page: Page, name: str) -> None:
        has_no_barrier(page)
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return at


def sign_in(page: Page, site: str, mail: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("이메일").fill(mail)
    page.get_by_label("비밀번호", exact=True).fill(SECRET)
    page.get_by_role("button", name="들어가기", exact=True).click()


def with_passkeys(page: Page) -> None:
    """A device with a fingerprint that always fits."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def test_the_first_page_founds_the_company_and_loses_nothing_on_the_way(
    page: Page, site: str, look: Any, browser: Browser
) -> None:
    link = f"{site}/first-run/{issue_setup_token()}/"
    second = browser.new_page(locale="ko-KR")
    second.goto(link)
    for language in ("en", "ko"):
        second.locator(f'[data-language="{language}"]').first.click()
        expect(second.locator("html")).to_have_attribute("lang", language)
        expect(second.locator(f'input[name="language"][value="{language}"]')).to_be_checked()
    page.goto(link)
    look(page, "first-run")
    page.get_by_label("회사 이름").fill("한소리텔레콤")
    page.get_by_label("내 이름").fill("김나래")
    page.get_by_label("이메일").fill("narae@")
    page.get_by_label("비밀번호", exact=True).fill("1234567890")
    page.get_by_role("button", name="시작하기").click()
    expect(page.locator(".err", has_text="이메일 주소처럼 보이지 않아요")).to_be_visible()
    expect(page.locator(".err", has_text="너무 흔한 비밀번호예요")).to_be_visible()
    look(page, "first-run-refused")
    expect(page.get_by_label("회사 이름")).to_have_value("한소리텔레콤")
    expect(page.get_by_label("비밀번호", exact=True)).to_have_value("1234567890")
    page.get_by_label("이메일").fill(MAIL)
    page.get_by_label("비밀번호", exact=True).fill(SECRET)
    page.get_by_role("button", name="시작하기").click()
    page.wait_for_url("**/welcome/")
    look(page, "welcome")
    second.get_by_label("회사 이름").fill("다른 회사")
    second.get_by_label("내 이름").fill("다른 사람")
    second.get_by_label("이메일").fill("other@x.example")
    second.get_by_label("비밀번호", exact=True).fill(SECRET)
    second.get_by_role("button", name="시작하기").click()
    expect(second.get_by_role("heading", name="회사는 이미 만들어졌어요")).to_be_visible()
    look(second, "first-run-used")
    assert Person.objects.get().email == MAIL


def test_a_link_becomes_a_colleague_once(page: Page, site: str, look: Any, browser: Browser, narae: Person) -> None:
    sign_in(page, site, MAIL)
    page.goto(f"{site}/people/invite/")
    look(page, "invite")
    page.get_by_label("이메일").fill("dan@hansori.example")
    page.locator("form.form button.btn-ink").last.click()
    link = page.locator("#handover").input_value()
    look(page, "handover")
    guest = browser.new_page(locale="ko-KR", timezone_id="Asia/Calcutta")
    guest.goto(link)
    look(guest, "invitation")
    guest.get_by_label("이름").fill("최단")
    guest.get_by_label("비밀번호").first.fill(SECRET)
    guest.locator("form.form button.btn-ink").click()
    guest.wait_for_url("**/desk/")
    made = Person.objects.get(name="최단")
    assert (made.roles, made.time_zone) == (["agent"], "Asia/Kolkata")
    guest.goto(f"{site}/people/invite/")
    expect(guest.locator("body")).to_contain_text("상담원")
    look(guest, "refused")
    again = browser.new_page(locale="ko-KR")
    again.goto(link)
    expect(again.get_by_role("heading", name="이미 쓴 링크예요")).to_be_visible()
    page.goto(f"{site}/people/")
    look(page, "people")
    page.get_by_role("link", name="최단").click()
    look(page, "person")


def prove(page: Page) -> None:
    """The password once more, where it is asked for."""
    if "reauthenticate" in page.url:
        page.get_by_label("비밀번호", exact=True).fill(SECRET)
        page.get_by_role("button", name="확인하기").first.click()


def test_an_authenticator_app_and_a_recovery_code_open_the_door(
    page: Page, site: str, look: Any, context: BrowserContext, narae: Person
) -> None:
    sign_in(page, site, MAIL)
    page.wait_for_url("**/desk/")
    page.goto(f"{site}/me/security/")
    look(page, "security")
    page.get_by_role("link", name="인증 앱 켜기").click()
    prove(page)
    secret = page.locator(".totp-secret").inner_text()
    look(page, "totp")
    page.get_by_label("번호").fill("000000")
    page.get_by_role("button", name="인증 앱 켜기").click()
    expect(page.locator(".err", has_text="번호가 맞지 않아요")).to_be_visible()
    assert page.locator(".totp-secret").inner_text() == secret, "the picture that was taken must go on working"
    page.get_by_label("번호").fill(number(secret))
    page.get_by_role("button", name="인증 앱 켜기").click()
    page.goto(f"{site}/accounts/2fa/recovery-codes/")
    code = page.locator(".codes code").first.inner_text()
    look(page, "recovery-codes")
    context.clear_cookies()
    sign_in(page, site, MAIL)
    page.wait_for_url("**/2fa/authenticate/")
    look(page, "second-factor")
    page.get_by_label("번호").fill(code)
    page.get_by_role("button", name="들어가기", exact=True).click()
    page.wait_for_url("**/desk/")
    page.goto(f"{site}/me/security/")
    expect(page.get_by_text("9개 남았어요")).to_be_visible()


def test_the_sign_in_page_begins_at_its_first_field(page: Page, site: str, narae: Person) -> None:
    page.goto(f"{site}/accounts/login/")
    expect(page.get_by_label("이메일")).to_be_focused()
    page.keyboard.type(MAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("not the word")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("비밀번호: 비웠으니 다시 적어 주세요.")
    expect(page.get_by_label("이메일")).to_be_focused()
    expect(page.get_by_label("이메일")).to_have_value(MAIL)


def test_a_passkey_alone_opens_the_door(
    page: Page, site: str, look: Any, context: BrowserContext, narae: Person
) -> None:
    with_passkeys(page)
    sign_in(page, site, MAIL)
    page.wait_for_url("**/desk/")
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    prove(page)
    look(page, "passkey-add")
    page.get_by_label("패스키 이름").fill("회사 노트북")
    page.get_by_role("button", name="패스키 만들기").click()
    page.wait_for_url(lambda url: "add" not in url)
    page.goto(f"{site}/accounts/2fa/webauthn/")
    expect(page.get_by_text("회사 노트북")).to_be_visible()
    look(page, "passkeys")
    before = {cookie["value"] for cookie in context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME}
    context.clear_cookies()
    page.goto(f"{site}/accounts/login/?next=/people/")
    look(page, "sign-in")
    page.get_by_role("button", name="패스키로 들어가기").click()
    expect(page.get_by_role("heading", name="함께 일하는 사람")).to_be_visible()
    page.wait_for_load_state()
    after = {cookie["value"] for cookie in context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME}
    assert after.isdisjoint(before)
    assert Entry.objects.filter(action="people.add_second_factor", person_id=narae.pk).exists()
    page.goto(f"{site}/me/security/")
    page.get_by_role("button", name="다른 기기에서 모두 나오기").click()
    expect(page.get_by_text("다른 기기에서 모두 나왔어요")).to_be_visible()
    assert Session.objects.filter(person=narae).count() == 1


def test_an_address_of_digits_says_why_there_are_no_passkeys(page: Page, live_server: Any, narae: Person) -> None:
    numbered = live_server.url.replace("localhost", "127.0.0.1")
    page.goto(f"{numbered}/accounts/login/")
    expect(page.get_by_role("button", name="들어가기", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="패스키로 들어가기")).to_be_hidden()
    sign_in(page, numbered, MAIL)
    page.wait_for_url("**/desk/")
    page.goto(f"{numbered}/accounts/2fa/webauthn/add/")
    prove(page)
    expect(page.get_by_text("localhost로 바꿔")).to_be_visible()


@pytest.mark.parametrize(("theme", "code", "width"), [("light", "en", 390), ("dark", "ko", 390), ("dark", "en", 1280)])
def test_every_look_holds(
    page: Page, site: str, look: Any, narae: Person, garam: Person, theme: str, code: str, width: int
) -> None:
    name = f"{theme}-{code}-{width}"
    Person.objects.update(language=code)
    page.context.add_cookies([{"name": "language", "value": code, "url": site}])
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(f"{site}/accounts/login/")
    assert page.evaluate("document.documentElement.lang") == code
    look(page, f"sign-in-{name}")
    page.locator("input[type=email]").fill(MAIL)
    page.locator("input[type=password]").fill(SECRET)
    page.locator("form.form button.btn-ink").click()
    for path in ("me/", "me/security/", "people/", f"people/{garam.pk}/", "people/invite/", "people/teams/",
                 "people/teams/new/", "company/", "audit/", "audit/rows/", "welcome/", "nothing/"):  # fmt: skip
        page.goto(f"{site}/{path}")
        look(page, f"{path.strip('/').replace('/', '-')}-{name}")
