"""Posting to the inbox as the desk's scripts do."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from PIL import Image

from sotong.inbox.models import Conversation
from sotong.people.models import Person

SCRIPT = {"HX-Request": "true"}


def browser(person: Person | None, **options: Any) -> Client:
    """A browser in which ``person`` is signed in; None: nobody."""
    client = Client(**options)
    if person is not None:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def post(client: Client, name: str, *args: object, **data: Any) -> Any:
    """What a script of the desk posts to ``inbox:name``."""
    return client.post(reverse(f"inbox:{name}", args=args), data, headers=SCRIPT)


def reply_to(client: Client, conversation: Conversation, text: str = "확인하고 있어요", **data: Any) -> Any:
    values = {"tab": "public", "text": text, "token": str(uuid4())} | data
    return post(client, "reply", conversation.pk, **values)


def events(response: Any) -> dict[str, Any]:
    """The events that the page is told."""
    found: dict[str, Any] = json.loads(response.headers.get("HX-Trigger", "{}"))
    return found


def said(response: Any) -> str:
    return str(response.content.decode())


def png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()
