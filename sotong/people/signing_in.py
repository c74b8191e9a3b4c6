"""What happens at every sign-in and sign-out, whichever way it came."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from sotong.audit.actions import record
from sotong.people.models import Person
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


def connect() -> None:
    """Called when the site starts."""
    user_logged_in.connect(note_sign_in, dispatch_uid="people.sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="people.sign_out")


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose door someone tries, for the lock: the e-mail as typed, in lower case (``AXES_USERNAME_CALLABLE``)."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login", "")
    return str(name).strip().lower()[:254]
