"""The audit trail."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that someone did. A trigger refuses UPDATE, DELETE and TRUNCATE."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)
    person_id = models.BigIntegerField(null=True)
    """A plain id, because audit lies below people. Null: the system itself."""
    actor = models.CharField(max_length=80)
    """The actor's name as it was then, or what acted: "worker", "command line", "database"."""
    action = models.CharField(max_length=60)
    """Area and verb: "inbox.resolve_conversation"."""
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    """The customer whom it touched."""
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    """Plain values; never a secret, never a customer's text."""

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["person_id", "id"], name="audit_person"),
            models.Index(fields=["action", "id"], name="audit_action"),
            models.Index(fields=["contact_id", "id"], name="audit_contact"),
        ]


class Seal(models.Model):
    """Closes a handful of entries: its digest covers them and the seal before, so that no later change goes unseen.

    Entries commit out of the order of their ids, so a seal names its members one by one, as ranges. A trigger refuses
    UPDATE, DELETE and TRUNCATE here too.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)
    members = models.TextField()
    """An int8multirange as text: "{[1,5),[7,8)}"."""
    upto = models.BigIntegerField()
    """The highest id that this seal or an earlier one covers."""
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
