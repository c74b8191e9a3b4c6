"""What belongs to the people at the desk: drafts, canned responses, presence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from sotong.inbox.models.conversations import Conversation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PERSON = settings.AUTH_USER_MODEL
PRESENCE_LASTS = timedelta(seconds=20)
"""Pages say more often that they are still there; an older row means nothing."""


class Draft(models.Model):
    """What a person has typed and not sent, per conversation and tab. ``token`` makes sending it happen once."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    tab = models.CharField(max_length=10)
    """public, direct or note."""
    text = models.TextField(blank=True)
    token = models.UUIDField(unique=True)
    """Becomes the delivery's or note's key: a form sent twice makes one message."""
    saved_at = models.DateTimeField(db_default=Now())
    page = models.CharField(max_length=36, blank=True, default="")
    """The open page that wrote it last; empty: none that says its name."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "conversation", "tab"], name="inbox_draft_once")]

    @property
    def saved_ms(self) -> int:
        """Milliseconds since 1970, as scripts count them."""
        return (self.saved_at - EPOCH) // timedelta(milliseconds=1)


class DraftImage(models.Model):
    """An image attached to a draft, re-encoded: nothing of the file that was given remains but its pixels."""

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
    """Who looks at a conversation or types in it just now. Rows older than ``PRESENCE_LASTS`` mean nothing."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="presences")
    is_typing = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "conversation"], name="inbox_presence_once")]
