"""The event log: what open screens are told, in an order that a reconnecting screen can resume.

Sequence numbers commit out of order, so a row's place is (transaction id, row id), and a row is delivered only when
every transaction up to it has ended (``queries.signals_after``).
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Signal(models.Model):
    """One line of the event log. Payloads hold ids only; who may see what is checked for each subscriber."""

    id = models.BigAutoField(primary_key=True)
    txid = models.BigIntegerField(db_default=models.Func(template="(pg_current_xact_id()::text::bigint)"))
    at = models.DateTimeField(db_default=Now())
    name = models.CharField(max_length=40)
    """What changed: "conversation", "channel", "hold", "presence"."""
    permission = models.CharField(max_length=40, default="inbox.read")
    """Whoever lacks it never gets the signal."""
    channel_id = models.BigIntegerField(null=True)
    """The channel that the thing belongs to, for the per-channel check; null: none."""
    person_id = models.BigIntegerField(null=True)
    """Only this person's screens get it; null: all."""
    ids = models.JSONField(default=dict)

    class Meta:
        db_table = "event_log"
        indexes = [models.Index(fields=["txid", "id"], name="event_log_place")]
