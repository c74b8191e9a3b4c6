"""Parts of the system have words on the page of the audit trail."""

from __future__ import annotations

import pytest
from django.utils import translation

from sotong.audit.templatetags.audit import actor_title
from sotong.audit.words import _TITLES, title_of


@pytest.mark.parametrize(("actor", "title"), [("worker", "작업 프로세스"), ("inbox", "자동 안내"), ("other", "other")])
def test_part_of_the_system_is_named_in_words(actor: str, title: str) -> None:
    assert actor_title(actor) == title


@pytest.mark.parametrize("name", sorted(_TITLES))
def test_whatever_area_named_it_an_english_title_begins_with_a_capital(name: str) -> None:
    with translation.override("en"):
        assert title_of(name)[0].isupper()


@pytest.mark.parametrize(
    ("kind", "title"),
    [("people.Team", "Team"), ("people.Person", "Person"), ("channels.Channel", "Channel"), ("inbox.Label", "Label")],
)
def test_one_row_is_called_by_one_word(kind: str, title: str) -> None:
    with translation.override("en"):
        assert title_of(kind) == title


def test_sending_is_resumed_everywhere_by_the_same_name() -> None:
    with translation.override("en"):
        assert translation.gettext("발송 다시 열기") == "Resume sending"
        assert title_of("channels.lift_hold") == "Resumed sending"
