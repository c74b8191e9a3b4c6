"""One person, one conversation, two windows: neither takes, sends or overwrites what only the other one showed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sotong.channels.models import Delivery
from sotong.inbox.models import Conversation, Draft, DraftImage
from sotong.inbox.tests.endpoints import browser, png, post, reply_to
from sotong.people.models import Person

pytestmark = pytest.mark.django_db
ONE, OTHER = str(uuid4()), str(uuid4())


@pytest.fixture
def client(hana: Person) -> Client:
    return browser(hana)


def types(client: Client, talk: Conversation, page: str, text: str, **more: Any) -> dict[str, Any]:
    values = {"tab": "public", "text": text, "page": page, "seen": 0} | more
    answer: dict[str, Any] = post(client, "draft", talk.pk, **values).json()
    return answer


def attach(client: Client, talk: Conversation) -> DraftImage:
    given = SimpleUploadedFile("a.png", png(), "image/png")
    assert post(client, "draft_image", talk.pk, tab="public", image=given).status_code == 200
    return DraftImage.objects.latest("pk")


def test_a_reply_leaves_what_the_other_window_wrote_and_attached(client: Client, talk: Conversation) -> None:
    types(client, talk, OTHER, "긴 글을 쓰고 있어요")
    attach(client, talk)
    token = str(Draft.objects.get().token)
    assert reply_to(client, talk, "짧은 글", token=token, page=ONE, seen=0).status_code == 204
    assert Delivery.objects.get().media.count() == 0
    left = Draft.objects.get()
    assert (left.text, left.images.count()) == ("긴 글을 쓰고 있어요", 1)
    assert str(left.token) != token, "its own sending must not be taken for a repetition"


def test_a_reply_uses_up_what_its_own_window_wrote_and_showed(client: Client, talk: Conversation) -> None:
    types(client, talk, ONE, "쓰던 글인데 조금 고쳐서")
    image = attach(client, talk)
    assert reply_to(client, talk, "고친 글", page=ONE, **{f"alt-{image.pk}": "단자"}).status_code == 204
    assert [row.alt for row in Delivery.objects.get().media.all()] == ["단자"]
    assert not Draft.objects.exists()


def test_a_window_that_opened_with_the_draft_of_a_closed_one_goes_on_with_it(
    client: Client, talk: Conversation
) -> None:
    saved = types(client, talk, OTHER, "어제 쓴 글")["saved_ms"]
    assert reply_to(client, talk, "오늘 다시 쓴 글", page=ONE, seen=saved).status_code == 204
    assert not Draft.objects.exists()


def test_an_image_of_the_other_window_stays_where_the_text_goes(client: Client, talk: Conversation) -> None:
    types(client, talk, ONE, "곧 볼게요")
    attach(client, talk)
    assert reply_to(client, talk, "곧 볼게요", page=ONE).status_code == 204
    assert (Draft.objects.get().text, DraftImage.objects.count()) == ("", 1)
    assert Delivery.objects.get().media.count() == 0


def test_a_picture_that_was_on_screen_is_not_left_out_without_a_word(client: Client, talk: Conversation) -> None:
    types(client, talk, ONE, "이 사진을 보세요")
    image = attach(client, talk)
    assert post(client, "remove_image", image.pk).status_code == 200
    refused = reply_to(client, talk, "이 사진을 보세요", page=ONE, **{f"alt-{image.pk}": "단자"})
    assert (refused.status_code, Delivery.objects.count()) == (409, 0)
    assert "다른 창에서 뺐어요" in refused.content.decode()
    assert Draft.objects.get().text == "이 사진을 보세요"


def test_a_note_leaves_the_note_of_the_other_window(client: Client, talk: Conversation) -> None:
    types(client, talk, OTHER, "다른 창의 메모", tab="note")
    assert post(client, "note", talk.pk, text="이 창의 메모", token=str(uuid4()), page=ONE).status_code == 204
    assert Draft.objects.get().text == "다른 창의 메모"


def is_refused(client: Client, talk: Conversation, text: str, seen: int = 0) -> str:
    """A page without a script sends what is too long; answers what its draft says then."""
    values = {"tab": "public", "text": text, "token": str(uuid4()), "page": "", "seen": seen}
    client.post(f"/inbox/{talk.pk}/reply", values)
    assert not Delivery.objects.exists()
    return Draft.objects.get().text


def test_a_page_without_a_script_keeps_both_texts_when_its_reply_is_refused(client: Client, talk: Conversation) -> None:
    types(client, talk, OTHER, "다른 창의 글")
    text = "이 창의 글" * 400
    assert is_refused(client, talk, text) == f"{text}\n\n다른 창의 글"
    assert is_refused(client, talk, text) == f"{text}\n\n다른 창의 글", "the same page pressed again"


def test_two_pages_without_a_script_keep_both_texts_when_both_are_refused(client: Client, talk: Conversation) -> None:
    one, other = "한 창의 글" * 400, "다른 창의 글" * 400
    assert is_refused(client, talk, one) == one
    assert is_refused(client, talk, other) == f"{other}\n\n{one}"
    assert is_refused(client, talk, one) == f"{other}\n\n{one}", "pressed again, it is there once"
    assert is_refused(client, talk, one[3:]) == f"{one[3:]}\n\n{other}\n\n{one}", "part of a text is another one"


def test_a_page_without_a_script_that_came_anew_goes_on_with_its_draft(client: Client, talk: Conversation) -> None:
    is_refused(client, talk, "긴 글" * 600)
    seen = Draft.objects.get().saved_ms
    assert is_refused(client, talk, "고친 글" * 600, seen=seen) == "고친 글" * 600


def test_a_page_without_a_script_leaves_what_another_one_wrote(client: Client, talk: Conversation) -> None:
    long = "다른 창의 글" * 400
    is_refused(client, talk, long)
    values = {"tab": "public", "text": "짧은 글", "token": str(uuid4()), "page": "", "seen": 0}
    client.post(f"/inbox/{talk.pk}/reply", values)
    assert Delivery.objects.count() == 1
    assert Draft.objects.get().text == long
