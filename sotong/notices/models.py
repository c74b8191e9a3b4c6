"""Notices on screen; mail, paging and outgoing webhooks come later."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Notice(models.Model):
    """One thing that someone must know. Open until its cause is gone or a person closes it."""

    key = models.CharField(max_length=120)
    """Same cause, same key: an open notice is never doubled ("channel-trouble:3")."""
    kind = models.CharField(max_length=40)
    permission = models.CharField(max_length=40)
    """Whoever holds it is told."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """Only this person, who must hold the permission too; null: all who hold it."""
    url = models.CharField(max_length=300, blank=True)
    detail = models.JSONField(default=dict)
    raised_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notices_open_once", condition=Q(closed_at__isnull=True))
        ]
        indexes = [models.Index(fields=["permission", "-id"], name="notices_open", condition=Q(closed_at__isnull=True))]
