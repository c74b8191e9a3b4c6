"""The bar and the dialogs for many conversations at once."""

from __future__ import annotations

import re

import pytest

from sotong.inbox.models import Label
from sotong.people.models import Company, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def narae(company: Company) -> Person:
    return Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])


def test_everything_that_can_be_done_to_many_is_offered(client_of, narae, hana, care, converse):
    converse(care, "로밍이 안 돼요")
    html = client_of(narae).get("/desk/?view=all").content.decode()
    bar = html.partition('<div id="bulk"')[2].partition('<div class="scroll" id="list"')[0]
    assert set(re.findall(r'name="do" value="(\w+)"', bar)) == {"claim", "release", "reopen"}
    assert set(re.findall(r'hx-get="/desk/many/(\w+)"', bar)) == {"resolve", "snooze", "assign", "label"}
    assert 'id="bulk"' not in client_of(hana).get("/desk/?view=all").content.decode()


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("resolve", ["어떻게 끝났나요?", "해결됨", "답이 필요 없음", 'name="reason"']),
        ("snooze", ["내일 아침 9시", 'value="tomorrow"', 'name="until_local"', " novalidate"]),
        ("assign", ["박하나", 'name="person"']),
        ("label", ["로밍", 'name="labels"', 'name="new"']),
    ],
)
def test_a_dialog_asks_about_all_that_are_picked(what, wanted, client_of, narae, hana):
    Label.objects.create(name="로밍")
    html = client_of(narae).get(f"/desk/many/{what}").content.decode()
    for part in (*wanted, "data-dialog-show", f'name="do" value="{what}"', 'hx-include="#list [data-pick]:checked"'):
        assert part in html
    assert "checked>" not in html.replace('value="" checked>', ""), "nothing is chosen for them but the outcome"
    assert client_of(hana).get(f"/desk/many/{what}").status_code == 403


@pytest.mark.parametrize("what", ["nonsense", "%00", "..%2Fdesk"])
def test_any_other_dialog_is_not_there(what, client_of, narae):
    assert client_of(narae).get(f"/desk/many/{what}").status_code == 404


def test_dialogs_of_one_and_of_many_share_no_id(client_of, narae, care, converse):
    conversation = converse(care, "로밍이 안 돼요")
    Label.objects.create(name="장애")
    client = client_of(narae)
    pages = [client.get(f"/desk/{conversation.pk}/?view=all")]
    pages += [client.get(f"/desk/many/{what}") for what in ("resolve", "snooze", "assign", "label")]
    ids = [found for page in pages for found in re.findall(r'\bid="([^"]+)"', page.content.decode())]
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_the_end_of_a_conversation_is_told_in_the_viewers_words(client_of, hana, care, converse):
    conversation = converse(care, "로밍이 안 돼요")
    dialog = client_of(hana).get(f"/desk/{conversation.pk}/").content.decode().partition('id="dialog-resolve"')[2]
    words = re.findall(r'name="outcome" value="\w+"[^>]*><span>([^<]+)</span>', dialog)
    assert len(words) == 5
    assert all(re.search("[가-힣]", one) for one in words)
