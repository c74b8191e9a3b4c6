"""The company, its people, their teams and invitations."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower, Now

from sotong.people.rules import address_of


def tracked(**options: Any) -> Any:
    """Triggers keep every change of the rows, also by SQL and bulk, in a table that is only ever added to.

    The migration that makes such a table also gives it the trigger ``audit_refuse()``, which no session can switch off.
    """
    ways = options.pop("also", ())
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        *ways,
        **options,
    )


@tracked()
class Company(models.Model):
    """One row: the company that runs this installation. Exists from the first run on."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="ko")
    time_zone = models.CharField(max_length=60, default="Asia/Seoul")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="people_one_company")]


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=address_of(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=address_of(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


@tracked(
    exclude=["password", "last_login"],
    also=[pghistory.UpdateEvent("password", condition=pgtrigger.AnyChange("password"))],
)
class Person(AbstractBaseUser):
    """Someone who works here. Deactivated, never deleted: what they wrote keeps its author."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80)
    nickname = models.CharField(max_length=40, blank=True)
    """What customers see under an answer."""
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    authority = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    is_owner = models.BooleanField(default=False)
    language = models.CharField(max_length=2, blank=True)
    """ko, en, or empty: the company's."""
    time_zone = models.CharField(max_length=60, blank=True)
    """IANA name, or empty: the company's."""
    theme = models.CharField(max_length=6, default="system")
    density = models.CharField(max_length=11, default="comfortable")
    has_shortcuts = models.BooleanField(default=True)
    undo_seconds = models.PositiveSmallIntegerField(null=True)
    """Undo window before a reply leaves, 0 to 30; null: the installation's."""
    joined_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_email_once"),
            models.CheckConstraint(condition=models.Q(authority__range=(1, 4)), name="people_authority_level"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name under an answer."""
        return self.nickname or self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.shown_name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used: ``access.may`` is the one authorisation function."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


@tracked()
class Team(models.Model):
    """People who take conversations together."""

    name = models.CharField(max_length=60, unique=True)
    members = models.ManyToManyField(Person, related_name="teams", blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


@tracked(obj_field=None)
class TeamMember(Team.members.through):  # type: ignore[name-defined, misc]
    """Who is in which team: only here so that joining and leaving are kept too."""

    class Meta:
        proxy = True


@tracked(exclude=["token_hash"])
class Invitation(models.Model):
    """sent → accepted | withdrawn | expired (24 hours). The token is kept as a hash and works once."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80, blank=True)
    roles = ArrayField(models.CharField(max_length=30), default=list)
    authority = models.PositiveSmallIntegerField(default=1)
    teams = ArrayField(models.BigIntegerField(), default=list)
    """Ids of the teams that the person will join; one that is gone by then is left out."""
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="invitation")


class SetupToken(models.Model):
    """The one-time first-run link, kept as a hash; void as soon as an owner exists."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)


class ResetLink(models.Model):
    """A one-time link that an administrator hands to someone who forgot their password. Kept as a hash, 24 hours."""

    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reset_links")
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Session(AbstractBaseSession):
    """One browser that is signed in, or about to be. Deleting the row ends it at once.

    Unlike Django's own table it names the person, so that someone's sessions can be shown and ended.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=300, blank=True)
    """What the browser calls itself."""
    address = models.GenericIPAddressField(null=True)
    """Where the sign-in came from."""
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    """When it was last used, to five minutes."""

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from sotong.people.sessions import SessionStore

        return SessionStore


class RateLimit(models.Model):
    """Tries that count against a limit of signing in, from one address or against one account.

    Django's cache writes the rows, for every web process alike; whatever else were cached would lie here too.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
