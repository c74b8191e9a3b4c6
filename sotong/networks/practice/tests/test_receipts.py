"""What the network says of a post of ours."""

from __future__ import annotations

import pytest

from sotong.networks.practice import parse


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_tombstone_says_that_it_is_one(is_deleted: bool) -> None:
    post = {"id": "w-2", "root": "w-1", "url": "http://127.0.0.1/posts/w-2", "revision": 2, "deleted": is_deleted}
    found = parse.receipt(post, thread="root")
    assert (found.remote_id, found.is_deleted) == ("w-2", is_deleted)
