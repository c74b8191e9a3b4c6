"""Which letters of a text a screen marks."""

from __future__ import annotations

import unicodedata

import pytest

from sotong.language.marks import one_line, parts, read_stretches, stretches
from sotong.language.search import analyse_query
from sotong.language.tests.conftest import Running


def shown(text: str, query: str, client: object = None) -> str:
    """``text`` with its marks as brackets."""
    line = one_line(text)
    found = stretches(line, analyse_query(query, client)[0])  # type: ignore[arg-type]
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts(line, found, 200))


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("어제 환불했어요", "환불", "어제 [환불]했어요"),
        ("환불  환불\n환불", "환불", "[환불] [환불] [환불]"),
        (unicodedata.normalize("NFD", "환불이요"), "환불", "[환불]이요"),
        ("My Router reboots", "router", "My [Router] reboots"),
        ("rerouter", "router", "rerouter"),
        ("ＬＴＥ가 느려요", "lte", "[ＬＴＥ]가 느려요"),
        ("<script>환불</script>", "환불", "<script>[환불]</script>"),
        ("아무 말", "환불", "아무 말"),
        ("환 불", "환불", "환 불"),
    ],
)
def test_by_spelling(text: str, query: str, marked: str) -> None:
    assert shown(text, query) == marked


def test_by_reading(language: Running) -> None:
    terms, _ = analyse_query("돕다", language.client)
    text = "상담원이 도와줬어요"
    assert not stretches(text, terms)
    assert read_stretches([text, "아무 말"], terms, language.client, 5.0) == [[(5, 10)], []]
    assert read_stretches([text], terms, None) == [[]]


def test_a_long_text_is_cut_around_the_first_match() -> None:
    text = "가나 " * 200 + "환불 " + "다라 " * 200
    terms, _ = analyse_query("환불", None)
    cut = parts(one_line(text), stretches(one_line(text), terms), 60)
    assert [part.is_match for part in cut] == [False, False, True, False, False]
    assert cut[0].text == cut[-1].text == "…"
    assert len("".join(part.text for part in cut)) == 62
