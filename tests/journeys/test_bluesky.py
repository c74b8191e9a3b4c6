"""The real AT Protocol servers with AppView: a mention is answered at the desk and the thread is on the network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Home
from tests.journeys.steps import answer, found_company
from tests.servers.atproto_accounts import AtprotoNetwork, wait_for
from tests.servers.conftest import atproto

__all__ = ["atproto"]
pytestmark = [pytest.mark.browser, pytest.mark.atproto]
QUESTION = "요금이 두 번 나갔어요. 확인해 주실 수 있나요?"
ANSWER = "두 번 나간 요금을 확인하고 있어요. 오늘 안에 결과를 말씀드릴게요. - 나래"


def test_a_mention_is_answered_on_the_real_network(home: Home, page: Page, atproto: AtprotoNetwork) -> None:
    brand = atproto.create_account("hansori", display_name="한소리텔레콤")
    customer = atproto.create_account("mina", display_name="미나맘")
    found_company(page, home)
    page.goto(f"{home.address}/channels/connect/bluesky/")
    page.get_by_label("핸들").fill(brand.handle)
    page.get_by_label("앱 비밀번호").fill(brand.app_password)
    page.get_by_label("서버 주소").fill(atproto.pds)
    page.get_by_role("button", name="이어 보기").click()
    expect(page).to_have_url(re.compile(r"/channels/\d+/"), timeout=60_000)
    expect(page.locator("main")).to_contain_text(brand.handle)
    # A new account only reads until someone says otherwise.
    page.get_by_role("button", name="보내기 켜기").click()
    expect(page.get_by_role("button", name="보내기 멈추기")).to_be_visible()

    asked = atproto.mention(customer, brand, f"@{brand.handle} {QUESTION}")
    answer(page, home, QUESTION, ANSWER)

    def answered() -> dict[str, object] | None:
        replies = atproto.thread(asked["uri"], viewer=customer).get("replies", [])
        return next((reply for reply in replies if reply["post"]["author"]["did"] == brand.did), None)

    shown = wait_for(answered)
    assert shown["post"]["record"]["text"] == ANSWER  # type: ignore[index]
    assert len(atproto.posts_of(brand)) == 1

    followed = atproto.reply(customer, shown["post"], "고마워요, 기다릴게요!", root=asked)  # type: ignore[arg-type]
    assert followed["uri"]
    expect(page.locator("#messages")).to_contain_text("고마워요, 기다릴게요!", timeout=30_000)
