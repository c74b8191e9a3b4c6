"""First words of a text."""

from __future__ import annotations

import pytest

from sotong.inbox.rules.previews import first_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@hansori_care 로밍이 안 돼요", "로밍이 안 돼요"),
        ("@a.bsky.social @b@c.example:81\n안녕", "안녕"),
        ("@hansori_care", "@hansori_care"),
        ("  여러   칸\n두 줄 ", "여러 칸 두 줄"),
        ("하나 @hansori_care 둘", "하나 @hansori_care 둘"),
    ],
)
def test_mentions_in_front_are_left_out(text: str, shown: str) -> None:
    assert first_words(text, 100) == shown


def test_long_texts_end_at_a_word() -> None:
    assert first_words("가나다 라마바 사아자", 9) == "가나다 라마바…"
    assert len(first_words("가" * 5000, 100)) == 100
