"""Roles, authority, leaving and returning; help with passwords; teams."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from sotong.audit.models import Entry
from sotong.bus.models import Signal
from sotong.people.actions.inviting import LinkDead
from sotong.people.actions.passwords import (
    find_reset_link,
    issue_reset_link,
    remove_second_factors,
    use_reset_link,
)
from sotong.people.actions.preferences import change_preferences
from sotong.people.actions.standing import ChangeRefused, change_standing, deactivate_person, reactivate_person
from sotong.people.actions.teams import NameTaken, TeamInUse, change_team, create_team, delete_team, join_teams
from sotong.people.models import Person, ResetLink, Session, Team
from sotong.people.rules import LinkState, Refusal
from sotong.people.tests.conftest import AT, SECRET

pytestmark = pytest.mark.django_db
WHY = "밤 근무를 맡았어요"


def standing(person: Person, by: Person, **changed: Any) -> Person:
    wanted = {"roles": ["agent", "lead"], "authority": 2, "reason": WHY, **changed}
    return change_standing(person_id=person.pk, by=by, at=AT, **wanted)


def test_a_change_of_roles_is_recorded_ends_sessions_and_tells_open_screens(
    narae: Person, hana: Person, browser_of: Any
) -> None:
    client = browser_of(hana)
    assert client.get("/people/").status_code == 200
    standing(hana, narae)
    hana.refresh_from_db()
    assert (hana.roles, hana.authority) == (["agent", "lead"], 2)
    assert client.get("/people/").status_code == 302
    entry = Entry.objects.get(action="people.change_standing")
    assert entry.reason == WHY
    assert entry.detail == {
        "before": {"roles": ["agent"], "authority": 1},
        "after": {"roles": ["agent", "lead"], "authority": 2},
    }
    assert Signal.objects.filter(name="person", ids={"person": hana.pk}).exists()


def test_the_same_values_change_nothing(narae: Person, hana: Person, browser_of: Any) -> None:
    client = browser_of(hana)
    standing(hana, narae, roles=["agent"], authority=1, reason="")
    assert client.get("/people/").status_code == 200
    assert not Entry.objects.filter(action="people.change_standing").exists()


@pytest.mark.parametrize("roles", [["agent"], ["administrator", "lead", "agent", "analyst"]])
def test_nobody_changes_their_own_roles(narae: Person, roles: list[str]) -> None:
    with pytest.raises(ChangeRefused) as refused:
        standing(narae, narae, roles=roles)
    assert refused.value.refusal is Refusal.ONESELF


def test_an_administrator_cannot_touch_the_founder(narae: Person, garam: Person) -> None:
    for act in (
        lambda: standing(narae, garam),
        lambda: deactivate_person(person_id=narae.pk, reason=WHY, by=garam, at=AT),
        lambda: issue_reset_link(person_id=narae.pk, reason=WHY, by=garam, at=AT),
        lambda: remove_second_factors(person_id=narae.pk, reason=WHY, by=garam, at=AT),
    ):
        with pytest.raises(ChangeRefused) as refused:
            act()
        assert refused.value.refusal is Refusal.OWNER


def test_a_risky_change_needs_a_reason(narae: Person, hana: Person) -> None:
    for act in (
        lambda: standing(hana, narae, reason=" "),
        lambda: deactivate_person(person_id=hana.pk, reason="", by=narae, at=AT),
        lambda: issue_reset_link(person_id=hana.pk, reason="", by=narae, at=AT),
        lambda: remove_second_factors(person_id=hana.pk, reason="", by=narae, at=AT),
    ):
        with pytest.raises(ChangeRefused) as refused:
            act()
        assert refused.value.refusal is Refusal.REASON_MISSING


def test_whoever_leaves_is_out_at_once_and_keeps_their_name(narae: Person, hana: Person, browser_of: Any) -> None:
    client = browser_of(hana)
    token = issue_reset_link(person_id=hana.pk, reason=WHY, by=narae, at=AT)
    deactivate_person(person_id=hana.pk, reason="회사를 옮겼어요", by=narae, at=AT)
    assert client.get("/people/").status_code == 302
    again = client.post("/accounts/login/", {"login": "hana@hansori.example", "password": SECRET})
    assert again.url == "/accounts/inactive/"
    with pytest.raises(LinkDead):
        find_reset_link(token=token, at=AT)
    assert Person.objects.get(pk=hana.pk).name == "박하나"
    reactivate_person(person_id=hana.pk, reason="돌아왔어요", by=narae, at=AT)
    assert client.get("/people/").status_code == 302, "an old session must not come back to life"
    with pytest.raises(LinkDead):
        find_reset_link(token=token, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_the_same_time(company: Any) -> None:
    names = [f"admin{n}@x.example" for n in range(2)]
    one, two = (Person.objects.create_user(name, SECRET, name=name, roles=["administrator"]) for name in names)
    outcomes: list[Any] = []

    def remove(who: Person, by: Person) -> None:
        try:
            standing(who, by, roles=["agent"])
            outcomes.append("changed")
        except ChangeRefused as refused:
            outcomes.append(refused.refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Person.objects.filter(roles__contains=["administrator"]).count() == 1
    assert sorted(map(str, outcomes)) == ["changed", "last_administrator"]


class TestResetLinks:
    def test_set_a_new_password_once_and_end_every_session(self, narae: Person, hana: Person, browser_of: Any) -> None:
        client = browser_of(hana)
        token = issue_reset_link(person_id=hana.pk, reason=WHY, by=narae, at=AT)
        assert token not in str(ResetLink.objects.values().get())
        use_reset_link(token=token, password="새로 지은 긴 비밀번호", at=AT)
        hana.refresh_from_db()
        assert hana.check_password("새로 지은 긴 비밀번호")
        assert client.get("/people/").status_code == 302
        with pytest.raises(LinkDead) as dead:
            use_reset_link(token=token, password="또 다른 긴 비밀번호", at=AT)
        assert dead.value.state is LinkState.USED

    def test_die_after_a_day_and_when_a_newer_one_is_made(self, narae: Person, hana: Person) -> None:
        old = issue_reset_link(person_id=hana.pk, reason=WHY, by=narae, at=AT)
        new = issue_reset_link(person_id=hana.pk, reason=WHY, by=narae, at=AT)
        with pytest.raises(LinkDead):
            use_reset_link(token=old, password="x" * 20, at=AT)
        with pytest.raises(LinkDead):
            use_reset_link(token=new, password="x" * 20, at=AT + timedelta(hours=24))
        assert use_reset_link(token=new, password="x" * 20, at=AT + timedelta(hours=23)) == hana

    def test_are_not_for_oneself(self, narae: Person) -> None:
        with pytest.raises(ChangeRefused):
            issue_reset_link(person_id=narae.pk, reason=WHY, by=narae, at=AT)

    def test_pages_lead_back_to_the_sign_in(self, narae: Person, hana: Person, browser_of: Any, client: Any) -> None:
        shown = browser_of(narae).post(f"/people/{hana.pk}/reset-link", {"resetting-reason": WHY})
        link = shown.context["link"]
        assert client.post(link, {"password": "hana@hansori"}).status_code == 422
        assert client.post(link, {"password": "달빛 아래 긴 산책"}).url == "/accounts/login/"
        assert client.get(link).status_code == 410


class TestTeams:
    def test_are_made_changed_and_recorded(self, narae: Person, hana: Person, garam: Person) -> None:
        team = create_team(name=" 밤 ", members=[hana.pk], by=narae)
        assert team.name == "밤"
        change_team(team_id=team.pk, name="심야", members=[garam.pk, hana.pk, 999], by=narae)
        assert Entry.objects.get(action="people.change_team").detail["after"] == {
            "name": "심야",
            "members": sorted([garam.pk, hana.pk]),
        }
        join_teams(person_id=hana.pk, teams=[], by=narae)
        assert list(team.members.all()) == [garam]

    def test_have_names_of_their_own(self, narae: Person) -> None:
        create_team(name="밤", by=narae)
        other = create_team(name="낮", by=narae)
        with pytest.raises(NameTaken):
            create_team(name="밤", by=narae)
        with pytest.raises(NameTaken):
            change_team(team_id=other.pk, name="밤", members=[], by=narae)
        assert sorted(Team.objects.values_list("name", flat=True)) == ["낮", "밤"]

    def test_go_only_when_nothing_refers_to_them(self, narae: Person, hana: Person) -> None:
        from sotong.channels.models import Channel

        team = create_team(name="밤", members=[hana.pk], by=narae)
        channel = Channel.objects.create(
            network="practice", origin="x", remote_id="1", handle="@x", name="x", opened_on=AT.date()
        )
        channel.teams.add(team)
        with pytest.raises(TeamInUse):
            delete_team(team_id=team.pk, by=narae)
        channel.teams.clear()
        delete_team(team_id=team.pk, by=narae)
        assert not Team.objects.exists()


def test_preferences_never_change_what_one_may_do(hana: Person) -> None:
    for name in ("roles", "authority", "is_owner", "is_active", "email", "password"):
        with pytest.raises(TypeError):
            change_preferences(person_id=hana.pk, **{name: "x"})


def test_sessions_name_their_person_and_their_device(hana: Person, client: Any) -> None:
    client.post(
        "/accounts/login/",
        {"login": "hana@hansori.example", "password": SECRET},
        headers={"User-Agent": "Firefox/130 Linux"},
    )
    session = Session.objects.get(person=hana)
    assert (session.device, session.address) == ("Firefox/130 Linux", "127.0.0.1")
    started = session.started_at
    client.get("/me/")
    session.refresh_from_db()
    assert session.started_at == started


class TestWhoeverPostsByHand:
    """Forms made up: what the pages never offer."""

    @pytest.mark.parametrize(
        "posted",
        [
            {"roles": ["wizard"], "authority": "1"},
            {"roles": ["agent"], "authority": "9"},
            {"roles": ["agent"], "authority": "-1"},
            {"roles": [], "authority": "1"},
        ],
    )
    def test_cannot_invent_roles_or_levels(self, narae: Person, hana: Person, browser_of: Any, posted: Any) -> None:
        response = browser_of(narae).post(f"/people/{hana.pk}/standing", {**posted, "reason": WHY})
        assert response.status_code == 422
        assert WHY in response.content.decode()
        hana.refresh_from_db()
        assert (hana.roles, hana.authority) == (["agent"], 1)

    def test_cannot_raise_oneself_or_touch_the_founder(self, narae: Person, garam: Person, browser_of: Any) -> None:
        client = browser_of(garam)
        all_of_it = {"roles": ["administrator", "lead"], "authority": "4", "reason": WHY}
        for person in (garam, narae):
            assert client.post(f"/people/{person.pk}/standing", all_of_it).status_code == 422
        for path in ("leaving", "resetting", "losing"):
            address = {"leaving": "leave", "resetting": "reset-link", "losing": "second-factors/remove"}[path]
            assert client.post(f"/people/{narae.pk}/{address}", {f"{path}-reason": WHY}).status_code == 422
        garam.refresh_from_db()
        narae.refresh_from_db()
        assert (garam.roles, garam.authority, narae.is_active) == (["administrator"], 1, True)

    def test_cannot_choose_who_an_invitation_makes(self, narae: Person, browser_of: Any, client: Any) -> None:
        posted = {"email": "dan@hansori.example", "roles": ["agent"], "authority": "1"}
        link = browser_of(narae).post("/people/invite/", posted).context["link"]
        wanted = {"name": "최단", "password": SECRET, "language": "ko", "time_zone": "Asia/Seoul"}
        client.post(
            link, {**wanted, "roles": "administrator", "authority": "4", "email": "x@x.example", "is_owner": "1"}
        )
        person = Person.objects.get(name="최단")
        assert (person.email, person.roles, person.authority) == ("dan@hansori.example", ["agent"], 1)
        assert not person.is_owner

    def test_cannot_write_markup_into_a_name(self, narae: Person, hana: Person, browser_of: Any) -> None:
        evil = "<script>alert(1)</script>"
        Person.objects.filter(pk=hana.pk).update(name=evil, nickname=evil)
        create_team(name=evil, members=[hana.pk], by=narae)
        client = browser_of(narae)
        for path in ("/people/", f"/people/{hana.pk}/", "/people/teams/", "/audit/", "/audit/rows/", "/people/invite/"):
            assert evil not in client.get(path).content.decode(), path


def test_the_last_administrator_cannot_leave_or_be_demoted_by_a_page(
    narae: Person, garam: Person, browser_of: Any
) -> None:
    Person.objects.filter(pk=narae.pk).update(roles=["agent"])
    client = browser_of(garam)
    response = client.post(f"/people/{garam.pk}/leave", {"leaving-reason": WHY})
    assert response.status_code == 422
    assert "스스로 바꿀 수 없어요" in response.content.decode()
    for act in (
        lambda: deactivate_person(person_id=garam.pk, reason=WHY, by=narae, at=AT),
        lambda: standing(garam, narae),
    ):
        with pytest.raises(ChangeRefused) as refused:
            act()
        assert refused.value.refusal is Refusal.LAST_ADMINISTRATOR
