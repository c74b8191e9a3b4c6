"""Conversations, their labels and who has read them.

Conversation: open (the customer waits) → pending (the customer's turn) | on_hold (a third party) → resolved
(with an outcome and a reason); any new inbound message → open. ``snoozed_until`` is a field, not a state.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from sotong.channels.models import Channel
from sotong.contacts.models import Identity
from sotong.people.models import Team

PERSON = settings.AUTH_USER_MODEL
NEWEST_FIRST = (F("last_at").desc(), F("id").desc())
UNCLAIMED = Q(state="open", claimed_by__isnull=True, assigned_to__isnull=True, snoozed_until__isnull=True)
"""The customer waits and nobody has taken it: the tab "unclaimed"."""


class Label(models.Model):
    """A word that people put on conversations."""

    name = models.CharField(max_length=40, unique=True)
    tone = models.CharField(max_length=10, default="plain")
    """plain, info, ok, warn or danger: the tag's look."""

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """One thread with one customer on one network.

    What its messages say about it (``preview``, ``waiting_since`` …) is counted anew from them by
    ``actions.standing.recount``; only people set the other fields.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PENDING = "pending"
        ON_HOLD = "on_hold"
        RESOLVED = "resolved"

    class Outcome(models.TextChoices):
        SOLVED = "solved"
        NO_ANSWER_NEEDED = "no_answer_needed"
        NOT_POSSIBLE = "not_possible"
        SPAM = "spam"
        DUPLICATE = "duplicate"

    class Shelf(models.TextChoices):
        """Where a conversation lies in the list."""

        LIVE = "live"
        SNOOZED = "snoozed"
        RESOLVED = "resolved"

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="conversations", db_index=False)
    """The channel that answers: the one that the first message reached (of several, the oldest)."""
    also_channels = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    """Ids of our other channels that a message here mentions: their people see it too, and it is answered once."""
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="conversations")
    """The customer who began it."""
    origin = models.CharField(max_length=200)
    thread_ref = models.CharField(max_length=500)
    is_direct = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    """First words of the first message, or that it is gone."""
    preview = models.CharField(max_length=300, blank=True)
    """First words of the newest message that a person wrote and that is still there; empty: there is none."""
    snoozed_until = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    claim_until = models.DateTimeField(null=True)
    """End of the lease, by the database's clock; renewed by typing."""
    assigned_to = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    assigned_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    labels = models.ManyToManyField(Label, through="Labelling", blank=True, related_name="conversations")
    last_at = models.DateTimeField()
    """Time of the newest message, inbound or outbound, that was not taken back; the list's order."""
    last_message_id = models.BigIntegerField(default=0, db_default=0)
    last_inbound_id = models.BigIntegerField(default=0, db_default=0)
    """Newer than a person's read mark: unread for that person."""
    waiting_since = models.DateTimeField(null=True)
    """Time of the oldest customer message that no person answered, or of our own reply after the last that left, when
    it stands still; null: nobody waits.
    """
    answered_id = models.BigIntegerField(default=0, db_default=0)
    """Our newest reply written at the desk by a person; what we had received before it counts as answered."""
    answered_at = models.DateTimeField(null=True)
    """Time of our newest reply written by a person on the network itself; what was posted before it is answered."""
    first_inbound_at = models.DateTimeField(null=True)
    first_human_reply_at = models.DateTimeField(null=True)
    """First public or direct reply by a person that reached the network; an automatic acknowledgement never sets it."""
    delivery_trouble = models.CharField(max_length=12, blank=True, default="", db_default="")
    """failed, unconfirmed or held: the gravest state among replies that did not surely leave; empty: none."""
    created_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0, db_default=0)
    shelf = models.GeneratedField(
        expression=Case(
            When(state="resolved", then=Value("resolved")),
            When(snoozed_until__isnull=False, then=Value("snoozed")),
            default=Value("live"),
        ),
        output_field=models.CharField(max_length=8, choices=Shelf.choices),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "thread_ref", "identity"],
                name="inbox_public_conversation_once",
                condition=Q(is_direct=False),
            ),
            models.UniqueConstraint(
                fields=["origin", "thread_ref", "identity", "channel"],
                name="inbox_direct_conversation_once",
                condition=Q(is_direct=True),
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claim_until__isnull=True)
                | Q(claimed_by__isnull=False, claim_until__isnull=False),
                name="inbox_claim_has_an_end",
            ),
        ]
        # One index a way of leafing: each tab reads its first rows from one index, whatever the table's size.
        indexes = [
            models.Index("shelf", *NEWEST_FIRST, name="inbox_list"),
            models.Index("channel", "shelf", *NEWEST_FIRST, name="inbox_list_channel"),
            models.Index(*NEWEST_FIRST, name="inbox_list_unclaimed", condition=UNCLAIMED),
            models.Index("channel", *NEWEST_FIRST, name="inbox_list_unclaimed_ch", condition=UNCLAIMED),
            models.Index(
                "assigned_to",
                "shelf",
                *NEWEST_FIRST,
                name="inbox_list_assigned",
                condition=Q(assigned_to__isnull=False),
            ),
            models.Index(
                "claimed_by", "shelf", *NEWEST_FIRST, name="inbox_list_claimed", condition=Q(claimed_by__isnull=False)
            ),
            models.Index("shelf", *NEWEST_FIRST, name="inbox_list_direct", condition=Q(is_direct=True)),
            models.Index("channel", "shelf", *NEWEST_FIRST, name="inbox_list_direct_ch", condition=Q(is_direct=True)),
            # Whoever sees only some channels reads it past conversations of others: it says itself which those are.
            models.Index(
                "shelf",
                *NEWEST_FIRST,
                name="inbox_list_shared",
                condition=~Q(also_channels=[]),
                include=[
                    "also_channels",
                    "channel",
                    "is_direct",
                    "state",
                    "claimed_by",
                    "assigned_to",
                    "snoozed_until",
                ],
            ),
            models.Index(fields=["snoozed_until"], name="inbox_snoozed", condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["claim_until"], name="inbox_claims", condition=Q(claim_until__isnull=False)),
        ]

    @property
    def has_answer(self) -> bool:
        """Whether a person of ours has answered, and not surely in vain."""
        return self.answered_id > 0 or self.answered_at is not None


class Labelling(models.Model):
    """A label on a conversation. ``shelf``, ``channel_id`` and ``last_at`` are the conversation's, kept equal by
    triggers, so that the list of one label is read from one index.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, db_index=False)
    channel_id = models.BigIntegerField(default=0, db_default=0)
    shelf = models.CharField(max_length=8, default="live", db_default="live")
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "label"], name="inbox_labelling_once")]
        indexes = [
            models.Index("label", "shelf", F("last_at").desc(), F("conversation").desc(), name="inbox_list_label"),
            models.Index(
                "label",
                "channel_id",
                "shelf",
                F("last_at").desc(),
                F("conversation").desc(),
                name="inbox_list_label_ch",
            ),
        ]


class ReadMark(models.Model):
    """Up to which inbound message a person has read a conversation."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="read_marks")
    upto_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "conversation"], name="inbox_read_mark_once")]
