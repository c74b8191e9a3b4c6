import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotong.networks import foreign
from sotong.networks.contract import InboundItem, InboundKind, RemoteAccount, Unreadable

NOW = datetime(2026, 4, 13, 9, 30, tzinfo=UTC)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def item(remote_id):
    author = RemoteAccount(remote_id="a", handle="a")
    return InboundItem(
        kind=InboundKind.POST,
        remote_id=remote_id,
        revision="",
        thread_ref="",
        author=author,
        text="",
        posted_at=NOW,
        observed_at=NOW,
    )


def test_an_unreadable_item_never_stops_the_others():
    def read(raw):
        if raw["id"] == "bad":
            raise foreign.Malformed("no text")
        return item(raw["id"])

    found = foreign.read_each(
        [{"id": "1"}, {"id": "bad"}, None, {"id": "2"}], read, remote_id=lambda raw: raw["id"], observed_at=NOW
    )
    assert [type(each) for each in found] == [InboundItem, Unreadable, Unreadable, InboundItem]
    assert isinstance(found[1], Unreadable)
    assert (found[1].remote_id, found[1].why) == ("bad", "no text")
    assert found[2].remote_id.startswith("sha256:")
    assert json.loads(found[1].raw) == {"id": "bad"}


def test_a_mistake_of_the_reader_sets_one_item_aside():
    def read(raw):
        return item(raw["id"]) if raw["id"] else raw["nothing"]

    first, second = foreign.read_each([{"id": ""}, {"id": "2"}], read, remote_id=lambda raw: "", observed_at=NOW)
    assert isinstance(first, Unreadable)
    assert first.why == "our reader failed (KeyError)"
    assert isinstance(second, InboundItem)


def test_an_endless_text_is_set_aside_instead_of_being_cut():
    assert foreign.text({"text": "가" * foreign.TEXT_MAX}, "text")
    with pytest.raises(foreign.Malformed):
        foreign.text({"text": "가" * (foreign.TEXT_MAX + 1)}, "text")


@given(st.text() | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Lo"])))
def test_a_cleaned_text_can_always_be_stored(text):
    cleaned = foreign.clean(text)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned


@given(ANY_JSON, ANY_JSON)
def test_a_time_is_never_later_than_our_seeing_it_and_never_of_another_age(claimed, shown):
    found = foreign.posted_at(claimed, shown=shown, observed_at=NOW)
    assert foreign.EARLIEST <= found <= NOW


@pytest.mark.parametrize(
    ("claimed", "shown", "expected"),
    [
        ("2026-04-13T18:00:00+09:00", None, datetime(2026, 4, 13, 9, tzinfo=UTC)),
        ("2026-04-13T09:00:00", "2026-04-13T08:00:00Z", datetime(2026, 4, 13, 8, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", "2026-04-13T08:00:00Z", datetime(2026, 4, 13, 8, tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", None, NOW),
        ("2026-04-13T10:00:00Z", None, NOW),
        (17, None, NOW),
    ],
)
def test_a_claimed_time_is_believed_only_within_reason(claimed, shown, expected):
    assert foreign.posted_at(claimed, shown=shown, observed_at=NOW) == expected


def test_an_address_to_load_is_of_a_named_scheme_only():
    assert foreign.web_address("https://a.example/x") == "https://a.example/x"
    for value in ("http://a.example/x", "javascript:alert(1)", "data:text/html,x", "//a.example", None, 7, "https:/x"):
        assert foreign.web_address(value) == ""
    assert foreign.web_address("http://a.example/x", schemes=("http", "https"))
    assert timedelta(0) < NOW - foreign.EARLIEST


def test_what_was_set_aside_is_read_again_by_a_better_reader():
    def refuses(raw):
        raise foreign.Malformed("no text")

    def better(raw):
        return item(raw["id"]) if raw["id"] != "dull" else None

    def again(raw, read):
        (aside,) = foreign.read_each([raw], refuses, remote_id=lambda one: one["id"], observed_at=NOW)
        assert isinstance(aside, Unreadable)
        return foreign.read_again(aside.raw, read, remote_id=lambda one: one["id"], observed_at=NOW)

    assert again({"id": "1", "half": "\ud800"}, better).remote_id == "1"
    assert again({"id": "1"}, refuses).why == "no text"
    assert again({"id": "dull"}, better).why == "of no interest to us"
