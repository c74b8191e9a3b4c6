"""Conversations and their messages.

Conversation: open (the customer waits) → pending (the customer's turn) | on_hold (a third party) → resolved
(with an outcome and a reason); any new inbound message → open. ``snoozed_until`` is a field, not a state.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sotong.channels.models import Arrival, Channel, Delivery
from sotong.contacts.models import Identity
from sotong.people.models import Team

PERSON = settings.AUTH_USER_MODEL


class Label(models.Model):
    name = models.CharField(max_length=40, unique=True)
    tone = models.CharField(max_length=10, default="plain")
    """plain, info, ok, warn or danger: the tag's look."""

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """One thread with one customer on one network."""

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

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="conversations")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="conversations")
    """The customer who began it."""
    origin = models.CharField(max_length=200)
    thread_ref = models.CharField(max_length=500)
    is_direct = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    """First words of the first message."""
    preview = models.CharField(max_length=300, blank=True)
    """First words of the newest message, personal numbers masked."""
    snoozed_until = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    claim_until = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    labels = models.ManyToManyField(Label, blank=True, related_name="conversations")
    last_at = models.DateTimeField()
    """Time of the newest message, inbound or outbound; the list's order."""
    last_message_id = models.BigIntegerField(default=0)
    last_inbound_id = models.BigIntegerField(default=0)
    """Newer than a person's read mark: unread for that person."""
    waiting_since = models.DateTimeField(null=True)
    """Time of the oldest customer message that no person answered; null: nobody waits."""
    first_inbound_at = models.DateTimeField(null=True)
    first_human_reply_at = models.DateTimeField(null=True)
    """First public or direct reply by a person; an automatic acknowledgement never sets it."""
    created_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "origin", "thread_ref", "identity"], name="inbox_conversation_once"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claim_until__isnull=True)
                | Q(claimed_by__isnull=False, claim_until__isnull=False),
                name="inbox_claim_has_an_end",
            ),
        ]


class Message(models.Model):
    """One inbound post, one of our replies, or a private note."""

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"
        NOTE = "note"

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    is_direct = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)
    identity = models.ForeignKey(Identity, null=True, on_delete=models.PROTECT, related_name="messages")
    """Who wrote it outside; null for ours."""
    person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    """Who of us wrote it; null: the customer, the system, or someone of us on the network itself."""
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, blank=True)
    origin = models.CharField(max_length=200, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    revision = models.CharField(max_length=200, blank=True)
    in_reply_to = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    posted_at = models.DateTimeField()
    """The network's time; the order shown is (posted_at, id)."""
    received_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    """Deleted by its author: the text is kept for the desk and marked."""
    delivery = models.OneToOneField(Delivery, null=True, on_delete=models.PROTECT, related_name="message")
    search = SearchVectorField(null=True)
    indexed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "remote_id"], name="inbox_message_once", condition=~Q(remote_id="")
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "posted_at", "id"], name="inbox_message_order"),
            GinIndex(fields=["search"], name="inbox_message_search"),
            models.Index(fields=["id"], name="inbox_message_unindexed", condition=Q(indexed_at__isnull=True)),
        ]


class MessageVersion(models.Model):
    """What a message said before an edit."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    replaced_at = models.DateTimeField()


class MessageMedia(models.Model):
    """An image of a message. Inbound ones are fetched by a worker; the browser never calls a network."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="media")
    position = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=2000, blank=True)
    mime = models.CharField(max_length=60, blank=True)
    alt = models.CharField(max_length=2000, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    content = models.BinaryField(null=True)
    """Re-encoded bytes; null: not fetched yet, or refused (``problem``)."""
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="inbox_media_place")]


class ReadMark(models.Model):
    """Up to which inbound message a person has read a conversation."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="read_marks")
    upto_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "conversation"], name="inbox_read_mark_once")]


class Draft(models.Model):
    """What a person has typed and not sent, per conversation and tab. ``token`` makes sending it happen once."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    tab = models.CharField(max_length=10)
    """public, direct or note."""
    text = models.TextField(blank=True)
    token = models.UUIDField()
    """Becomes the delivery's or note's key: a form sent twice makes one message."""
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "conversation", "tab"], name="inbox_draft_once")]


class DraftImage(models.Model):
    """An image attached to a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField()
    mime = models.CharField(max_length=60)
    alt = models.CharField(max_length=2000, blank=True)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()


class CannedResponse(models.Model):
    """A text that is used again and again."""

    name = models.CharField(max_length=80)
    text = models.TextField()
    language = models.CharField(max_length=2, default="ko")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(db_default=Now())


class Presence(models.Model):
    """Who looks at a conversation or types in it just now. Rows older than 20 seconds mean nothing."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="presences")
    is_typing = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "conversation"], name="inbox_presence_once")]
