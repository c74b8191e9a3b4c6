"""What goes out, and what stops it.

Delivery: draft → approved → due → sending → sent | failed | unconfirmed;  held, cancelled
          (draft → due where policy asks for no approval; unconfirmed → sent | due | failed by ``find`` or a person;
          sent → unconfirmed where a person vouched for it and the network never showed it)
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sotong.channels.models.channels import Channel

IN_TURN = ("channel__origin", "id")
"""The order in which a transaction goes through several deliveries.

What reacts to each of them locks its origin, then its conversation; in another order two could wait for one another.
"""


class Delivery(models.Model):
    """One message or rendition on its way out. ``key`` is fixed at creation and the same at every attempt."""

    class Kind(models.TextChoices):
        REPLY = "reply"
        AUTOMATIC = "automatic"
        PLANNED = "planned"
        PROMOTION = "promotion"
        GAME = "game"
        CORRECTION = "correction"
        STATEMENT = "statement"

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        UNCONFIRMED = "unconfirmed"
        HELD = "held"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    text = models.TextField()
    language = models.CharField(max_length=2, default="ko")
    in_reply_to = models.JSONField(null=True)
    """A ``PostRef`` as plain values."""
    direct_to = models.JSONField(null=True)
    """A ``RemoteAccount`` as plain values; set: a direct message."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    """Null: the system wrote it, and its text says so."""
    created_at = models.DateTimeField(db_default=Now())
    wanted_at = models.DateTimeField(null=True)
    """When a person last wanted it sent, after its first time; null: when it was made."""
    due_at = models.DateTimeField()
    chain = models.CharField(max_length=500, blank=True)
    """Deliveries of one chain (a thread, a direct exchange) leave in the order of their ids; empty: alone."""
    lease_until = models.DateTimeField(null=True)
    """While ``sending``: no one else touches it before. Outlives the network's longest landing time. While
    ``unconfirmed``: until then the effect may still land, so not seeing it proves nothing."""
    next_look_at = models.DateTimeField(null=True)
    """While ``unconfirmed`` or ``sent`` and not seen: when to look again."""
    looks = models.PositiveSmallIntegerField(default=0)
    """Looks begun since the last attempt or decision. Of these ended so far:"""
    looks_empty = models.PositiveSmallIntegerField(default=0)
    """those that really saw the network, and not the post;"""
    looks_failed = models.PositiveSmallIntegerField(default=0)
    """those that could not see the network at all, which says nothing about the post."""
    attempts_made = models.PositiveSmallIntegerField(default=0)
    remote_id = models.CharField(max_length=500, blank=True)
    revision = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    """When it was read back from the network; this alone earns the words "네트워크에서 확인됨"."""
    problem = models.CharField(max_length=30, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True)
    """When people were told that it is unconfirmed."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "due_at", "id"], name="channels_delivery_due", condition=Q(state="due")),
            models.Index(
                fields=["channel", "chain", "id"],
                name="channels_delivery_chain",
                condition=Q(state__in=["due", "sending", "unconfirmed"]),
            ),
            models.Index(fields=["lease_until"], name="channels_delivery_sending", condition=Q(state="sending")),
            models.Index(
                fields=["next_look_at"], name="channels_delivery_look", condition=Q(next_look_at__isnull=False)
            ),
            models.Index(
                fields=["-id"],
                name="channels_delivery_doubt",
                condition=Q(state__in=["unconfirmed", "failed", "held"]),
            ),
            models.Index(
                fields=["-id"],
                name="channels_delivery_vouched",
                condition=Q(state="sent", problem__in=["ByPerson", "ByPersonOnly"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | (~Q(remote_id="") & Q(sent_at__isnull=False)),
                name="channels_sent_means_there",
            )
        ]

    @property
    def wanted_since(self) -> datetime:
        """From when on its age counts."""
        return self.wanted_at or self.created_at


class DeliveryMedia(models.Model):
    """An image of a delivery, in order. The bytes are kept in the database's own transaction."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="media")
    position = models.PositiveSmallIntegerField()
    mime = models.CharField(max_length=60)
    alt = models.CharField(max_length=2000, blank=True)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="channels_media_place")]


class Attempt(models.Model):
    """One try to send; committed before the socket opens, completed after."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="channels_attempt_number")]


class Removal(models.Model):
    """A person's wish that a sent post of ours go from its network, and what the network said.

    due → deleted | failed. Deleting may be repeated, so a dead worker's try is simply made again.
    """

    class State(models.TextChoices):
        DUE = "due"
        DELETED = "deleted"
        FAILED = "failed"

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="removal")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    wanted_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    """While ``due``: when to ask the network to delete it; while ``deleted`` and not checked: when to look whether it
    is gone. A worker that takes it puts this off, so that nobody else does the same meanwhile."""
    tries = models.PositiveIntegerField(default=0)
    looks = models.PositiveIntegerField(default=0)
    """Looks begun since the network said that it is deleted."""
    deleted_at = models.DateTimeField(null=True)
    """When the network said so."""
    checked_at = models.DateTimeField(null=True)
    """When it was looked for and was gone."""
    problem = models.CharField(max_length=30, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="channels_removal_next", condition=Q(next_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="deleted") | Q(deleted_at__isnull=False), name="channels_deleted_means_said"
            )
        ]


class Hold(models.Model):
    """Stops deliveries while it is in force. ``scope`` "all" is the brake; a kind is the freeze of that kind.

    The sender takes the rows FOR SHARE when it commits ``sending``; whoever puts a hold takes them FOR UPDATE.
    One row a scope, always present (made by migration), so that there is something to lock.
    """

    scope = models.CharField(max_length=20, unique=True)
    is_on = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
