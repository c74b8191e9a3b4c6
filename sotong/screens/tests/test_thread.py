"""An open conversation: its pictures, its head, whose names it shows."""

from __future__ import annotations

import pytest

from sotong.inbox.models import MessageMedia

pytestmark = pytest.mark.django_db


def test_a_picture_is_shown_once_it_was_fetched_and_its_place_is_kept_till_then(client_of, hana, care, converse):
    conversation = converse(care, "이 사진 좀 봐 주세요")
    # What the network says of the picture is known with the post; the picture itself is fetched afterwards.
    picture = MessageMedia.objects.create(
        message=conversation.messages.get(), position=0, url="http://127.0.0.1:1/x.png", mime="image/png", width=3, height=2
    )  # fmt: skip
    client, address = client_of(hana), f"/desk/{conversation.pk}/messages"
    before = client.get(address).content.decode()
    assert "이미지를 불러오는 중" in before
    assert "<img" not in before
    MessageMedia.objects.update(content=b"x")
    after = client.get(address).content.decode()
    assert f'<img src="/inbox/media/{picture.pk}' in after
    MessageMedia.objects.update(content=None, problem="gone")
    assert "이미지를 가져오지 못했어요" in client.get(address).content.decode()
