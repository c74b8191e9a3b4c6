"""Ending, putting off, handing over and labelling one conversation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sotong.access import allow
from sotong.design.rules import when_words
from sotong.inbox.actions.assigning import assign_conversation
from sotong.inbox.actions.labelling import set_labels
from sotong.inbox.actions.presence import leave, note_presence
from sotong.inbox.actions.resolving import reopen_conversation, resolve_conversation, snooze_conversation, undo_end
from sotong.inbox.forms.changing import AssignForm, LabelForm, ResolveForm, SnoozeForm
from sotong.inbox.forms.replying import PresenceForm
from sotong.inbox.models import Conversation
from sotong.inbox.views.answering import answers, answers_aloud, done, read
from sotong.people.models import Person
from sotong.people.queries import person_of


@allow("inbox.reply")
@answers
def resolve(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """End a conversation; the toast opens it again."""
    given = read(ResolveForm, request).cleaned_data
    resolve_conversation(
        conversation_id=conversation_id,
        outcome=given["outcome"],
        reason=given["reason"],
        even_so=given["even_so"],
        by=person_of(request),
        at=timezone.now(),
    )
    return done(request, _("대화를 끝냈어요."), undo_url=_undo_url(conversation_id))


@allow("inbox.reply")
@answers_aloud
def reopen(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Open a conversation again, or wake one that was put off; ``undo``: as it was before the person did that."""
    if "undo" in request.GET:
        undo_end(conversation_id=conversation_id, by=person_of(request), at=timezone.now())
        return done(request, _("되돌렸어요."))
    reopen_conversation(conversation_id=conversation_id, by=person_of(request), at=timezone.now())
    return done(request, _("대화를 다시 열었어요."))


@allow("inbox.reply")
@answers
def snooze(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Put a conversation off; the toast brings it back."""
    until = read(SnoozeForm, request).moment
    assert until is not None  # noqa: S101 - the form demands it
    snooze_conversation(conversation_id=conversation_id, until=until, by=person_of(request), at=timezone.now())
    words = when_words(timezone.localtime(until), timezone.localtime(), "until")
    return done(request, _("{when}까지 미뤘어요.").format(when=words), undo_url=_undo_url(conversation_id))


@allow("inbox.reply")
@answers
def assign(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Give a conversation to a person, a team, or nobody."""
    given = read(AssignForm, request).cleaned_data
    conversation = assign_conversation(
        conversation_id=conversation_id,
        person_id=given["person"],
        team_id=given["team"],
        by=person_of(request),
        at=timezone.now(),
    )
    return done(request, _assigned_words(conversation, person_of(request)))


@allow("inbox.reply")
@answers
def label(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Give a conversation exactly the ticked labels, and a new one."""
    given = read(LabelForm, request).cleaned_data
    set_labels(
        conversation_id=conversation_id,
        label_ids=given["labels"],
        new_name=given["new"],
        by=person_of(request),
        at=timezone.now(),
    )
    return done(request, _("꼬리표를 바꿨어요."))


@allow("inbox.read")
@answers
def presence(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """That the person looks at a conversation, types in it, or leaves it."""
    given = read(PresenceForm, request).cleaned_data
    me = person_of(request)
    if given["is_leaving"]:
        leave(conversation_id=conversation_id, by=me)
    else:
        note_presence(conversation_id=conversation_id, is_typing=given["is_typing"], by=me, at=timezone.now())
    return done(request)


def _undo_url(conversation_id: int) -> str:
    return reverse("inbox:reopen", args=[conversation_id]) + "?undo=1"


def _assigned_words(conversation: Conversation | None, by: Person) -> str:
    if conversation is None:
        return _("바뀐 것이 없어요.")
    if conversation.assigned_to == by:
        team = conversation.assigned_team
        return _("나와 {team}에 배정했어요.").format(team=team.name) if team else _("내가 가져왔어요.")
    names = [one.shown_name for one in [conversation.assigned_to] if one is not None]
    names += [one.name for one in [conversation.assigned_team] if one is not None]
    if not names:
        return _("맡은 사람을 비웠어요.")
    return _("{who}에게 넘겼어요.").format(who=", ".join(names))
