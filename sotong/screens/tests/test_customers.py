"""Who may read conversations does not thereby see who the customers are and what they said elsewhere."""

from __future__ import annotations

import pytest

from sotong.contacts.actions.searching import search_value
from sotong.contacts.models import Identity
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
