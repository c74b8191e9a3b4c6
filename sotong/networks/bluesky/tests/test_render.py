import random
import uuid
from datetime import UTC, datetime

import pytest

from sotong.networks import errors
from sotong.networks.bluesky import render
from sotong.networks.contract import Media, OutboundPost

KEY = "019d8a3c-5e80-7a3b-9c4d-0123456789ab"


def uuid7(rng, milliseconds):
    value = (milliseconds << 80) | (7 << 76) | (rng.getrandbits(12) << 64) | (2 << 62) | rng.getrandbits(62)
    return str(uuid.UUID(int=value))


def test_a_key_is_the_same_at_every_attempt_and_says_when_it_was_made():
    assert render.record_key(KEY) == render.record_key(KEY.upper()) == "3mjgjxx4dv4hf"
    value = 0
    for letter in render.record_key(KEY):
        value = value * 32 + render.SORTABLE.index(letter)
    made = datetime.fromtimestamp((value >> 10) / 1_000_000, UTC)
    assert made.replace(microsecond=0) == datetime(2026, 4, 14, 4, 25, 5, tzinfo=UTC)


def test_keys_sort_by_time_and_hardly_ever_meet():
    rng = random.Random(5)
    start = 1_776_000_000_000
    keys = [render.record_key(uuid7(rng, start + number)) for number in range(5000)]
    assert keys == sorted(keys)
    assert all(len(key) == 13 and key[0] in "234567abcdefghij" for key in keys)
    same_moment = [render.record_key(uuid7(rng, start)) for _ in range(200)]
    assert len(set(same_moment)) == 200


@pytest.mark.parametrize("key", ["6ba7b810-9dad-41d1-80b4-00c04fd430c8", "x", ""])
def test_only_a_uuid7_is_a_key(key):
    with pytest.raises(ValueError):
        render.record_key(key)


def post(**values):
    return OutboundPost(**{"text": "안녕", "idempotency_key": KEY, **values})


def image(**values):
    return Media(**{"mime": "image/png", "content": b"x", **values})


FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    "accepted",
    [
        post(text="가" * 300),
        post(text=FAMILY * 100),
        post(text="", media=(image(),) * 4),
        post(media=(image(content=b"x" * 1_000_000, alt="가" * 2000),)),
    ],
)
def test_what_just_fits_is_accepted(accepted):
    render.check(accepted)


@pytest.mark.parametrize(
    "refused",
    [
        post(text="가" * 301),
        post(text=FAMILY * 130),
        post(text=" \n"),
        post(text="\ud800"),
        post(media=(image(),) * 5),
        post(media=(image(content=b"x" * 1_000_001),)),
        post(media=(image(content=None),)),
        post(media=(image(mime="image/svg+xml"),)),
        post(media=(image(alt="가" * 2001),)),
    ],
)
def test_what_does_not_fit_is_rejected_before_any_call(refused):
    with pytest.raises(errors.Rejected):
        render.check(refused)
