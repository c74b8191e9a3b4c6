"""Channels, arrivals, deliveries, holds.

Arrival:  recorded → processed | set_aside
Delivery: draft → approved → due → sending → sent | failed | unconfirmed;  held, cancelled
          (draft → due where policy asks for no approval; unconfirmed → sent | due | failed by ``find`` or a person)
"""

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
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
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
    due_at = models.DateTimeField()
    chain = models.CharField(max_length=500, blank=True)
    """Deliveries of one chain (a thread, a direct exchange) leave in the order of their ids; empty: alone."""
    lease_until = models.DateTimeField(null=True)
    """While ``sending``: no one else touches it before. Outlives the network's longest landing time. While
    ``unconfirmed``: until then the effect may still land, so not seeing it proves nothing."""
    next_look_at = models.DateTimeField(null=True)
    """While ``unconfirmed`` or ``sent`` and not seen: when to look again."""
    looks = models.PositiveSmallIntegerField(default=0)
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
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | (~Q(remote_id="") & Q(sent_at__isnull=False)),
                name="channels_sent_means_there",
            )
        ]


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
