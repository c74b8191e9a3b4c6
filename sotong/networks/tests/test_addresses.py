"""Which addresses can be a post of our own."""

from __future__ import annotations

import pytest

from sotong.networks import registry
from sotong.networks.addresses import example_of_post, own_post

DID = "did:plc:aaaa"
OURS = {"remote_id": DID, "handle": "brand.example", "server": "http://127.0.0.1:8471"}
OWN = "http://127.0.0.1:8471/@brand.example"
PAGE = f"https://bsky.app/profile/{DID}/post/3kabc"


@pytest.mark.parametrize(
    ("network", "typed", "page"),
    [
        ("bluesky", PAGE, PAGE),
        ("bluesky", f" {PAGE}/?ref=x#y ", PAGE),
        (
            "bluesky",
            "https://bsky.app/profile/Brand.example/post/3kabc",
            PAGE,
        ),
        ("bluesky", f"at://{DID}/app.bsky.feed.post/3kabc", PAGE),
        ("bluesky", "https://example.com/1", ""),
        ("bluesky", "https://bsky.app/profile/other.example/post/3kabc", ""),
        ("bluesky", "https://bsky.app.example/profile/brand.example/post/3kabc", ""),
        ("bluesky", "https://bsky.app/profile/brandxexample/post/3kabc", ""),
        ("bluesky", f"at://{DID}/app.bsky.feed.like/3kabc", ""),
        ("bluesky", f"https://bsky.app/profile/{DID}/post/", ""),
        ("bluesky", "", ""),
        ("practice", f"{OWN}/posts/p1", f"{OWN}/posts/p1"),
        ("practice", "http://127.0.0.1:8471/@kim/posts/p1", ""),
        ("practice", "http://127.0.0.1:8471/posts/p1", ""),
        ("practice", "http://127.0.0.1:8472/@brand.example/posts/p1", ""),
        ("practice", "https://example.com/1", ""),
    ],
)
def test_only_a_post_of_our_own_account_is_taken(network, typed, page):
    found = own_post(registry.manifest(network), typed, account=OURS)
    assert (found.page if found else "") == page


def test_one_post_has_one_page_and_the_same_names_however_it_is_typed():
    manifest = registry.manifest("bluesky")
    typed = [PAGE, "https://bsky.app/profile/Brand.Example/post/3kabc", f"at://{DID}/app.bsky.feed.post/3kabc"]
    first, *others = (own_post(manifest, one, account=OURS) for one in typed)
    assert first is not None and others == [first, first]
    other = own_post(manifest, PAGE.upper().replace("HTTPS", "https"), account=OURS)
    assert other is None or "3kabc" not in other.names, "ids are not the same in capitals"
    assert {PAGE, "3kabc", f"at://{DID}/app.bsky.feed.post/3kabc"} <= first.names


def test_a_direct_message_is_at_no_posts_address():
    manifest = registry.manifest("practice")
    assert own_post(manifest, f"{OWN}/messages/m1", account=OURS, is_direct=True)
    assert own_post(manifest, f"{OWN}/posts/m1", account=OURS, is_direct=True) is None
    assert own_post(manifest, f"{OWN}/messages/m1", account=OURS) is None


def test_a_form_of_which_a_part_is_unknown_fits_nothing():
    nobody = dict.fromkeys(OURS, "")
    assert not own_post(registry.manifest("bluesky"), "https://bsky.app/profile//post/3kabc", account=nobody)
    assert not own_post(registry.manifest("practice"), "/@/posts/p1", account=nobody)


def test_an_example_is_one_that_people_know():
    assert (
        example_of_post(registry.manifest("bluesky"), account=OURS) == "https://bsky.app/profile/brand.example/post/…"
    )
    assert example_of_post(registry.manifest("practice"), account=OURS) == f"{OWN}/posts/…"
