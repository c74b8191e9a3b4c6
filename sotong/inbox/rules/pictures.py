"""Making a picture safe: read within bounds, and written anew from its pixels alone. Pure: bytes in, bytes out."""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""What is read. Nothing that can carry a script (SVG) or needs a program of its own."""
PIXELS_MAX = 50_000_000
"""A picture that claims more is refused before one pixel is unpacked."""
SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)
MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class NotAPicture(Exception):
    """These bytes are no picture that we read."""


class TooManyPixels(Exception):
    """The picture is larger than ``PIXELS_MAX``, or could not be made small enough."""


@dataclass(frozen=True)
class Picture:
    """A picture written anew: no place, camera, name, comment or hidden file of the given one is left in it."""

    mime: str
    content: bytes
    width: int
    height: int


def rewrite(content: bytes, *, types: Collection[str], bytes_max: int, side_max: int) -> Picture:
    """Read a picture (of an animation the first frame), turn it upright, and write it anew within these limits.

    ``types``: mime types that may come out. ``side_max``: pixels of the longer side. Raises ``NotAPicture``,
    ``TooManyPixels``.
    """
    picture = _read(content, side_max)
    picture.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    formats = [name for name in _order(picture) if MIMES[name] in types]
    for scale in SCALES:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        scaled = picture if scale == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)
        for name, written in _written(scaled, formats):
            if len(written) <= bytes_max:
                return Picture(MIMES[name], written, scaled.width, scaled.height)
    raise TooManyPixels


def _read(content: bytes, side_max: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that are refused here anyway.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > PIXELS_MAX:
                    raise TooManyPixels
                # A JPEG can be unpacked at a half, a quarter or an eighth right away.
                opened.draft("RGB", (side_max, side_max))
                upright = ImageOps.exif_transpose(opened)
                return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (TooManyPixels, Image.DecompressionBombError) as error:
        raise TooManyPixels from error
    except Exception as error:
        # Pillow raises whatever a damaged file leads it to.
        raise NotAPicture from error


def _order(picture: Image.Image) -> tuple[str, ...]:
    """Formats to try, the best first."""
    return ("PNG", "WEBP", "JPEG") if picture.mode == "RGBA" else ("JPEG", "WEBP", "PNG")


def _written(picture: Image.Image, formats: Collection[str]) -> Iterator[tuple[str, bytes]]:
    for name in formats:
        for quality in (90, 75) if name != "PNG" else (0,):
            out = io.BytesIO()
            if name == "PNG":
                _bare(picture).save(out, "PNG", optimize=False)
            elif name == "WEBP":
                _bare(picture).save(out, "WEBP", quality=quality, method=4)
            else:
                _flat(picture).save(out, "JPEG", quality=quality, optimize=True)
            yield name, out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels without anything that was read beside them."""
    picture.info.clear()
    return picture


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it was transparent."""
    if picture.mode != "RGBA":
        return _bare(picture)
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white
