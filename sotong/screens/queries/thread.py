"""One conversation in words: its head, its messages, the customer beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sotong.access import may
from sotong.audit.queries.trail import last_deed
from sotong.channels.queries.manifests import badge_of, manifest_of
from sotong.design.rules import holder_words, span_words
from sotong.inbox.models import Conversation
from sotong.inbox.queries.ending import unsent_in
from sotong.inbox.queries.lists import Filters
from sotong.inbox.queries.threads import PAST_MAX, Beside, Past, Thread, others_here
from sotong.inbox.queries.visible import Visible
from sotong.inbox.rules.previews import read_preview
from sotong.inbox.rules.standing import default_outcome
from sotong.people.models import Person
from sotong.screens.queries.dialogs import OUTCOMES, unsent_words
from sotong.screens.queries.listing import query_of
from sotong.screens.queries.messages import ShownMessage, messages_of
from sotong.screens.queries.previews import preview_words
from sotong.screens.queries.standing import put_off_words

PAST_SHOWN = 8


@dataclass(frozen=True)
class Act:
    """A button of the head that needs no dialog."""

    label: str
    url: str
    icon: str
    key: str = ""
    letter: str = ""
    is_main: bool = False
    is_rare: bool = False
    """On a phone it stands in the menu."""


@dataclass(frozen=True)
class Ended:
    """How a conversation ended. ``who`` empty: it is not known."""

    outcome: str
    reason: str
    who: str
    at: datetime | None


@dataclass(frozen=True)
class ShownThread:
    id: int
    name: str
    subject: str
    badge: str
    is_practice: bool
    state: str
    back_url: str
    messages_url: str
    notes_url: str
    older_url: str
    first_answer_words: str
    waiting_since: datetime | None
    """None: nobody waits."""
    first_answer_seconds: int | None
    ended: Ended | None
    put_off_words: str
    """Until when it is put off; empty: it is not."""
    assigned_words: str
    """To whom it is assigned who has not claimed it yet; empty: nobody, or it is claimed."""
    is_assigned: bool
    """To the viewer."""
    handed_words: str
    """To which colleague it is assigned who has not claimed it, in a sentence; empty: nobody, or it is claimed."""
    default_outcome: str
    """How it ends when nobody says otherwise; empty: only a person can say."""
    unsent_words: tuple[str, ...]
    """Which replies have not surely left, in sentences."""
    may_act: bool
    may_assign: bool
    """The viewer may hand it to others."""
    person_id: int | None
    """Who has it now: whoever claimed it, else whose it is; None: nobody."""
    team_id: int | None
    """The team that it is assigned to."""
    acts: tuple[Act, ...]
    held_words: str
    """Which colleague has the conversation; empty: nobody, or the viewer."""
    held_by: int | None
    """Who that colleague is."""
    others: tuple[str, ...]
    """Who else is here just now, in sentences."""
    labels: tuple[dict[str, str], ...]
    messages: tuple[ShownMessage, ...]
    seen_upto: int


@dataclass(frozen=True)
class ShownPast:
    at: datetime
    url: str
    words: str


@dataclass(frozen=True)
class ShownPerson:
    name: str
    summary: str
    identities: tuple[dict[str, str], ...]
    history: tuple[ShownPast, ...]
    history_url: str
    """The history anew, as long as it is now."""
    more_url: str
    """The history with all that is read of it; empty: it is shown."""


def show_thread(found: Thread, viewer: Person, filters: Filters, around: Beside, *, may_act: bool) -> ShownThread:
    """The whole thread. ``may_act``: the viewer may answer and change it."""
    conversation = found.conversation
    query = query_of(filters)
    manifest = manifest_of(conversation.channel.network)
    seconds = first_answer_seconds(conversation)
    is_over = conversation.state == Conversation.State.RESOLVED
    held = held_words(viewer, conversation)
    unsent = unsent_in(found)
    return ShownThread(
        id=conversation.pk,
        name=conversation.identity.shown_name,
        subject=preview_words(read_preview(conversation.subject)) if conversation.subject else "",
        badge=badge_of(conversation.channel.network),
        is_practice=bool(manifest and manifest.is_practice),
        state=conversation.state,
        back_url=reverse("screens:desk") + query,
        messages_url=reverse("screens:messages", args=[conversation.pk]) + query,
        notes_url=reverse("screens:notes", args=[conversation.pk]) + query,
        older_url=reverse("screens:older", args=[conversation.pk]) + f"?before={found.older}" if found.older else "",
        first_answer_words=_first_answer_words(seconds),
        waiting_since=None if is_over else conversation.waiting_since,
        first_answer_seconds=seconds,
        ended=_ended(conversation),
        put_off_words=put_off_words(conversation.snoozed_until),
        assigned_words=_assigned_words(conversation, viewer),
        is_assigned=conversation.assigned_to_id == viewer.pk,
        handed_words=handed_words(viewer, conversation),
        default_outcome="" if unsent else default_outcome(has_answer=conversation.has_answer),
        unsent_words=unsent_words(unsent),
        may_act=may_act,
        may_assign=may_act and may(viewer, "inbox.assign", where=found.visible.place(conversation.channel)),
        person_id=conversation.claimed_by_id or conversation.assigned_to_id,
        team_id=conversation.assigned_team_id,
        acts=acts_of(conversation, viewer, found.visible) if may_act else (),
        held_words=held,
        held_by=conversation.claimed_by_id if held else None,
        others=others_words(viewer, conversation.pk),
        labels=tuple({"name": name, "kind": "" if tone == "plain" else tone} for _pk, name, tone in around.labels),
        messages=messages_of(found, viewer),
        seen_upto=conversation.last_inbound_id,
    )


def first_answer_seconds(conversation: Conversation) -> int | None:
    """Seconds from the customer's first message to the first answer by a person; None: not yet."""
    if conversation.first_inbound_at is None or conversation.first_human_reply_at is None:
        return None
    return int((conversation.first_human_reply_at - conversation.first_inbound_at).total_seconds())


