"""Taking in images: checked by content, made smaller, written anew without metadata."""

from __future__ import annotations

import asyncio
import io
import os
import secrets
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageOps

from sotong_practice.network import Network
from sotong_practice.refusals import Refusal
from sotong_practice.state.things import Account, Image

BYTES_MAX = 8 * 1024 * 1024
PIXELS_MAX = 24_000_000
SIDE_MAX = 12_000
IMAGE_TYPES = "image/jpeg,image/png,image/webp,image/gif"
KEPT_SIDE = 2048
FORMATS = {"JPEG": ("JPEG", "image/jpeg", ".jpg"), "PNG": ("PNG", "image/png", ".png"),
           "WEBP": ("WEBP", "image/webp", ".webp"), "GIF": ("PNG", "image/png", ".png")}  # fmt: skip

_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


@dataclass(frozen=True)
class Cleaned:
    content: bytes
    mime: str
    suffix: str
    width: int
    height: int


async def take_in_picture(network: Network, *, by: Account, content: bytes) -> Image:
    """Stores an image of the account. Raises ``Refusal`` for what is no image, too large, or a bomb."""
    loop = asyncio.get_running_loop()
    cleaned = await loop.run_in_executor(_one_at_a_time, clean_picture, content)
    name = secrets.token_hex(16) + cleaned.suffix
    await loop.run_in_executor(_one_at_a_time, _store, network.media_folder / name, cleaned.content)
    record = network.record(
        "media",
        named=True,
        account=by.id,
        name=name,
        mime=cleaned.mime,
        width=cleaned.width,
        height=cleaned.height,
        bytes=len(cleaned.content),
    )
    return Image(id=record["id"], name=name, mime=cleaned.mime, width=cleaned.width, height=cleaned.height)


def clean_picture(content: bytes) -> Cleaned:
    """The picture written anew: first frame, upright, at most 2,048 on its long side, no metadata."""
    if len(content) > BYTES_MAX:
        raise Refusal(413, "media_too_large", limit=BYTES_MAX)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # size is judged here, before a pixel is unpacked
            picture = Picture.open(io.BytesIO(content), formats=tuple(FORMATS))
            if picture.width * picture.height > PIXELS_MAX or max(picture.size) > SIDE_MAX:
                raise Refusal(400, "media_too_many_pixels", limit=PIXELS_MAX)
            kept, mime, suffix = FORMATS[str(picture.format)]
            # Made smaller before anything else: each step of the whole would be a copy of the whole.
            picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
            ImageOps.exif_transpose(picture, in_place=True)
            plain = _without_metadata(picture, kept)
            output = io.BytesIO()
            plain.save(output, kept, **({"quality": 88} if kept in {"JPEG", "WEBP"} else {}))
    except Refusal:
        raise
    except Picture.DecompressionBombError as error:
        raise Refusal(400, "media_too_many_pixels", limit=PIXELS_MAX) from error
    except Exception as error:  # whatever a decoder makes of hostile bytes, it is an unreadable image
        raise Refusal(400, "media_unreadable") from error
    return Cleaned(output.getvalue(), mime, suffix, *plain.size)


def _without_metadata(picture: Picture.Image, kept: str) -> Picture.Image:
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if has_alpha and kept != "JPEG" else "RGB"
    converted = picture.convert(mode)
    plain = Picture.new(mode, converted.size)
    plain.paste(converted)
    return plain


def _store(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refusal(503, "storage_full") from error
