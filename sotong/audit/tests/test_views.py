"""The pages of the trail."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from sotong.audit.actions import record
from sotong.audit.models import Entry
from sotong.audit.queries import Filter, page
from sotong.people.models import Company, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> Person:
    Company.objects.create(name="한소리텔레콤")
    return Person.objects.create(email="a@x.example", name="정바다", roles=["privacy_officer"])


@pytest.fixture
def client(auditor: Person) -> Client:
    client = Client()
    client.force_login(auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def titles(response: Any) -> list[str]:
    return [row["entry"].action for row in response.context["rows"]]


def test_an_entry_says_who_what_whom_when_and_why(client: Client, auditor: Person) -> None:
    record("people.deactivate_person", by=auditor, subject=auditor, contact_id=7, reason="쉬어요", roles=["agent"])
    text = client.get("/audit/?action=people.deactivate_person").content.decode()
    for part in ("정바다", "쉬게 했어요", "연락처 7", "쉬어요", "agent", "<time"):
        assert part in text


def test_filters_narrow_and_are_kept(client: Client, auditor: Person) -> None:
    record("test.one", by=None, contact_id=3)
    record("test.two", by=auditor, contact_id=4)
    assert titles(client.get("/audit/", {"contact": "3"})) == ["test.one"]
    assert titles(client.get(f"/audit/?person={auditor.pk}&action=test.two")) == ["test.two"]
    assert titles(client.get("/audit/", {"until": "2001-01-01"})) == []
    assert "test.one" in titles(client.get("/audit/", {"since": "2001-01-01"}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact": "x"},
        {"contact": "0"},
        {"contact": "9" * 30},
        {"since": "yesterday"},
        {"person": "999"},
        {"action": "a\0b"},
    ],
)
def test_a_wrong_filter_says_so_and_shows_what_there_is(client: Client, wrong: dict[str, str]) -> None:
    response = client.get("/audit/", wrong)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert response.context["rows"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30", "9999-12-31"])
def test_the_first_and_the_last_day_there_are_can_be_asked_for(client: Client, auditor: Person, day: str) -> None:
    record("test.one", by=None)
    for zone in ("Asia/Seoul", "America/Anchorage"):
        Person.objects.filter(pk=auditor.pk).update(time_zone=zone)
        shown = {name: titles(client.get("/audit/", {name: day, "action": "test.one"})) for name in ("since", "until")}
        assert shown == {"since": ["test.one"] if day < "2000" else [], "until": ["test.one"] if day > "2000" else []}


@pytest.mark.parametrize("place", ["", "x", "-1", "²", "9" * 40, "9" * 5000, "0", "a\0b"])
def test_a_nonsense_place_is_no_error(client: Client, place: str) -> None:
    for name in ("before", "after"):
        assert client.get("/audit/", {name: place}).status_code == 200
        assert client.get("/audit/rows/", {name: place}).status_code == 200
    assert client.get("/audit/rows/", {"before": f"2026-01-01T00:00:00+00:00|{place}"}).status_code == 200


def test_pages_neither_skip_nor_repeat_while_entries_arrive() -> None:
    for number in range(120):
        record("test.many", by=None, number=number)
    wanted = Filter(action="test.many")
    first = page(wanted)
    record("test.many", by=None, number=999)
    second = page(wanted, before=first.older)
    third = page(wanted, before=second.older)
    seen = [row.detail["number"] for part in (first, second, third) for row in part.rows]
    assert seen == list(range(119, -1, -1))
    assert third.older is None
    back = page(wanted, after=third.newer)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]


def test_hostile_text_stays_text(client: Client) -> None:
    record("test.<b>", by=None, actor="<script>alert(1)</script>", reason="<img src=x onerror=alert(1)>", note="</dl>")
    text = client.get("/audit/").content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "test.<b>" not in text


def test_the_file_is_itself_an_entry_and_runs_no_formula(client: Client, auditor: Person) -> None:
    record("test.file", by=None, reason='=HYPERLINK("http://evil")', actor="+1")
    response = client.post("/audit/export", {"action": "test.file"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = list(csv.DictReader(StringIO(body)))
    assert row["reason"].startswith("'=")
    assert row["actor"] == "'+1"
    assert Entry.objects.get(action="audit.export").detail == {"filters": {"action": "test.file"}}


@pytest.mark.parametrize("wrong", [{"action": "a\0b"}, {"contact": "x"}, {"until": "9999-12-32"}, {"person": "999"}])
def test_a_file_with_a_wrong_filter_is_refused_and_nothing_is_written_down(
    client: Client, wrong: dict[str, str]
) -> None:
    response = client.post("/audit/export", wrong)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Entry.objects.filter(action="audit.export").exists()


def test_the_entry_of_a_file_holds_what_was_asked_for_and_nothing_else(client: Client, auditor: Person) -> None:
    record("test.one", by=auditor)
    asked = {"person": str(auditor.pk), "until": "9999-12-31", "contact": "007", "since": "", "note": "a\0b"}
    assert client.post("/audit/export", asked).status_code == 200
    kept = Entry.objects.get(action="audit.export").detail["filters"]
    assert kept == {"person": str(auditor.pk), "until": "9999-12-31", "contact": "7"}


def test_changed_rows_name_who_did_it_and_mark_who_passed_by(client: Client, auditor: Person) -> None:
    Person.objects.filter(pk=auditor.pk).update(nickname="바다")
    client.post("/me/theme/", {"theme": "dark"})
    rows = client.get("/audit/rows/", {"model": "people.Person"}).context["rows"]
    named = {
        name: (row.is_direct, row.person_id) for row in rows if row.label == "update" for name, *_ in row.before_after
    }
    assert named["nickname"] == (True, None)
    assert named["theme"] == (False, auditor.pk)
    assert all(row.is_direct for row in client.get("/audit/rows/", {"direct": "1"}).context["rows"])
    assert client.get("/audit/rows/", {"model": "nonsense"}).status_code == 200


def test_changed_values_have_words_and_the_viewers_time(client: Client, auditor: Person) -> None:
    auditor.teams.create(name="야간")
    auditor.refresh_from_db()
    rows = client.get("/audit/rows/").context["rows"]
    made = next(row for row in rows if row.model == "people.Person")
    local = auditor.joined_at.astimezone(ZoneInfo("Asia/Seoul"))
    with timezone.override(ZoneInfo("Asia/Seoul")):
        assert ("들어온 날", None, f"{local:%Y-%m-%d %H:%M:%S}") in made.shown
        joined = next(row for row in rows if row.model == "people.TeamMember")
        assert ("사람", None, f"사람 {auditor.pk}") in joined.shown
