"""The practice network as data."""

from __future__ import annotations

from datetime import timedelta

from sotong.networks.contract import Capability, CredentialField, Limits, Manifest, TextUnit

DEFAULT_SERVER = "http://127.0.0.1:8471"

MANIFEST = Manifest(
    name="practice",
    title={"ko": "연습 네트워크", "en": "Practice network"},
    badge={"ko": "연", "en": "Pr"},
    capabilities=frozenset(
        {
            Capability.FETCH,
            Capability.PUBLISH,
            Capability.REPLY,
            Capability.DIRECT,
            Capability.IMAGES,
            Capability.ALT_TEXT,
            Capability.FIND,
            Capability.DELETE,
            Capability.MEASURE,
            Capability.SEARCH,
            Capability.EDITS_SEEN,
            Capability.DELETIONS_SEEN,
        }
    ),
    limits=Limits(
        text_max=500,
        text_unit=TextUnit.CODE_POINTS,
        images_max=4,
        image_bytes_max=8 * 1024 * 1024,
        image_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        alt_text_max=1000,
        posts_per_hour=3600,
        # Its switchable faults let an effect land ten seconds late, or later when told so.
        landing_time_max=timedelta(seconds=60),
    ),
    credentials=(
        CredentialField(
            name="base_url",
            label={"ko": "연습 네트워크 주소", "en": "Practice network address"},
            is_required=False,
            default=DEFAULT_SERVER,
            kind="url",
        ),
        CredentialField(
            name="handle",
            label={"ko": "핸들", "en": "Handle"},
            help={"ko": "예: hansori_care", "en": "Such as hansori_care"},
            kind="handle",
        ),
        CredentialField(
            name="token",
            label={"ko": "접속 토큰", "en": "Access token"},
            help={"ko": "pt_로 시작해요.", "en": "Begins with pt_."},
            is_secret=True,
            kind="password",
        ),
    ),
    sign_in_help={
        "ko": "연습 네트워크를 다시 열면 새 로그인으로 이어져요.",
        "en": "Open the practice network again: that connects it with a new sign-in.",
    },
    is_practice=True,
    poll_every=timedelta(seconds=2),
    post_addresses=("{server}/@{handle}/posts/{post}",),
    direct_addresses=("{server}/@{handle}/messages/{post}",),
)
