"""What came in.

Arrival: recorded → processed | set_aside
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sotong.channels.models.channels import Channel


class Arrival(models.Model):
    """A thing that came in, exactly as it came. Committed before anyone is told that we have it."""

    class State(models.TextChoices):
        RECORDED = "recorded"
        PROCESSED = "processed"
        SET_ASIDE = "set_aside"

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="arrivals")
    remote_id = models.CharField(max_length=500)
    version = models.CharField(max_length=200)
    """The network's own revision, else a hash chained to the version before. A deletion is a version."""
    kind = models.CharField(max_length=20)
    """An ``InboundKind``, or "unreadable"."""
    raw = models.BinaryField()
    item = models.JSONField(null=True)
    """The parsed item as plain values (``records.from_item``); null when unreadable."""
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECORDED)
    problem = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "remote_id", "version"], name="channels_arrival_once")
        ]
        indexes = [
            models.Index(fields=["id"], name="channels_arrival_open", condition=Q(state="recorded")),
            models.Index(fields=["-id"], name="channels_arrival_aside", condition=Q(state="set_aside")),
        ]
