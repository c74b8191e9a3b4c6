"""Contacts and their identities."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now


class Contact(models.Model):
    """A person outside, as far as we know."""

    name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """One account of a contact on one network; unique on (origin, remote id). Follower counts are not kept."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="identities")
    network = models.CharField(max_length=30)
    origin = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    search = SearchVectorField(null=True)
    first_seen_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "remote_id"], name="contacts_identity_once")]
        indexes = [GinIndex(fields=["search"], name="contacts_identity_search")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The handle, else the name, else the id: what the person is called on screen."""
        return self.handle or self.name or self.remote_id
