"""What caches may keep: nothing that a signed-in person sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sotong.people.models import Company, Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/me/", "/nothing-here", "/official-accounts", "/official-accounts.json"])
def test_no_cache_keeps_what_a_signed_in_person_sees(path: str, hana: Person, browser_of: Any) -> None:
    assert browser_of(hana).get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/official-accounts", "/official-accounts.json"])
def test_what_is_public_comes_without_a_cookie(path: str, company: Company) -> None:
    answer = Client().get(path)
    assert "public" in answer.headers["Cache-Control"]
    assert not answer.cookies
