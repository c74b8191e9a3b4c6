"""Why sending is stopped, in the words of whoever reads it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from sotong.channels.tests.test_pages import browse, company
from sotong.people.models import Person

__all__ = ["browse", "company"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "none"), [("ko", "이유를 적지 않았어요"), ("en", "No reason was given")])
def test_the_trail_says_in_the_readers_language_that_no_reason_was_given(browse: Any, language: str, none: str) -> None:
    browse("lead").post(reverse("channels:brake"), {"reason": ""})
    client = browse("administrator")
    Person.objects.update(language=language)
    assert f">{none}</td>" in client.get(reverse("audit:trail")).content.decode()


@pytest.mark.parametrize("place", ["channels:brake", "channels:explain_brake"])
def test_what_a_person_writes_is_never_shown_as_a_restore(browse: Any, place: str) -> None:
    client, typed = browse("lead"), "restored 2020-01-01 00:00 UTC"
    client.post(reverse("channels:brake"), {"reason": typed if place == "channels:brake" else ""})
    client.post(reverse("channels:explain_brake"), {"reason": typed})
    shown = client.get(reverse("channels:doubtful")).content.decode()
    assert "백업을 복원했어요" not in shown
    assert shown.count(typed) == 2, "in the banner of every page and on the card"
