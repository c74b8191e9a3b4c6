"""Whatever is put in place of any part of any fixture: an item is read or set aside, and what is read can be stored."""

from __future__ import annotations

import copy
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotong.networks import foreign, registry
from sotong.networks.contract import InboundItem, Unreadable
from sotong.networks.tests.pairs import pairs

ROOT = Path(registry.__file__).parent
NASTY = st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "x" * 30_000,
        "at://",
        "javascript:alert(1)",
        "<script>",
        "9999-99-99",
        "1e999",
        "\u202e\u200b",
    ]
)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | NASTY
ANYTHING = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    """All paths inside a JSON value."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, part in value.items():
            found += places(part, (*path, key))
    if isinstance(value, list):
        for position, part in enumerate(value):
            found += places(part, (*path, position))
    return found


def replaced(value, path, by):
    result = copy.deepcopy(value)
    target = result
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = by
    return result


@pytest.mark.parametrize("name", registry.NETWORKS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_part_however_wrong_breaks_the_reading(name, data):
    read = import_module(f"sotong.networks.{name}.tests.test_fixtures").read
    given_pairs = [pair for pair in pairs(ROOT / name / "tests", "inbound") if isinstance(pair.given, dict)]
    pair = data.draw(st.sampled_from([pair for pair in given_pairs if "gone" not in pair.given]))
    path = data.draw(st.sampled_from(places(pair.given)))
    item = read(replaced(pair.given, path, data.draw(ANYTHING)))
    if isinstance(item, InboundItem):
        for text in (item.text, item.remote_id, item.author.display_name, item.url, item.in_reply_to, item.thread_ref):
            assert "\x00" not in text
            text.encode()
        assert item.posted_at <= item.observed_at
        assert not item.url or item.url.startswith(("https://", "http://"))
        for media in item.media:
            assert not media.url or media.url.startswith(("https://", "http://"))
            media.alt.encode()
            media.mime.encode()
    elif item is not None:
        assert isinstance(item, Unreadable)
        assert item.raw
        assert item.why
        assert not item.why.startswith(foreign.MISTAKE)
