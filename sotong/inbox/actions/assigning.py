"""Assignment: whose conversation it is, until someone changes that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from sotong.access.rules import may
from sotong.audit.actions import record
from sotong.inbox.actions.claiming import free, refuse_held
from sotong.inbox.actions.conversations import channels_of
from sotong.inbox.actions.handing import tell_colleague
from sotong.inbox.actions.opening import Channels, open_conversation, tell
from sotong.inbox.models import Conversation
from sotong.inbox.notices import HANDED, HANDED_ON
from sotong.inbox.rules import refusals
from sotong.people.models import Person, Team


def assign_conversation(
    *, conversation_id: int, person_id: int | None, team_id: int | None, by: Person, at: datetime
) -> Conversation | None:
    """Give a conversation to a person, a team, both, or (None) nobody; None when it was theirs already.

    Taking it oneself, or giving one's own back, needs no more than answering does; anything else ``inbox.assign``.
    The claim of whoever is not among those it goes to ends with it, and a colleague whose claim ended is told.

    Raises ``HeldByOther`` while a colleague's claim runs that ``by`` may not take over, ``NotPermitted``, ``BadValue``
    for nobody who works here, ``MayNotAnswer`` for someone who may not answer in any of its channels.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        before = (conversation.assigned_to_id, conversation.assigned_team_id)
        holder = _loser(conversation, person_id, team_id)
        if before == (person_id, team_id) and holder is None:
            return None
        place = Channels(channels_of(conversation))
        may_assign = may(by, "inbox.assign", where=place)
        if holder is not None and not may_assign:
            refuse_held(conversation, by=by, refusal=refusals.HeldByOther)
        is_own = {before[0], person_id} <= {by.pk, None} and before[1] == team_id
        if not is_own and not may_assign:
            raise refusals.NotPermitted
        conversation.assigned_to = _person(person_id, place)
        conversation.assigned_team = _team(team_id, place)
        conversation.save(update_fields=["assigned_to", "assigned_team"])
        if holder is not None:
            free(conversation)
        ended: dict[str, Any] = {} if holder is None else {"held_by": holder}
        record(
            "inbox.assign_conversation", by=by, subject=conversation, contact_id=conversation.identity.contact_id,
            person=person_id, team=team_id,
            was_person=before[0], was_team=before[1], **ended,
        )  # fmt: skip
        if person_id != before[0]:
            tell_colleague(conversation, HANDED, person_id=person_id, by=by, at=at)
        names = [one.shown_name for one in [conversation.assigned_to] if one]
        names += [one.name for one in [conversation.assigned_team] if one]
        tell_colleague(conversation, HANDED_ON, person_id=holder, by=by, at=at, to=", ".join(names))
        tell(conversation)
    return conversation


def _loser(conversation: Conversation, person_id: int | None, team_id: int | None) -> int | None:
    """Whose claim ends when the conversation goes to this person and this team; None: nobody's."""
    holder = conversation.claimed_by_id
    if holder is None or person_id == holder or (person_id is None and team_id is None):
        return None
    if team_id is not None and person_id is None and Team.objects.filter(pk=team_id, members=holder).exists():
        return None
    return holder


def _person(person_id: int | None, place: Channels) -> Person | None:
    if person_id is None:
        return None
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise refusals.BadValue(field="person")
    if not may(person, "inbox.reply", where=place):
        raise refusals.MayNotAnswer(person=person.shown_name)
    return person


def _team(team_id: int | None, place: Channels) -> Team | None:
    """The team, some of whose members may answer."""
    if team_id is None:
        return None
    team = Team.objects.prefetch_related("members").filter(pk=team_id).first()
    if team is None:
        raise refusals.BadValue(field="team")
    if not any(may(member, "inbox.reply", where=place) for member in team.members.all()):
        raise refusals.MayNotAnswer(person=team.name)
    return team
