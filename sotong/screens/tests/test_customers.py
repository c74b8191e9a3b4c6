"""Who may read conversations does not thereby see who the customers are and what they said elsewhere."""

from __future__ import annotations

import pytest

from sotong.contacts.actions.searching import search_value
from sotong.contacts.models import Identity
from sotong.inbox.models import Conversation
from sotong.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "is_shown"), [("agent", True), ("moderator", True), ("host", False), ("subject_owner", False)]
)
def test_the_customer_beside_a_conversation_and_in_the_search(client_of, care, converse, role, is_shown):
    talk = converse(care, "요금이 두 번 나갔어요", who="김보라")
    Identity.objects.filter(pk=talk.identity_id).update(
        handle="bora.elsewhere", search=search_value(handle="bora.elsewhere", name="")
    )
    person = Person.objects.create_user(f"{role}@hansori.example", name="임", roles=[role])
    client = client_of(person)
    panel = client.get(f"/desk/{talk.pk}/panel").content.decode()
    assert "요금이 두 번" in panel
    assert ("지난 이야기" in panel) is is_shown
    assert ("고객 정보를 볼 권한이 없어요" not in panel) is is_shown
    found = client.get("/desk/search?q=bora.elsewhere").content.decode()
    assert ('<bdi class="txt cut">bora.elsewhere' in found) is is_shown


def _talk_again(care, talk, times: int) -> None:
    Conversation.objects.bulk_create(
        Conversation(
            channel=care, identity_id=talk.identity_id, origin=care.origin, thread_ref=f"again{n}", last_at=talk.last_at
        )
        for n in range(times)
    )


@pytest.mark.parametrize(
    ("times", "counted", "shown"),
    [(0, "대화 1번", 0), (8, "대화 9번", 8), (59, "대화 60번", 59), (120, "대화 99+번", 100)],
)
def test_how_often_a_customer_wrote_is_counted_truly_and_can_be_read(
    client_of, care, converse, hana, times, counted, shown
):
    talk = converse(care, "요금이 두 번 나갔어요", who="김보라")
    _talk_again(care, talk, times)
    client = client_of(hana)
    panel = client.get(f"/desk/{talk.pk}/panel").content.decode()
    history = panel.partition('id="history"')[2]
    assert counted in panel
    assert history.count('class="cut"') == min(times, 8)
    assert ("더 보기" in history) is (times > 8)
    whole = client.get(f"/desk/{talk.pk}/history?all=1").content.decode()
    assert whole.count('class="cut"') == shown
    assert counted in whole and "더 보기" not in whole
    assert f'hx-get="/desk/{talk.pk}/history?all=1"' in whole, "a renewal keeps what was opened"


def test_the_history_is_for_those_who_may_see_customers(client_of, care, converse):
    talk = converse(care, "요금이 두 번 나갔어요", who="김보라")
    host = Person.objects.create_user("host@hansori.example", name="임", roles=["host"])
    assert client_of(host).get(f"/desk/{talk.pk}/history").status_code == 404
