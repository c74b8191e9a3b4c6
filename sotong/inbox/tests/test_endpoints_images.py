"""Images of drafts, of customers and of our replies: who gets the bytes, and what the bytes are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sotong.channels.models import Channel, DeliveryMedia
from sotong.inbox.models import Conversation, DraftImage, Message, MessageMedia
from sotong.inbox.rules import pictures
from sotong.inbox.tests.endpoints import SCRIPT, browser, events, png, post, reply_to, said
from sotong.people.models import Person, Team


def given(content: bytes = b"", name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or png(), "image/png")


@pytest.fixture
def image(hana: Person, talk: Conversation) -> DraftImage:
    assert post(browser(hana), "draft_image", talk.pk, tab="public", image=given()).status_code == 200
    return DraftImage.objects.get()


def test_an_image_is_attached_described_and_leaves_with_the_reply(
    hana: Person, talk: Conversation, image: DraftImage
) -> None:
    client = browser(hana)
    described = post(client, "describe_image", image.pk, **{f"alt-{image.pk}": "셋톱박스 뒷면"})
    assert described.status_code == 204
    listed = client.get(reverse("inbox:draft_images", args=[talk.pk]) + "?tab=public")
    assert "셋톱박스 뒷면" in said(listed)
    sent = reply_to(client, talk, **{f"alt-{image.pk}": "셋톱박스 뒷면의 단자"})
    media = DeliveryMedia.objects.get()
    assert media.alt == "셋톱박스 뒷면의 단자"
    back = events(client.post(events(sent)["sotong:toast"]["undoUrl"], headers=SCRIPT))
    again = client.get(back["sotong:undone"]["imagesUrl"])
    assert "셋톱박스 뒷면의 단자" in said(again)


def test_beside_an_image_stands_what_a_missing_description_means(
    hana: Person, talk: Conversation, image: DraftImage
) -> None:
    listed = said(browser(hana).get(reverse("inbox:draft_images", args=[talk.pk]) + "?tab=public"))
    assert f'aria-describedby="alt-hint-{image.pk}"' in listed
    assert "설명이 없으면 화면을 읽어 주는 도구를 쓰는 분은 알 수 없어요" in listed


def test_an_image_is_taken_off(hana: Person, image: DraftImage) -> None:
    removed = post(browser(hana), "remove_image", image.pk)
    assert (removed.status_code, removed.content) == (200, b"")
    assert "sotong:picture-removed" in events(removed)
    assert not DraftImage.objects.exists()
    assert post(browser(hana), "remove_image", image.pk).status_code == 404


class NeverFree:
    """A lock that another thread holds for longer than anyone waits."""

    def acquire(self, timeout: float) -> bool:
        return timeout < 0


def test_while_another_image_takes_all_the_time_one_is_asked_to_come_back(
    hana: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_one_at_a_time", NeverFree())
    answer = post(browser(hana), "draft_image", talk.pk, tab="public", image=given())
    assert answer.status_code == 503
    assert "잠시 뒤에 다시 올려 주세요." in said(answer)
    assert not DraftImage.objects.exists()


def test_a_file_that_is_no_image_is_refused_in_words(hana: Person, talk: Conversation) -> None:
    client = browser(hana)
    for content in (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
    ):
        answer = post(client, "draft_image", talk.pk, tab="public", image=given(content))
        assert answer.status_code == 422
        assert "이미지로 읽을 수 없어요." in said(answer)
    assert post(client, "draft_image", talk.pk, tab="public").status_code == 422
    assert post(client, "draft_image", talk.pk, tab="public", image="글").status_code == 422
    assert post(client, "draft_image", talk.pk, tab="note", image=given()).status_code == 422
    large = post(client, "draft_image", talk.pk, tab="public", image=given(png() + bytes(20_000_001)))
    assert large.status_code == 422 and "너무 커요" in said(large)
    assert not DraftImage.objects.exists()


def test_a_draft_image_is_its_writers_alone(hana: Person, doyun: Person, narae: Person, image: DraftImage) -> None:
    url = reverse("inbox:draft_media", args=[image.pk])
    assert browser(hana).get(url)["Content-Type"] in {"image/png", "image/jpeg", "image/webp"}
    for other in (doyun, narae):
        assert browser(other).get(url).status_code == 404
        assert post(browser(other), "describe_image", image.pk, alt="남의 것").status_code == 404
        assert post(browser(other), "remove_image", image.pk).status_code == 404
    assert DraftImage.objects.get().alt == ""


@pytest.fixture
def received(talk: Conversation) -> MessageMedia:
    message = Message.objects.get(conversation=talk)
    return MessageMedia.objects.create(
        message=message, position=0, mime="image/png", width=40, height=30, content=png()
    )


def test_received_and_sent_images_are_bytes_of_ours_and_nothing_else(
    hana: Person, talk: Conversation, image: DraftImage, received: MessageMedia
) -> None:
    client = browser(hana)
    reply_to(client, talk, **{f"alt-{image.pk}": ""})
    for url in (
        reverse("inbox:media", args=[received.pk]),
        reverse("inbox:sent_media", args=[DeliveryMedia.objects.get().pk]),
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("image/")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"].startswith("private, max-age=")
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("mime", ["image/svg+xml", "text/html", "", "image/png; charset=x"])
def test_a_type_that_we_never_write_is_not_served(hana: Person, received: MessageMedia, mime: str) -> None:
    MessageMedia.objects.update(mime=mime)
    assert browser(hana).get(reverse("inbox:media", args=[received.pk])).status_code == 404


def test_an_image_that_was_not_fetched_is_not_there(hana: Person, received: MessageMedia) -> None:
    MessageMedia.objects.update(content=None)
    assert browser(hana).get(reverse("inbox:media", args=[received.pk])).status_code == 404


def test_images_of_another_teams_channel_do_not_exist(
    hana: Person, garam: Person, talk: Conversation, image: DraftImage, received: MessageMedia,
    care: Channel, make_channel: Callable[..., Channel],
) -> None:  # fmt: skip
    reply_to(browser(hana), talk, **{f"alt-{image.pk}": ""})
    care.teams.add(Team.objects.create(name="홍보"))
    sent = DeliveryMedia.objects.get()
    for name, pk in (("media", received.pk), ("sent_media", sent.pk), ("media", 10**17), ("sent_media", 10**17)):
        url = reverse(f"inbox:{name}", args=[pk])
        assert browser(hana).get(url).status_code == 404
        assert browser(garam).get(url).status_code == 403
        assert browser(None).get(url).status_code == 302
    post(browser(hana), "draft_image", talk.pk, tab="public", image=given())
    assert browser(hana).get(reverse("inbox:draft_images", args=[talk.pk]) + "?tab=public").status_code == 404


@pytest.mark.parametrize("asked", ["?tab=%00", "?tab=shout", "?tab=%FF", ""])
def test_images_of_a_tab_that_is_none_are_refused_in_words(asked: str, hana: Person, talk: Conversation) -> None:
    url = reverse("inbox:draft_images", args=[talk.pk]) + asked
    for headers in (SCRIPT, {}):
        answer = browser(hana).get(url, headers=headers)
        assert answer.status_code == 422
        assert "알 수 없는 값이에요." in said(answer)
