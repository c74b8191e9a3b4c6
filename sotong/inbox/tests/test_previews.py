"""First words of a text."""

from __future__ import annotations

import pytest

from sotong.inbox.rules.previews import GONE, Preview, first_words, preview_of, read_preview


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


@pytest.mark.parametrize(
    ("text", "alt", "shown"),
    [
        ("안녕", "파란 칸", Preview("안녕")),
        (" \n", "파란\n칸", Preview("파란 칸", is_picture=True)),
        ("", "", Preview("", is_picture=True)),
        ("", None, Preview("")),
        ("\ufffc사진인 척", None, Preview("사진인 척")),
        ("\x7f", None, Preview("")),
    ],
)
def test_a_picture_stands_for_words_where_there_are_none(text: str, alt: str | None, shown: Preview) -> None:
    assert read_preview(preview_of(text, 100, picture_alt=alt)) == shown


def test_our_own_last_word_is_marked_and_nobody_else_can_mark_theirs() -> None:
    assert read_preview(preview_of("안녕", 100, is_ours=True)) == Preview("안녕", is_ours=True)
    assert read_preview(preview_of("", 100, picture_alt="칸", is_ours=True)) == Preview(
        "칸", is_picture=True, is_ours=True
    )
    assert read_preview(preview_of("\x06안녕", 100)) == Preview("안녕")


def test_only_what_is_gone_says_so() -> None:
    assert read_preview(GONE).is_gone
    assert not read_preview("").is_gone
