"""A network with keys and a look-up."""

from __future__ import annotations

from datetime import timedelta

from sotong.networks.contract import Capability, CredentialField, Limits, Manifest

C = Capability
MANIFEST = Manifest(
    name="counting",
    title={"ko": "세는 네트워크", "en": "Counting network"},
    badge="C",
    capabilities=frozenset({C.FETCH, C.PUBLISH, C.REPLY, C.DIRECT, C.IMAGES, C.FIND, C.DELETE}),
    limits=Limits(
        text_max=500,
        images_max=2,
        image_bytes_max=1_000_000,
        image_types=("image/png",),
        alt_text_max=500,
        landing_time_max=timedelta(seconds=2),
    ),
    credentials=(
        CredentialField(name="url", label={"ko": "주소", "en": "Address"}, kind="url"),
        CredentialField(name="account", label={"ko": "계정", "en": "Account"}, kind="handle"),
        CredentialField(name="token", label={"ko": "열쇠", "en": "Key"}, is_secret=True, kind="password"),
    ),
    poll_every=timedelta(seconds=1),
    post_addresses=("{server}/{post}",),
)
