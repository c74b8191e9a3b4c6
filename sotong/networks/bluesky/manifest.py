"""Bluesky as data. Limits follow the public lexicons app.bsky.feed.post and app.bsky.embed.images."""

from __future__ import annotations

from datetime import timedelta

from sotong.networks.contract import Capability, CredentialField, Limits, Manifest, TextUnit

DEFAULT_SERVER = "https://bsky.social"

MANIFEST = Manifest(
    name="bluesky",
    title={"ko": "블루스카이", "en": "Bluesky"},
    badge="Bs",
    capabilities=frozenset(
        {
            Capability.FETCH,
            Capability.PUBLISH,
            Capability.REPLY,
            Capability.IMAGES,
            Capability.ALT_TEXT,
            Capability.FIND,
            Capability.DELETE,
            Capability.MEASURE,
            Capability.SEARCH,
            Capability.DELETIONS_SEEN,
        }
    ),
    limits=Limits(
        text_max=300,
        text_unit=TextUnit.GRAPHEMES,
        text_max_bytes=3000,
        images_max=4,
        image_bytes_max=1_000_000,
        image_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        alt_text_max=2000,
        # 5,000 points an hour, of which writing a record takes two or three.
        posts_per_hour=1666,
        landing_time_max=timedelta(seconds=120),
    ),
    credentials=(
        CredentialField(
            name="handle",
            label={"ko": "핸들", "en": "Handle"},
            help={"ko": "예: brand.bsky.social", "en": "Such as brand.bsky.social"},
            kind="handle",
        ),
        CredentialField(
            name="app_password",
            label={"ko": "앱 비밀번호", "en": "App password"},
            help={
                "ko": "블루스카이 설정의 앱 비밀번호에서 새로 만드세요. 계정 비밀번호는 넣지 마세요.",
                "en": "Make one in Bluesky under Settings, App passwords. Do not enter the account's own password.",
            },
            is_secret=True,
            kind="password",
        ),
        CredentialField(
            name="base_url",
            label={"ko": "서버 주소", "en": "Server address"},
            help={
                "ko": "계정이 있는 서버예요. 따로 운영하지 않는다면 그대로 두세요.",
                "en": "The server that keeps the account. Leave it unless you run your own.",
            },
            is_required=False,
            default=DEFAULT_SERVER,
            kind="url",
        ),
    ),
    sign_in_help={
        "ko": "핸들과 앱 비밀번호를 확인해 주세요. 새로 만든 앱 비밀번호면 가장 확실해요.",
        "en": "Check the handle and the app password. A newly made app password is the surest way.",
    },
    poll_every=timedelta(seconds=15),
    post_addresses=(
        "https://bsky.app/profile/{remote_id}/post/{post}",
        "https://bsky.app/profile/{handle}/post/{post}",
        "at://{remote_id}/app.bsky.feed.post/{post}",
        "at://{handle}/app.bsky.feed.post/{post}",
    ),
)
