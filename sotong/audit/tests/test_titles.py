"""Parts of the system have words on the page of the audit trail."""

from __future__ import annotations

import pytest

from sotong.audit.templatetags.audit import actor_title


@pytest.mark.parametrize(("actor", "title"), [("worker", "작업 프로세스"), ("inbox", "자동 안내"), ("other", "other")])
def test_part_of_the_system_is_named_in_words(actor: str, title: str) -> None:
    assert actor_title(actor) == title
