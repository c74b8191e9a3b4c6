"""Canned responses: written, changed, deleted by who may."""

from __future__ import annotations

from django.urls import reverse

from sotong.inbox.models import CannedResponse
from sotong.inbox.tests.endpoints import browser, said
from sotong.people.models import Person

GIVEN = {"name": "장애 안내", "text": "{이름} 님, 확인하고 있어요.", "language": "ko"}


def test_written_changed_and_deleted(narae: Person) -> None:
    client = browser(narae)
    assert "아직 자주 쓰는 답이 없어요" in said(client.get(reverse("inbox:canned")))
    made = client.post(reverse("inbox:new_canned"), GIVEN)
    assert (made.status_code, made["Location"]) == (303, reverse("inbox:canned"))
    row = CannedResponse.objects.get()
    listed = said(client.get(reverse("inbox:canned")))
    assert "장애 안내" in listed and "자주 쓰는 답을 저장했어요." in listed
    form = said(client.get(reverse("inbox:change_canned", args=[row.pk])))
    assert "{이름} 님, 확인하고 있어요." in form
    client.post(reverse("inbox:change_canned", args=[row.pk]), GIVEN | {"name": "새 이름"})
    assert CannedResponse.objects.get().name == "새 이름"
    for words in ("자주 쓰는 답을 지웠어요.", "이미 지워진 답이에요."):
        assert client.post(reverse("inbox:remove_canned", args=[row.pk])).status_code == 303
        assert words in said(client.get(reverse("inbox:canned")))
    assert not CannedResponse.objects.exists()


def test_who_comes_from_a_conversation_is_led_back_to_it_and_nowhere_else(narae: Person) -> None:
    client, new, listed = browser(narae), reverse("inbox:new_canned"), reverse("inbox:canned")
    assert f'href="{listed}?for=12"' in said(client.get(f"{new}?for=12")), "leaving it undone"
    made = client.post(f"{new}?for=12", GIVEN)
    assert made["Location"] == f"{listed}?for=12"
    page = said(client.get(made["Location"]))
    change = reverse("inbox:change_canned", args=[CannedResponse.objects.get().pk])
    for address in ("/desk/12/", f"{new}?for=12", f"{change}?for=12"):
        assert f'href="{address}"' in page
    remove = reverse("inbox:remove_canned", args=[CannedResponse.objects.get().pk])
    assert f'action="{remove}?for=12"' in said(client.get(f"{change}?for=12"))
    assert client.post(f"{remove}?for=12")["Location"] == f"{listed}?for=12"
    for strange in ("", "0", "//evil.example/", "https://evil.example/", "1/../..", "９", "9" * 40):
        page = said(client.get(listed, {"for": strange}))
        assert "대화로 돌아가기" not in page
        assert "evil" not in page


def test_what_is_wrong_is_said_and_what_was_typed_stays(narae: Person) -> None:
    client = browser(narae)
    for wrong, words in (
        ({"name": "  "}, "이름을 적어 주세요."),
        ({"text": ""}, "글을 적어 주세요."),
        ({"name": "가" * 81}, "80자까지"),
        ({"text": "가" * 5001}, "5000자까지"),
        ({"language": "fr"}, "말을 골라 주세요."),
        ({"name": "a\0b"}, "저장할 수 없는 문자"),
        ({"text": "주문 {주문번호}"}, "{주문번호} 자리에 무엇을 넣을지 몰라서"),
        ({"text": "주문 {주문번호}"}, "{이름}(고객 이름)과 {내이름}(내 이름)"),
    ):
        answer = client.post(reverse("inbox:new_canned"), GIVEN | wrong)
        assert answer.status_code == 422
        assert words in said(answer)
        kept = GIVEN | wrong
        assert kept["text"][:20] in said(answer)
    broken = client.post(
        reverse("inbox:new_canned"), b"name=a&language=ko&text=%FF", content_type="application/x-www-form-urlencoded"
    )
    assert broken.status_code == 422 and "글자가 깨진 채로" in said(broken)
    assert not CannedResponse.objects.exists()


def test_one_that_someone_deleted_meanwhile_keeps_what_was_typed(narae: Person) -> None:
    answer = browser(narae).post(reverse("inbox:change_canned", args=[10**15]), GIVEN)
    assert answer.status_code == 422
    assert "이 답은 누군가 지웠어요." in said(answer)
    assert "확인하고 있어요." in said(answer)
    assert browser(narae).get(reverse("inbox:change_canned", args=[10**15])).status_code == 404


def test_hostile_text_stays_text(narae: Person) -> None:
    client = browser(narae)
    client.post(reverse("inbox:new_canned"), GIVEN | {"name": "<script>x</script>", "text": "</textarea><b>"})
    page = said(client.get(reverse("inbox:canned")))
    assert "<script>x" not in page and "&lt;script&gt;x" in page


def test_only_who_may(hana: Person, garam: Person) -> None:
    for url in (reverse("inbox:canned"), reverse("inbox:new_canned"), reverse("inbox:change_canned", args=[1])):
        assert browser(hana).get(url).status_code == 403
        assert browser(None).get(url).status_code == 302
    assert browser(garam).get(reverse("inbox:canned")).status_code == 200
    assert browser(hana).post(reverse("inbox:remove_canned", args=[1])).status_code == 403