def _first_answer_words(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return _("첫 답 {n}초").format(n=max(0, seconds))
    return _("첫 답 {span}").format(span=span_words(seconds // 60))


def _assigned_words(conversation: Conversation, viewer: Person) -> str:
    """As the list says it of a conversation that nobody has claimed."""
    if conversation.claimed_by_id is not None or conversation.state == Conversation.State.RESOLVED:
        return ""
    person, team = conversation.assigned_to, conversation.assigned_team
    name = person.shown_name if person else team.name if team else ""
    return holder_words(name, is_mine=person == viewer, is_claimed=False) if name else ""


def _ended(conversation: Conversation) -> Ended | None:
    if conversation.state != Conversation.State.RESOLVED:
        return None
    entry = last_deed(conversation, "inbox.resolve_conversation")
    return Ended(
        outcome=str(OUTCOMES.get(conversation.outcome, "")),
        reason=conversation.outcome_reason,
        who=entry.actor if entry else "",
        at=conversation.resolved_at,
    )


def acts_of(conversation: Conversation, viewer: Person, visible: Visible) -> tuple[Act, ...]:
    """What the head offers in this state."""
    pk = conversation.pk
    acts: list[Act] = []
    if conversation.state == Conversation.State.RESOLVED:
        return (Act(_("다시 열기"), reverse("inbox:reopen", args=[pk]), "rotate-ccw"),)
    if conversation.snoozed_until is not None:
        acts.append(Act(_("지금 다시 보기"), reverse("inbox:reopen", args=[pk]), "alarm-clock"))
    if conversation.claimed_by_id is None:
        acts.append(Act(_("맡기"), reverse("inbox:claim", args=[pk]), "hand", "KeyC", "C"))
    elif conversation.claimed_by_id == viewer.pk:
        acts.append(Act(_("놓기"), reverse("inbox:release", args=[pk]), "hand", "Shift+KeyC", is_rare=True))
    elif may(viewer, "inbox.assign", where=visible.place(conversation.channel)):
        acts.append(Act(_("넘겨받기"), reverse("inbox:take_over", args=[pk]), "hand", "Shift+KeyC", "⇧C"))
    return tuple(acts)


def others_words(viewer: Person, conversation_id: int) -> tuple[str, ...]:
    """Who else is here, in sentences."""
    said = []
    here = others_here(viewer, conversation_id)
    typing = [name for name, is_typing in here if is_typing]
    looking = [name for name, is_typing in here if not is_typing]
    if typing:
        said.append(_("{who} 님이 답을 쓰고 있어요.").format(who=", ".join(typing)))
    if looking:
        said.append(_("{who} 님도 보고 있어요.").format(who=", ".join(looking)))
    return tuple(said)


def held_words(viewer: Person, conversation: Conversation) -> str:
    """Which colleague holds it, in a sentence; empty: nobody does, or the viewer."""
    holder = conversation.claimed_by
    if holder is None or holder.pk == viewer.pk:
        return ""
    return _("{who} 님이 맡고 있어요.").format(who=holder.shown_name)


def handed_words(viewer: Person, conversation: Conversation) -> str:
    """To which colleague an unclaimed conversation is assigned, in a sentence; empty: to nobody else."""
    person = conversation.assigned_to
    is_settled = conversation.claimed_by_id is not None or conversation.state == Conversation.State.RESOLVED
    if person is None or person.pk == viewer.pk or is_settled:
        return ""
    return _("{who}에게 배정된 대화예요.").format(who=person.shown_name)


def show_person(conversation: Conversation, around: Beside, *, has_all: bool = False) -> ShownPerson:
    """The customer: every account we know them by, and what we talked about before (``has_all``: not just the last)."""
    contact = conversation.identity.contact
    since = timezone.localtime(contact.created_at)
    count = len(around.history) + 1
    talks = ngettext("대화 {n}번", "대화 {n}번", count).format(n=count if count < PAST_MAX else f"{PAST_MAX - 1}+")
    url = reverse("screens:history", args=[conversation.pk])
    return ShownPerson(
        name=contact.name or conversation.identity.shown_name,
        summary=_("{year}년 {month}월부터 · {talks}").format(
            year=since.year, month=since.month, name=MONTHS[since.month], talks=talks
        ),
        identities=tuple(
            {
                "badge": badge_of(account.network),
                "handle": account.name,
                "url": account.url if account.url.startswith(("https://", "http://")) else "",
            }
            for account in around.accounts
        ),
        history=tuple(_past(one) for one in (around.history if has_all else around.history[:PAST_SHOWN])),
        history_url=f"{url}?all=1" if has_all else url,
        more_url=f"{url}?all=1" if len(around.history) > PAST_SHOWN and not has_all else "",
    )


def _past(one: Past) -> ShownPast:
    return ShownPast(one.at, reverse("screens:conversation", args=[one.id]), preview_words(read_preview(one.subject)))
