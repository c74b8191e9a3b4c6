"""What happens at every sign-in and sign-out, whichever way it came."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.db.models.signals import pre_delete
from django.http import HttpRequest

from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.people.actions.signing_out import end_sessions_of
from sotong.people.events import SessionEnded
from sotong.people.models import Person, Session
from sotong.people.rules import address_of
from sotong.people.sessions import ADDRESS, DEVICE, STARTED


def note_sign_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Remember the device in the (already rotated) session, and who came in the audit trail."""
    request.session[STARTED] = int(time.time())
    request.session[DEVICE] = request.headers.get("User-Agent", "")[:300]
    request.session[ADDRESS] = request.META.get("REMOTE_ADDR") or None
    record("people.sign_in", by=user, subject=user)


def note_sign_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    """Who left."""
    if user is not None:
        record("people.sign_out", by=user, subject=user)


def tell_screens(sender: Any, instance: Session, **kwargs: Any) -> None:
    """A session ends, however that came about: its open screens close, in the transaction that ends it."""
    if instance.person_id is not None:
        announce(SessionEnded(person_id=instance.person_id))


def note_password(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """A new password, by oneself. The other sessions end now, not when next used: their screens may be open."""
    with transaction.atomic():
        end_sessions_of(user, but=request.session.session_key)
        record("people.change_password", by=user, subject=user)


def note_added(sender: Any, user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    """A second factor more."""
    record("people.add_second_factor", by=user, subject=user, kind=str(authenticator.type))


def note_removed(sender: Any, user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    """A second factor less."""
    record("people.drop_second_factor", by=user, subject=user, kind=str(authenticator.type))


def note_codes(sender: Any, user: Person, **kwargs: Any) -> None:
    """New recovery codes; the old ones died."""
    record("people.new_recovery_codes", by=user, subject=user)


def connect() -> None:
    """Called when the site starts."""
    password_changed.connect(note_password, dispatch_uid="people.password")
    authenticator_added.connect(note_added, dispatch_uid="people.factor_added")
    authenticator_removed.connect(note_removed, dispatch_uid="people.factor_removed")
    authenticator_reset.connect(note_codes, dispatch_uid="people.recovery_codes")
    user_logged_in.connect(note_sign_in, dispatch_uid="people.sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="people.sign_out")
    pre_delete.connect(tell_screens, sender=Session, dispatch_uid="people.session_ended")


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose door someone tries, for the lock: the e-mail in its one form (``AXES_USERNAME_CALLABLE``)."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login", "")
    return address_of(str(name))[:254]
