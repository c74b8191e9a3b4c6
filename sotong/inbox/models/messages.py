"""Messages, their earlier versions and images, and what came before the message it belongs to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sotong.channels.models import Arrival, Delivery
from sotong.contacts.models import Identity
from sotong.inbox.models.conversations import Conversation

PERSON = settings.AUTH_USER_MODEL


class Message(models.Model):
    """One inbound post, one of our replies, or a private note."""

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"
        NOTE = "note"

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    is_direct = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)
    identity = models.ForeignKey(Identity, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False)
    """Who wrote it outside; null for ours."""
    person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    """Who of us wrote it; null: the customer, the system, or someone of us on the network itself."""
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, blank=True)
    origin = models.CharField(max_length=200, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    revision = models.CharField(max_length=200, blank=True)
    revised_at = models.DateTimeField(null=True)
    """When we saw this version first; with ``revision`` it decides which version is the newest."""
    network_order = models.CharField(max_length=64, blank=True, default="", db_default="", db_collation="C")
    """Made from the remote id: the order among posts of the very same time."""
    in_reply_to = models.CharField(max_length=500, blank=True)
    thread_ref = models.CharField(max_length=500, blank=True, default="", db_default="")
    url = models.CharField(max_length=1000, blank=True)
    posted_at = models.DateTimeField()
    """The network's time, a future one brought back to when we saw it; the order shown is
    (posted_at, network_order, id)."""
    received_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    """Deleted by its author: the text is kept for the desk and marked."""
    delivery = models.OneToOneField(Delivery, null=True, on_delete=models.PROTECT, related_name="message")
    token = models.UUIDField(null=True, unique=True)
    """The draft's token that made it: a form sent twice makes one message."""
    search = SearchVectorField(null=True)
    indexed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "remote_id"], name="inbox_message_once", condition=~Q(remote_id="")
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "posted_at", "network_order", "id"], name="inbox_message_order"),
            GinIndex(fields=["search"], fastupdate=False, name="inbox_message_search"),
            models.Index(fields=["id"], name="inbox_message_unindexed", condition=Q(indexed_at__isnull=True)),
        ]


class MessageVersion(models.Model):
    """What a message said before an edit."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    revision = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    observed_at = models.DateTimeField(db_default=Now())
    """When we saw this version first."""
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
    """Why it cannot be shown: no address, blocked, gone, not an image, too large, unreachable."""
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    """Not fetched before: a worker has it just now, or the last try failed."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="inbox_media_place")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="inbox_media_waiting",
                condition=Q(content__isnull=True, problem="") & ~Q(url=""),
            )
        ]


class EarlyArrival(models.Model):
    """An arrival that came before what it belongs to: a deletion before its post, our own post before the one that it
    answers. Taken up when that comes.
    """

    arrival = models.OneToOneField(Arrival, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=200)
    waits_for = models.CharField(max_length=520)
    """A remote id, or "thread:" and a thread reference."""

    class Meta:
        indexes = [models.Index(fields=["origin", "waits_for"], name="inbox_early_wanted")]
