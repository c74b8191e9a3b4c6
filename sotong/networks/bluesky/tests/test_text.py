import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotong.networks.bluesky.facets import as_facets, find_spans
from sotong.networks.bluesky.richtext import expanded_text

LINK, MENTION, TAG = "link", "mention", "tag"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/b를 보세요", [(LINK, "https://a.example/b")]),
        ("https://a.example에서", [(LINK, "https://a.example")]),
        ("https://a.example/을 보세요", [(LINK, "https://a.example/")]),
        ("https://ko.wikipedia.example/wiki/오징어 참고", [(LINK, "https://ko.wikipedia.example/wiki/오징어")]),
        ("(https://a.example/x).", [(LINK, "https://a.example/x")]),
        ("https://a.example/x_(y) 끝", [(LINK, "https://a.example/x_(y)")]),
        ("https://a.example/?q=1&b=2#c, 그리고", [(LINK, "https://a.example/?q=1&b=2#c")]),
        ("https:// http://", []),
        ("ftp://a.example", []),
        ("@bada.example님 안녕", [(MENTION, "bada.example")]),
        ("안녕@Bada.Example", [(MENTION, "bada.example")]),
        ("mail@bada.example", []),
        ("@bada", []),
        ("https://a.example/@bada.example", [(LINK, "https://a.example/@bada.example")]),
        ("#환불 #교환! #1998 ##x a#b #2026봄", [(TAG, "환불"), (TAG, "교환"), (TAG, "2026봄")]),
        ("＃전각", [(TAG, "전각")]),
        ("#" + "가" * 65, []),
    ],
)
def test_links_mentions_and_tags_are_found_as_people_mean_them(text, expected):
    assert [(span.kind, span.value) for span in find_spans(text)] == expected


@given(st.text(alphabet="가a👩‍👧🏽 @#.:/()htps-한é", max_size=80))
def test_facets_cut_whole_characters_and_never_overlap(text):
    spans = find_spans(text)
    facets = as_facets(text, spans, {span.value: "did:plc:x" for span in spans})
    raw, position = text.encode(), 0
    for facet, span in zip(facets, spans, strict=True):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        assert position <= start < end <= len(raw)
        assert raw[start:end].decode() == text[span.start : span.end]
        position = end


def test_a_handle_that_nobody_has_stays_plain_text():
    assert as_facets("@nobody.example", find_spans("@nobody.example"), {}) == []


FACETS = st.lists(
    st.fixed_dictionaries(
        {
            "index": st.fixed_dictionaries({"byteStart": st.integers(-2, 40), "byteEnd": st.integers(-2, 40)}),
            "features": st.lists(
                st.fixed_dictionaries({"uri": st.sampled_from(["https://a.example/", "javascript:x", 7])}), max_size=2
            ),
        }
    ),
    max_size=6,
)


@given(st.text(max_size=20), FACETS)
def test_no_facet_however_wrong_loses_a_letter(text, facets):
    shown = expanded_text({"text": text, "facets": facets})
    rest = iter(shown)
    wanted = text.encode("utf-8", "replace").decode()
    assert all(letter in rest for letter in wanted) or "https://a.example/" in shown
    assert "javascript:" not in shown or "javascript:" in text
