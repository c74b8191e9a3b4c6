"""Our accounts on networks, the doctor's checks, and tries to connect."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sotong.access.rules import Actor


class Channel(models.Model):
    """Our account on one network. ``remote_id`` never changes: a reconnect to another account is refused."""

    class Purpose(models.TextChoices):
        BRAND = "brand"
        CARE = "care"
        PRESS = "press"
        COMMUNITY = "community"

    class Mode(models.TextChoices):
        """shadow reads and never sends; open does both; closed does neither and stays as an archive."""

        SHADOW = "shadow"
        OPEN = "open"
        CLOSED = "closed"

    network = models.CharField(max_length=30)
    origin = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=1000, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.CARE)
    audience = models.CharField(max_length=200, blank=True)
    tone = models.CharField(max_length=500, blank=True)
    hours = models.JSONField(default=dict)
    """{"mon": [["09:00", "18:00"]], …} in ``time_zone``; empty: always."""
    time_zone = models.CharField(max_length=60, default="Asia/Seoul")
    language = models.CharField(max_length=2, default="ko")
    allowed_kinds = ArrayField(models.CharField(max_length=20), default=list)
    """Delivery kinds that may go out here."""
    escalation = models.CharField(max_length=500, blank=True)
    acknowledgement = models.TextField(blank=True)
    """Said by itself, once, to whoever opens a conversation here; empty: nothing."""
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.OPEN)
    teams = models.ManyToManyField("people.Team", blank=True, related_name="channels")
    """Who may use it; none: everyone with the permission."""
    credentials = models.BinaryField(default=bytes)
    """Encrypted; see ``actions.credentials``."""
    key_id = models.CharField(max_length=40, blank=True)
    session = models.BinaryField(default=bytes)
    """Rotated tokens, encrypted with the same key."""
    cursor = models.TextField(blank=True)
    poll_seconds = models.FloatField(default=15)
    next_poll_at = models.DateTimeField(db_default=Now())
    poll_lease_until = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    """When we last asked the network for news, whatever came of it."""
    healthy_at = models.DateTimeField(null=True)
    """When that last worked."""
    trouble = models.CharField(max_length=30, blank=True)
    """Name of the error that the last check ended with; empty: none."""
    trouble_detail = models.CharField(max_length=500, blank=True)
    trouble_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    """Nothing is sent before: the network told us to slow down."""
    examine_at = models.DateTimeField(null=True)
    """When a person asked the connection doctor to look; null: it is not asked, or has looked since."""
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    """The last day; in the future while the closing is announced and has not come yet."""
    is_public = models.BooleanField(default=True)
    """Listed on /official-accounts."""
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "remote_id"], name="channels_account_once")]
        indexes = [models.Index(fields=["next_poll_at"], name="channels_next_poll", condition=~Q(mode="closed"))]

    def __str__(self) -> str:
        return self.name

    def admits(self, actor: Actor) -> bool:
        """Whether ``actor`` belongs to those who may use this channel (``access.may(…, where=channel)``)."""
        teams = {team.pk for team in self.teams.all()}
        if not teams:
            return True
        return bool(teams & set(actor.teams.values_list("pk", flat=True)))  # type: ignore[attr-defined]


class Check(models.Model):
    """What the connection doctor saw for one permission, when."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="checks")
    permission = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())
    is_ok = models.BooleanField()
    saw = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "permission"], name="channels_check_latest")]


class Connecting(models.Model):
    """One try to connect an account, to renew its sign-in, or to open the practice network; a job does it.

    waiting → working → done | failed. The credentials are encrypted and wiped when it ends.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        DONE = "done"
        FAILED = "failed"

    network = models.CharField(max_length=30)
    opens_practice = models.BooleanField(default=False)
    """Wait for the practice network and make the company's account there first."""
    credentials = models.BinaryField(default=bytes)
    key_id = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=20, choices=Channel.Purpose.choices, default=Channel.Purpose.CARE)
    mode = models.CharField(max_length=10, choices=Channel.Mode.choices, default=Channel.Mode.OPEN)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="+")
    """The channel whose sign-in is renewed; when done: the channel that came of it."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=40, blank=True)
    """What it is doing just now, or did last."""
    saw = models.CharField(max_length=500, blank=True)
    """The account that the network says it is."""
    problem = models.CharField(max_length=30, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    """While ``working``: the worker's lease; past it another takes the work up."""
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
