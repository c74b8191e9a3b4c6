"""The same thing for many conversations: each is done whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sotong.access.rules import may
from sotong.inbox.actions.assigning import assign_conversation
from sotong.inbox.actions.claiming import claim_conversation, release_claim
from sotong.inbox.actions.labelling import add_labels
from sotong.inbox.actions.resolving import reopen_conversation, resolve_conversation, snooze_conversation, undo_end
from sotong.inbox.rules import refusals
from sotong.inbox.rules.refusals import Refusal
from sotong.people.models import Person

AT_MOST = 200


@dataclass(frozen=True)
class Doing:
    """One thing that can be done to many, and the values that it takes."""

    action: Callable[..., object]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()


DOINGS: Mapping[str, Doing] = {
    "resolve": Doing(resolve_conversation, takes=frozenset({"outcome", "reason"})),
    "reopen": Doing(reopen_conversation),
    "undo_end": Doing(undo_end),
    "snooze": Doing(snooze_conversation, needs=frozenset({"until"})),
    "claim": Doing(claim_conversation),
    "release": Doing(release_claim),
    "assign": Doing(assign_conversation, needs=frozenset({"person_id", "team_id"})),
    "label": Doing(add_labels, needs=frozenset({"label_ids"}), takes=frozenset({"new_name"})),
}


ASKED_WRONGLY = (
    refusals.BadValue, refusals.LabelTooLong, refusals.OutcomeMissing, refusals.PastTime, refusals.ReasonMissing,
    refusals.TooFar,
)  # fmt: skip
"""Refusals that lie in what was asked, not in one of the conversations."""


@dataclass(frozen=True)
class BulkOutcome:
    """Ids of what was done, and why the others were not."""

    done: list[int]
    refused: list[tuple[int, Refusal]]


def apply_to_many(*, do: str, conversation_ids: Collection[int], by: Person, at: datetime, **what: Any) -> BulkOutcome:
    """Do one thing to many conversations; needs ``inbox.bulk`` and, for each, what doing it alone needs.

    ``do``: resolve, reopen, undo_end, snooze (``until``), claim, release, assign (``person_id``, ``team_id``), label
    (``label_ids``, ``new_name``: these are added, none is taken off). Each conversation is a transaction of its own;
    each is in the audit trail by itself.

    Raises ``NotPermitted``, ``TooManyAtOnce`` (more than 200) and ``BadValue`` before anything is done, and what was
    asked wrongly, such as a time that is past, when nothing was done for it.
    """
    if not may(by, "inbox.bulk"):
        raise refusals.NotPermitted
    doing = DOINGS.get(do)
    if doing is None:
        raise refusals.BadValue(field="do")
    if not doing.needs <= set(what) <= doing.needs | doing.takes:
        raise refusals.BadValue(field=", ".join(sorted(set(what) ^ doing.needs)))
    ids = list(dict.fromkeys(conversation_ids))
    if len(ids) > AT_MOST:
        raise refusals.TooManyAtOnce(count=AT_MOST)
    done: list[int] = []
    refused: list[tuple[int, Refusal]] = []
    for pk in ids:
        try:
            # The action is a transaction of its own (a savepoint, where the caller has one).
            doing.action(conversation_id=pk, by=by, at=at, **what)
        except Refusal as refusal:
            refused.append((pk, refusal))
        else:
            done.append(pk)
    if not done and refused and all(isinstance(refusal, ASKED_WRONGLY) for _, refusal in refused):
        raise refused[0][1]
    return BulkOutcome(done, refused)
