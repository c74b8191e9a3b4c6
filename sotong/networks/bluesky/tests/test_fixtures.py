from pathlib import Path

import pytest

from sotong.networks import foreign
from sotong.networks.bluesky import parse, render
from sotong.networks.bluesky.faults import problem
from sotong.networks.tests.pairs import OBSERVED_AT, answer, error_as_json, inbound_as_json, outbound, pairs

HERE = Path(__file__).parent
SERVER = "https://pds.example"


def read(given):
    """A notification (with the AppView's view of the post, if any), a search hit, or a watched post that is gone."""
    if "gone" in given:
        return parse.deletion(given["gone"], observed_at=OBSERVED_AT)
    raw = given.get("notification", given.get("search"))

    def parsed(raw):
        if "search" in given:
            return parse.read_post_view(raw, server=SERVER, observed_at=OBSERVED_AT)
        return parse.read_notification(raw, view=given.get("view"), server=SERVER, observed_at=OBSERVED_AT)

    found = foreign.read_each([raw], parsed, remote_id=lambda raw: str(raw.get("uri", "")), observed_at=OBSERVED_AT)
    return found[0] if found else None


@pytest.mark.parametrize("pair", pairs(HERE, "inbound"), ids=lambda pair: pair.name)
def test_what_comes_in_is_read_as_expected(pair):
    assert inbound_as_json(read(pair.given)) == pair.expected


@pytest.mark.parametrize("pair", pairs(HERE, "outbound"), ids=lambda pair: pair.name)
def test_what_goes_out_is_written_as_expected(pair):
    post = outbound(pair.given["post"])
    render.check(post)
    record = render.record(
        post, dids=pair.given.get("dids", {}), blobs=pair.given.get("blobs", []), reply=pair.given.get("reply")
    )
    assert {"rkey": render.record_key(post.idempotency_key), "record": record} == pair.expected


@pytest.mark.parametrize("pair", pairs(HERE, "errors"), ids=lambda pair: pair.name)
def test_what_goes_wrong_is_understood_as_expected(pair):
    found = problem(answer(pair.given), call="x", is_write=pair.given["is_write"], now=OBSERVED_AT)
    assert error_as_json(found) == pair.expected
