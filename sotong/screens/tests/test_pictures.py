"""Messages that are a picture and no words: never called deleted, never an empty bubble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from sotong.inbox.actions.standing import recount, save
from sotong.inbox.models import Conversation, Message, MessageMedia

pytestmark = pytest.mark.django_db


@pytest.fixture
def pictured(care, converse) -> Callable[[str], Conversation]:
    """A conversation of one picture that is described so."""

    def make(alt: str) -> Conversation:
        talk: Conversation = converse(care, "")
        MessageMedia.objects.create(message=talk.messages.get(), position=0, mime="image/png", alt=alt)
        recount([talk])
        save([talk])
        return talk

    return make


@pytest.mark.parametrize(
    ("language", "alt", "said"),
    [("ko", "", "사진"), ("ko", "깨진 화면", "사진: 깨진 화면"), ("en", "", "Photo"), ("en", "x", "Photo: x")],
)
def test_a_picture_without_words_is_called_a_picture(client_of, hana, pictured, language, alt, said):
    hana.language = language
    hana.save(update_fields=["language"])
    talk = pictured(alt)
    client: Client = client_of(hana)
    listed = client.get("/desk/?view=all").content.decode()
    assert f'<span class="txt">{said}</span>' in listed
    opened = client.get(f"/desk/{talk.pk}/?view=all").content.decode()
    assert f'<h2 class="cut">{said}</h2>' in opened
    assert 'class="body"' not in opened, "an empty bubble"


def test_only_what_is_deleted_is_called_deleted(client_of, hana, care, converse, pictured):
    empty, gone = converse(care, ""), pictured("깨진 화면")
    Message.objects.filter(conversation=gone).update(deleted_at=datetime.now(UTC))
    recount([gone])
    save([gone])
    client: Client = client_of(hana)
    listed = client.get("/desk/?view=all").content.decode()
    assert listed.count("글쓴이가 지운 글이에요") == 1
    assert '<span class="txt">글 없음</span>' in listed
    assert "글 없음" in client.get(f"/desk/{empty.pk}/messages").content.decode()
