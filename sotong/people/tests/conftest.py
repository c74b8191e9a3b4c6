"""A small cast: 나래 founded the company, 가람 runs the house with her, 하나 answers."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from sotong.people.models import Company, Person

AT = datetime(2026, 5, 1, 3, 27, tzinfo=UTC)
SECRET = "파도가 치는 밤바다"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "viewport": {"width": 1280, "height": 860}}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing that takes its time is for real passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(name="한소리텔레콤", language="ko", time_zone="Asia/Seoul")


@pytest.fixture
def narae(company: Company) -> Person:
    return Person.objects.create_user(
        "narae@hansori.example",
        SECRET,
        name="김나래",
        roles=["administrator", "lead", "agent"],
        authority=4,
        is_owner=True,
        language="ko",
        time_zone="Asia/Seoul",
    )


@pytest.fixture
def garam(company: Company) -> Person:
    return Person.objects.create_user(
        "garam@hansori.example", SECRET, name="이가람", roles=["administrator"], language="ko", time_zone="Asia/Seoul"
    )


@pytest.fixture
def hana(company: Company) -> Person:
    return Person.objects.create_user(
        "hana@hansori.example", SECRET, name="박하나", roles=["agent"], language="ko", time_zone="Asia/Seoul"
    )


@pytest.fixture
def browser_of() -> Any:
    """A browser in which someone is signed in."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
