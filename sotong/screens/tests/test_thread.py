"""An open conversation: its pictures, its head, whose names it shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from sotong.audit.actions import record
from sotong.contacts.actions.identities import Met, meet_identities
from sotong.contacts.models import Identity
from sotong.inbox.actions.standing import recount, save
from sotong.inbox.models import CannedResponse, Conversation, Message, MessageMedia
from sotong.notices.queries import open_for
from sotong.people.models import Person, Team

pytestmark = pytest.mark.django_db


def test_a_canned_response_calls_customers_what_they_call_themselves(client_of, hana, care, converse):
    CannedResponse.objects.create(name="인사", text="{이름} 님, {내이름}이에요.", language="ko", by=hana)
    conversation = converse(care, "로밍이 안 돼요", who="bada_1102")
    page = f"/desk/{conversation.pk}/"
    assert f'data-canned="bada_1102 님, {hana.shown_name}예요."' in client_of(hana).get(page).content.decode()
    Identity.objects.update(name="김바다")
    assert f'data-canned="김바다 님, {hana.shown_name}예요."' in client_of(hana).get(page).content.decode()


def test_without_canned_responses_the_menu_offers_to_write_one_and_the_desk_stays_lit(client_of, care, converse):
    lead = Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])
    conversation = converse(care)
    client, page = client_of(lead), f"/desk/{conversation.pk}/"
    lit = re.compile(r'<a href="/desk/" aria-current="page"')
    for offered, url in (("자주 쓰는 답 만들기", "/inbox/canned/new/"), ("자주 쓰는 답 고치기", "/inbox/canned/")):
        said = client.get(page).content.decode()
        assert re.search(rf'<a href="{url}\?for={conversation.pk}"><svg.*?</svg>{offered}</a>', said)
        assert lit.search(client.get(url).content.decode())
        CannedResponse.objects.create(name="인사", text="안녕하세요", language="ko", by=lead)


def test_a_picture_is_shown_once_it_was_fetched_and_its_place_is_kept_till_then(client_of, hana, care, converse):
    conversation = converse(care, "이 사진 좀 봐 주세요")
    # What the network says of the picture is known with the post; the picture itself is fetched afterwards.
    picture = MessageMedia.objects.create(
        message=conversation.messages.get(), position=0, url="http://127.0.0.1:1/x.png", mime="image/png",
        width=3, height=2,
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


def test_a_name_cannot_turn_the_direction_of_what_stands_around_it(company, client_of, hana, care, converse):
    met = Met(remote_id="i", handle="", name="\u202eㅁㅊ", url="", observed_at=datetime.now(UTC))
    found = meet_identities(network="practice", origin=care.origin, met=[met])
    assert found["i"].name == "ㅁㅊ"
    conversation = converse(care, "보세요", who="\u202e아나운서")  # as kept by an earlier version
    client = client_of(hana)
    for address in ("/desk/?view=all", f"/desk/{conversation.pk}/panel"):
        html = client.get(address).content.decode()
        assert re.search("<bdi[^>]*>\u202e아나운서</bdi>", html)


def test_one_channel_is_not_called_many_in_english(client_of, hana, care):
    Person.objects.update(language="en")
    hana.refresh_from_db()
    assert "1 channel ·" in client_of(hana).get("/desk/").content.decode()


def test_one_banner_stands_above_a_thread_and_who_else_is_here_stands_in_its_head(client_of, hana, care, converse):
    conversation = converse(care, "요금이 두 번 나갔어요")
    lead = Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])
    client = client_of(lead)
    client_of(hana).post(f"/inbox/{conversation.pk}/presence", {"is_typing": "1"})
    notes = f"/desk/{conversation.pk}/notes"
    for holder, banner in ((None, "연습 네트워크예요. 밖으로 나가지 않아요."), (hana, "박하나 님이 맡고 있어요.")):
        until = datetime.now(UTC) + timedelta(minutes=9) if holder else None
        Conversation.objects.filter(pk=conversation.pk).update(claimed_by=holder, claim_until=until)
        said, _, here = client.get(notes).content.decode().partition('<span id="here"')
        assert said.count("note-bar") == 1
        assert banner in said
        assert "연습 네트워크" in said
        assert "박하나 님이 답을 쓰고 있어요." in here and "hx-swap-oob" in here
    page = client.get(f"/desk/{conversation.pk}/").content.decode()
    head = page.partition('id="thread-head"')[2].partition('id="thread-notes"')[0]
    assert "박하나 님이 답을 쓰고 있어요." in head and "hx-swap-oob" not in head


def test_what_a_colleague_holds_says_so_and_can_be_taken_over_by_a_lead(client_of, hana, care, converse):
    conversation = converse(care, "요금이 두 번 나갔어요")
    until = datetime.now(UTC) + timedelta(minutes=9)
    Conversation.objects.filter(pk=conversation.pk).update(claimed_by=hana, claim_until=until)
    lead = Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])
    head = client_of(lead).get(f"/desk/{conversation.pk}/messages").content.decode().partition('id="thread-head"')[2]
    assert head.startswith(f' data-held-words="박하나 님이 맡고 있어요." data-held-by="{hana.pk}"')
    assert 'data-key="Shift+KeyC" data-key-label="넘겨받기"' in head
    client_of(lead).post(f"/inbox/{conversation.pk}/take-over")
    client_of(hana).get(f"/desk/{conversation.pk}/messages")
    assert open_for(hana).count() == 1, "a screen that renews itself is no person who looks"
    client_of(hana).get(f"/desk/{conversation.pk}/panel")
    assert open_for(hana).count() == 0
    Conversation.objects.filter(pk=conversation.pk).update(claimed_by=hana, claim_until=until)
    assert "data-held-words" not in client_of(hana).get(f"/desk/{conversation.pk}/messages").content.decode()


def test_what_was_handed_to_one_says_so_until_it_is_claimed(client_of, hana, care, converse):
    conversation = converse(care, "요금이 두 번 나갔어요")
    page, client = f"/desk/{conversation.pk}/messages", client_of(hana)
    assert "나에게 배정됨" not in client.get(page).content.decode()
    Conversation.objects.filter(pk=conversation.pk).update(assigned_to=hana)
    html, row = client.get(page).content.decode(), "/desk/rows?view=all"
    assert "나에게 배정됨" in html and 'data-key-label="맡기"' in html
    mine = client.get(row).content.decode()
    assert "나에게 배정됨" in mine and "내가 맡음" not in mine
    lead = client_of(Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"]))
    assert all("박하나에게 배정됨" in lead.get(place).content.decode() for place in (page, row))
    notes = f"/desk/{conversation.pk}/notes"
    assert "박하나에게 배정된 대화예요." in lead.get(notes).content.decode()
    assert "배정된 대화예요" not in client.get(notes).content.decode()
    client.post(f"/inbox/{conversation.pk}/claim")
    assert "나에게 배정됨" not in client.get(page).content.decode()
    assert "내가 맡음" in client.get(row).content.decode()


def test_handing_over_is_offered_to_whoever_may_give_it_to_others(client_of, hana, care, converse):
    lead = Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])
    page = f"/desk/{converse(care).pk}/"
    for person, is_offered in ((hana, False), (lead, True)):
        said = client_of(person).get(page).content.decode()
        assert ('data-key="KeyH"' in said, 'id="dialog-assign"' in said) == (is_offered, is_offered)


def test_handing_over_begins_with_who_has_it_now_and_calls_oneself_oneself(client_of, hana, care, converse):
    lead = Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])
    conversation, client, team = converse(care), client_of(lead), Team.objects.create(name="야간")
    until = datetime.now(UTC) + timedelta(minutes=5)
    for has_it, person, of_team in (
        ({}, "", ""),
        ({"assigned_to": hana}, hana.pk, ""),
        ({"assigned_to": hana, "assigned_team": team, "claimed_by": lead, "claim_until": until}, lead.pk, team.pk),
    ):
        Conversation.objects.filter(pk=conversation.pk).update(**has_it)
        page = client.get(f"/desk/{conversation.pk}/messages").content.decode()
        assert f'data-dialog-open="dialog-assign" data-person="{person}" data-team="{of_team}"' in page
    for url in (f"/desk/{conversation.pk}/panel", "/desk/many/assign"):
        page = client.get(url).content.decode()
        assert f'<option value="{lead.pk}">이나래 (나)</option>' in page
        assert f'<option value="{hana.pk}">박하나</option>' in page


def test_who_waits_after_the_first_answer_waits_in_the_head_as_in_the_row(client_of, hana, care, converse):
    conversation = converse(care, "요금이 두 번 나갔어요", minutes_ago=50)
    began = datetime.now(UTC) - timedelta(minutes=50)
    answered = {"first_inbound_at": began, "first_human_reply_at": began + timedelta(seconds=45)}
    client = client_of(hana)

    def head() -> str:
        page = client.get(f"/desk/{conversation.pk}/messages").content.decode()
        return re.sub(r"<[^>]+>", "", page.partition('id="thread-head"')[2])

    assert "첫 답을 50분 기다림" in head()
    Conversation.objects.filter(pk=conversation.pk).update(**answered)
    assert "첫 답 45초" in head() and "·50분 기다림" in head()
    Conversation.objects.filter(pk=conversation.pk).update(waiting_since=None)
    assert "첫 답 45초" in head() and "기다림" not in head()


def test_ending_begins_with_what_the_rule_says(client_of, hana, care, converse):
    conversation, client = converse(care), client_of(hana)
    for answered_id, usual in ((0, "no_answer_needed"), (1, "solved")):
        Conversation.objects.filter(pk=conversation.pk).update(answered_id=answered_id)
        page = client.get(f"/desk/{conversation.pk}/messages").content.decode()
        assert page.count(f'data-dialog-open="dialog-resolve" data-outcome="{usual}"') == 2


def test_a_resolved_conversation_looks_resolved(client_of, hana, care, converse):
    conversation = converse(care, "요금이 두 번 나갔어요", minutes_ago=50)
    ended = {"state": "resolved", "outcome": "not_possible", "resolved_at": datetime.now(UTC)}
    Conversation.objects.filter(pk=conversation.pk).update(**ended)
    record("inbox.resolve_conversation", by=hana, subject=conversation)
    client = client_of(hana)
    head = client.get(f"/desk/{conversation.pk}/messages").content.decode().partition('id="thread-head"')[2]
    for said in ("끝남", "해 드릴 수 없음", "박하나", "<time"):
        assert said in head
    assert "기다림" not in head
    Conversation.objects.filter(pk=conversation.pk).update(last_inbound_id=2**40)
    row = client.get("/desk/rows?view=resolved").content.decode()
    assert "끝남" in row
    for unsaid in ("기다림", "아직 아무도 안 맡음", "udot", "unread"):
        assert unsaid not in row


def test_what_a_public_reply_would_answer_is_said_to_be_deleted_before_it_is_written(client_of, hana, care, converse):
    conversation = converse(care, "하나", "둘")
    first, second = conversation.messages.order_by("pk")
    client, said = client_of(hana), 'placeholder="고객이 글을 지워서 공개로는 답할 수 없어요"'

    def shown() -> tuple[bool, list[str]]:
        html = client.get(f"/desk/{conversation.pk}/").content.decode()
        return said in html, re.findall(r'data-kind="(\w+)"', html)

    Message.objects.filter(pk=second.pk).update(deleted_at=second.posted_at)
    assert shown() == (False, ["public"]), "the first still stands and is answered"
    Message.objects.filter(pk=first.pk).update(deleted_at=first.posted_at)
    assert shown() == (True, ["direct"])


def test_a_title_does_not_go_on_saying_what_its_author_deleted(client_of, hana, care, converse):
    gone, other = converse(care, "지울 비밀", "남는 글", who="김보라"), converse(care, "딴 이야기", who="김보라")
    Identity.objects.filter(pk=other.identity_id).update(contact=gone.identity.contact)
    first = gone.messages.order_by("posted_at")[0]
    Message.objects.filter(pk=first.pk).update(deleted_at=first.posted_at)
    recount([gone])
    save([gone])
    page = client_of(hana).get(f"/desk/{gone.pk}/").content.decode()
    assert '<h2 class="cut">글쓴이가 지운 글이에요.</h2>' in page
    assert page.count("지울 비밀") == 1, "in the thread alone"
    beside = client_of(hana).get(f"/desk/{other.pk}/history").content.decode()
    assert "글쓴이가 지운 글이에요." in beside and "지울 비밀" not in beside
