"""The audit trail."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that someone did. A trigger refuses UPDATE, DELETE and TRUNCATE."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)
    person_id = models.BigIntegerField(null=True, db_index=True)
    """A plain id, because audit lies below people. Null: the system itself."""
    actor = models.CharField(max_length=80)
    """The actor's name as it was then, or what acted: "worker", "command line", "database"."""
    action = models.CharField(max_length=60, db_index=True)
    """Area and verb: "inbox.resolve_conversation"."""
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True, db_index=True)
    """The customer whom it touched."""
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    """Plain values; never a secret, never a customer's text."""

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject")]
