"""Taking a conversation, giving it back, taking it over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sotong.access import allow
from sotong.inbox.actions.claiming import claim_conversation, release_claim, take_over
from sotong.inbox.rules.refusals import HeldByOther
from sotong.inbox.views.answering import answers_aloud, done, refused
from sotong.people.queries import person_of


@allow("inbox.reply")
@answers_aloud
def claim(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Take a conversation; whoever may take it over from its holder is offered that."""
    try:
        claim_conversation(conversation_id=conversation_id, by=person_of(request), at=timezone.now())
    except HeldByOther as held:
        url = reverse("inbox:take_over", args=[conversation_id])
        action = {"label": _("넘겨받기"), "url": url} if held.facts["may_take_over"] else None
        return refused(request, held, aloud=True, action=action)
    return done(request, _("이 대화를 맡았어요."))


@allow("inbox.reply")
@answers_aloud
def release(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Give a conversation back."""
    release_claim(conversation_id=conversation_id, by=person_of(request), at=timezone.now())
    return done(request, _("대화를 놓았어요. 다른 사람이 맡을 수 있어요."))


@allow("inbox.assign")
@answers_aloud
def take(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Take a conversation from whoever holds it."""
    take_over(conversation_id=conversation_id, by=person_of(request), at=timezone.now())
    return done(request, _("이 대화를 넘겨받았어요."))
