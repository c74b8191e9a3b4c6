"""Whatever is posted, the answer is one of those that we meant, in words, and never a broken server."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotong.inbox.models import Conversation
from sotong.inbox.tests.endpoints import SCRIPT, browser
from sotong.people.models import Person

ODD = ["", "0", "-1", "1", "9" * 19, "9" * 40, "1e3", "٣", "\x00", "true", "2026-05-01T00:00", "2026-05-01T00:00Z",
       "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "public", "note", "resolve", "label", "snooze",
       "9f1c1f0e-5d6e-4a59-9d0b-7a1f6f6c0001", "한글", "\u1112\u1161\u11ab", "\u202e",
       "\U0001f600" * 50, "a" * 3000]  # fmt: skip
FIELDS = ["tab", "text", "token", "seen_upto", "target", "channel", "even_so", "outcome", "reason", "until",
          "until_local", "person", "team", "labels", "new", "do", "ids", "is_typing", "is_leaving", "alt", "image",
          "name", "language"]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(ODD).map(str.encode), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
    st.binary(max_size=40),
)  # fmt: skip
BODIES = st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=14)
WITH_CONVERSATION = ["claim", "release", "take_over", "reply", "note", "draft", "draft_image", "presence", "resolve",
                     "reopen", "snooze", "assign", "label"]  # fmt: skip
MEANT = {200, 204, 303, 400, 403, 404, 409, 422}


@pytest.fixture
def everything(narae: Person) -> Client:
    return browser(narae)


def _post(client: Client, url: str, fields: list[tuple[str, bytes]], *, scripted: bool) -> None:
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields)
    headers = SCRIPT if scripted else {}
    answer = client.post(url, body, content_type="application/x-www-form-urlencoded", headers=headers)
    assert answer.status_code in MEANT
    if answer.status_code in {400, 404, 409, 422}:
        assert answer.content.strip()


@pytest.mark.parametrize("name", [*WITH_CONVERSATION, "bulk", "new_canned"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=BODIES, scripted=st.booleans())
def test_any_fields(
    name: str, everything: Client, talk: Conversation, fields: list[tuple[str, bytes]], scripted: bool
) -> None:
    url = reverse(f"inbox:{name}", args=[talk.pk] if name in WITH_CONVERSATION else [])
    _post(everything, url, fields, scripted=scripted)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(WITH_CONVERSATION), number=st.integers(min_value=0, max_value=10**30))
def test_any_number_of_a_conversation(name: str, everything: Client, number: int) -> None:
    _post(everything, reverse(f"inbox:{name}", args=[number]), [("tab", b"public")], scripted=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff"]))
def test_any_file(everything: Client, talk: Conversation, content: bytes, start: bytes) -> None:
    url = reverse("inbox:draft_image", args=[talk.pk])
    file = SimpleUploadedFile("x.png", start + content, "image/png")
    answer = everything.post(url, {"tab": "public", "image": file}, headers=SCRIPT)
    assert answer.status_code in MEANT
