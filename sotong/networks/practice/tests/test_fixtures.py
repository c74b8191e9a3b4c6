from pathlib import Path

import pytest

from sotong.networks import foreign
from sotong.networks.contract import InboundItem, MemorySession, Unreadable
from sotong.networks.practice import parse, render
from sotong.networks.practice.connector import open_connector
from sotong.networks.practice.faults import problem
from sotong.networks.tests.pairs import OBSERVED_AT, answer, error_as_json, inbound_as_json, outbound, pairs
from sotong.networks.tests.scripted import no_network

HERE = Path(__file__).parent


def read(given):
    found = foreign.read_each(
        [given],
        lambda raw: parse.read_item(raw, observed_at=OBSERVED_AT),
        remote_id=lambda raw: str(raw.get("id", "")),
        observed_at=OBSERVED_AT,
    )
    return found[0] if found else None


@pytest.mark.parametrize("pair", pairs(HERE, "inbound"), ids=lambda pair: pair.name)
def test_what_comes_in_is_read_as_expected(pair):
    assert inbound_as_json(read(pair.given)) == pair.expected


@pytest.mark.parametrize("pair", pairs(HERE, "outbound"), ids=lambda pair: pair.name)
def test_what_goes_out_is_written_as_expected(pair):
    post = outbound(pair.given["post"])
    render.check(post)
    assert render.body(post, media_ids=pair.given.get("media_ids", [])) == pair.expected


@pytest.mark.parametrize("pair", pairs(HERE, "errors"), ids=lambda pair: pair.name)
def test_what_goes_wrong_is_understood_as_expected(pair):
    found = problem(answer(pair.given), call="x", is_write=pair.given["is_write"])
    assert error_as_json(found) == pair.expected


@pytest.mark.parametrize("pair", pairs(HERE, "inbound"), ids=lambda pair: pair.name)
def test_the_stored_bytes_read_as_the_item_did_without_the_network(pair):
    network = no_network()
    connector = open_connector({"handle": "us", "token": "x"}, MemorySession(), egress=network)
    found = connector.reread(foreign.as_bytes(pair.given), OBSERVED_AT)
    first = read(pair.given)
    if first is None:
        assert isinstance(found, Unreadable)
        assert found.why == "of no interest to us"
    elif isinstance(first, InboundItem):
        assert found == first
    else:
        assert isinstance(found, Unreadable)
        assert found.why == first.why
    assert not network.asked
