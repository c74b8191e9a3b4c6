"""Serving files: the page's own style and script, and the images of posts and messages."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from pathlib import Path

from sotong_practice.api.call import Call, identify
from sotong_practice.exchange import Answer, Request, error_answer
from sotong_practice.network import Network
from sotong_practice.pages.visitor import current_account
from sotong_practice.refusals import Refusal
from sotong_practice.state.reading_private import media_type
from sotong_practice.state.things import Account

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FONT_NAME = "font.woff2"


@cache
def _static_file(name: str) -> tuple[bytes, str] | None:
    path = STATIC / name
    if path.suffix not in TYPES or path.name != name or not path.is_file():
        return None
    return path.read_bytes(), TYPES[path.suffix]


@cache
def static_version() -> str:
    """Changes with any static file, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def serve_static(request: Request, font: Path | None) -> Answer:
    name = request.path.removeprefix("/static/")
    found = _static_file(name)
    if name == FONT_NAME and font is not None and font.is_file():
        found = font.read_bytes(), "font/woff2"
    if found is None or request.method not in {"GET", "HEAD"}:
        return error_answer(Refusal(404, "not_found"), request.language)
    is_versioned = request.query.get("v") == static_version() or name == FONT_NAME
    keep = "public, max-age=31536000, immutable" if is_versioned else "no-cache"
    return Answer(headers={"Content-Type": found[1], "Cache-Control": keep}, body=found[0])


async def serve_media(network: Network, request: Request) -> Answer:
    """An image, to those who may see it and to whoever has the address they were given; to others it is not there."""
    name = request.path.removeprefix("/media/")
    key = request.query.get("key", "").encode()

    def opens(audience: str) -> bool:
        return hmac.compare_digest(key, network.media_key(name, audience).encode())

    mime = media_type(network.tables, name, _viewer(network, request), opens)
    path = network.media_folder / name
    if mime is None or request.method not in {"GET", "HEAD"} or not path.is_file():
        return error_answer(Refusal(404, "not_found"), request.language)
    return Answer(
        headers={
            "Content-Type": mime,
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
        body=path.read_bytes(),
    )


def _viewer(network: Network, request: Request) -> Account | None:
    if "authorization" in request.headers:
        call = Call(network=network, request=request, base="")
        try:
            identify(call)
        except Refusal:
            return None
        return call.account
    return current_account(network, request)
