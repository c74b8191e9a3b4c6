"""The same thing for many conversations at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sotong.access import allow
from sotong.design.rules import when_words
from sotong.inbox.actions.bulk import BulkOutcome, apply_to_many
from sotong.inbox.forms.changing import BulkForm
from sotong.inbox.models import Conversation
from sotong.inbox.queries.ending import not_surely_sent
from sotong.inbox.rules.refusals import HeldByOther, NotThere, Refusal
from sotong.inbox.views.answering import answers, done, read
from sotong.people.models import Person
from sotong.people.queries import person_of

NAMED = 5
"""So many conversations are named of those that were refused for one reason."""
TAKEN_BACK_BY = {"resolve": "undo_end", "snooze": "undo_end"}
"""What is undone by what; claims, assignments and labels had been different before, each for itself."""


@dataclass(frozen=True)
class Refused:
    """``names``: whose conversations; ``why``: the one reason."""

    names: str
    why: str


@allow("inbox.bulk")
@answers
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing to many conversations; says how many were done, which were not, and why."""
    form = read(BulkForm, request)
    do = form.cleaned_data["do"]
    outcome = apply_to_many(
        do=do,
        conversation_ids=form.cleaned_data["ids"],
        by=person_of(request),
        at=timezone.now(),
        **form.values,
    )
    said = _done_words(do, outcome.done, form, person_of(request))
    if do == "resolve" and (n := _with_unsent(outcome.done)):
        words = ngettext(
            "그중 {n}개에는 아직 나가지 않았거나 나갔는지 모르는 답이 있어요.",
            "그중 {n}개에는 아직 나가지 않았거나 나갔는지 모르는 답이 있어요.",
            n,
        )
        said += " " + words.format(n=n)
    if count := len(outcome.refused):
        said += " " + ngettext("{n}개는 못 했어요.", "{n}개는 못 했어요.", count).format(n=count)
    undo_url = ""
    if do in TAKEN_BACK_BY and outcome.done:
        query = urlencode({"do": TAKEN_BACK_BY[do], "ids": outcome.done}, doseq=True)
        undo_url = f"{reverse('inbox:bulk')}?{query}"
    body = render(request, "inbox/_bulk_said.html", {"words": said, "refused": _refused(outcome)})
    picked = {"refused": [pk for pk, _why in outcome.refused]}
    seconds = 10 if undo_url or count else 6
    return done(request, said, undo_url=undo_url, seconds=seconds, body=body, events={"sotong:picked-done": picked})


def _with_unsent(ids: list[int]) -> int:
    """How many of them have a reply that has not surely left."""
    return len({conversation_id for conversation_id, _state in not_surely_sent(ids)})


def _done_words(do: str, ids: list[int], form: BulkForm, by: Person) -> str:
    """What was done to how many."""
    n = len(ids)
    if not n:
        return _("바꾼 대화가 없어요.")
    if do == "assign":
        return _assigned_words(ids, by)
    until = ""
    if do == "snooze" and form.moment is not None:
        until = when_words(timezone.localtime(form.moment), timezone.localtime(), "until")
    words = {
        "resolve": ngettext("대화 {n}개를 끝냈어요.", "대화 {n}개를 끝냈어요.", n),
        "reopen": ngettext("대화 {n}개를 다시 열었어요.", "대화 {n}개를 다시 열었어요.", n),
        "undo_end": ngettext("대화 {n}개를 되돌렸어요.", "대화 {n}개를 되돌렸어요.", n),
        "snooze": ngettext("대화 {n}개를 {when}까지 미뤘어요.", "대화 {n}개를 {when}까지 미뤘어요.", n),
        "claim": ngettext("대화 {n}개를 맡았어요.", "대화 {n}개를 맡았어요.", n),
        "release": ngettext("대화 {n}개를 놓았어요.", "대화 {n}개를 놓았어요.", n),
        "label": ngettext("대화 {n}개에 꼬리표를 붙였어요.", "대화 {n}개에 꼬리표를 붙였어요.", n),
    }[do]
    return words.format(n=n, when=until)


def _assigned_words(ids: list[int], by: Person) -> str:
    n, first = len(ids), Conversation.objects.select_related("assigned_to", "assigned_team").get(pk=ids[0])
    if first.assigned_to == by and first.assigned_team is None:
        return ngettext("대화 {n}개를 내가 가져왔어요.", "대화 {n}개를 내가 가져왔어요.", n).format(n=n)
    names = [first.assigned_to.shown_name] if first.assigned_to else []
    names += [first.assigned_team.name] if first.assigned_team else []
    if not names:
        return ngettext("대화 {n}개에서 맡은 사람을 비웠어요.", "대화 {n}개에서 맡은 사람을 비웠어요.", n).format(n=n)
    words = ngettext("대화 {n}개를 {who}에게 넘겼어요.", "대화 {n}개를 {who}에게 넘겼어요.", n)
    return words.format(n=n, who=", ".join(names))


def _refused(outcome: BulkOutcome) -> list[Refused]:
    """Those that were not done, by reason; of what a person may not know of the number alone is said."""
    reasons: dict[str, list[int]] = defaultdict(list)
    hidden: set[int] = set()
    for pk, refusal in outcome.refused:
        reasons[_why(refusal)].append(pk)
        if isinstance(refusal, NotThere):
            hidden.add(pk)
    shown = Conversation.objects.select_related("identity").in_bulk([pk for pk, _why in outcome.refused])
    names = {pk: one.identity.shown_name for pk, one in shown.items() if pk not in hidden}
    return [Refused(_listed([names.get(pk, _("대화 번호 {n}").format(n=pk)) for pk in pks]), why)
            for why, pks in reasons.items()]  # fmt: skip


def _why(refusal: Refusal) -> str:
    """Of a claim the holder alone: how to send a text all the same helps nobody here."""
    return refusal.what if isinstance(refusal, HeldByOther) else f"{refusal.what} {refusal.next}".strip()


def _listed(names: list[str]) -> str:
    rest = len(names) - NAMED
    said = ", ".join(names[:NAMED])
    return said if rest <= 0 else _("{names} 외 {n}개").format(names=said, n=rest)
