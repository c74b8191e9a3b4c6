"""Making a picture safe: read within bounds, and written anew from its pixels alone. Pure: bytes in, bytes out."""

from __future__ import annotations

import io
import math
import threading
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""What is read. Nothing that can carry a script (SVG) or needs a program of its own."""
PIXELS_MAX = 50_000_000
"""A picture that claims more is refused before one pixel is unpacked; so is one that would need ``UNPACKED_MAX``."""
UNPACKED_MAX = 200_000_000
"""Bytes that unpacking may need beside the file itself, as ``_cost`` foretells them. With what is written: 250 MB."""
WEBP_COST = 18
"""Bytes for each pixel of a WebP: two canvases, a copy, the unpacked picture, and what the format itself needs."""
LIGHT = {"1": 1, "L": 1, "P": 1, "I;16": 2}
"""Bytes that Pillow needs for a pixel of these modes; 4 for any other."""
WRITTEN_MAX = 6_000_000
"""Pixels of a picture that comes out: packing a WebP needs nearly 40 bytes for each."""
TILE = 700
"""Pixels of the side of a square that is worked on at a time."""
WAIT_MAX = 20.0
"""Seconds to wait while another picture is being worked on."""
SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)
MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

_one_at_a_time = threading.Lock()
"""The bound on memory is one of the process, not one of each thread."""


class NotAPicture(Exception):
    """These bytes are no picture that we read."""


class TooManyPixels(Exception):
    """The picture is larger than ``pixels_max``, which depends on how it is packed; or it could not be made small."""

    def __init__(self, pixels_max: int = PIXELS_MAX) -> None:
        super().__init__(pixels_max)
        self.pixels_max = pixels_max


class Busy(Exception):
    """Other pictures were being worked on for as long as one may wait."""


@dataclass(frozen=True)
class Picture:
    """A picture written anew: no place, camera, name, comment or hidden file of the given one is left in it."""

    mime: str
    content: bytes
    width: int
    height: int


def rewrite(
    content: bytes, *, types: Collection[str], bytes_max: int, side_max: int, wait_max: float = WAIT_MAX
) -> Picture:
    """Read a picture (of an animation the first frame), turn it upright, and write it anew within these limits.

    ``types``: mime types that may come out. ``side_max``: pixels of the longer side. Raises ``NotAPicture``,
    ``TooManyPixels``, and ``Busy`` when its turn has not come after ``wait_max`` seconds.
    """
    if not _one_at_a_time.acquire(timeout=wait_max):
        raise Busy
    try:
        picture = _read(content, side_max)
        formats = [name for name in _order(picture) if MIMES[name] in types]
        densest = 0.0
        for scale in SCALES:
            # Bytes do not fall faster than the area: what cannot become small enough is not tried in vain.
            if densest * scale**2 > bytes_max and scale > SCALES[-1]:
                continue
            size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            scaled = picture if scale == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)
            lengths = []
            for name, written in _written(scaled, formats):
                if len(written) <= bytes_max:
                    return Picture(MIMES[name], written, scaled.width, scaled.height)
                lengths.append(len(written))
            densest = min(lengths, default=0) / scale**2
        raise TooManyPixels
    finally:
        _one_at_a_time.release()


def _read(content: bytes, side_max: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that are refused here anyway.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                size = _size_within(opened.size, side_max)
                _narrow(opened, max(size))
                small = _shrunk(opened, size)
                small.info = opened.info.copy()
        ImageOps.exif_transpose(small, in_place=True)
        return small
    except TooManyPixels:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:
        # Pillow raises whatever a damaged file leads it to.
        raise NotAPicture from error


def _size_within(size: tuple[int, int], side_max: int) -> tuple[int, int]:
    """The size that a picture of ``size`` gets: its shape kept, never larger than it is."""
    width, height = size
    scale = min(1.0, side_max / max(size), math.sqrt(WRITTEN_MAX / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _narrow(opened: Image.Image, side: int) -> None:
    """See to it that unpacking needs no more than ``UNPACKED_MAX``. Raises ``TooManyPixels`` where it would.

    A JPEG can be unpacked at a half, a quarter or an eighth right away: it is, where no more than ``side`` is wanted
    and where there is room for no more.
    """
    pixels = opened.width * opened.height
    scales = (1, 2, 4, 8) if isinstance(opened, JpegImageFile) else (1,)
    fitting = [scale for scale in scales if _cost(opened, scale) * pixels <= UNPACKED_MAX]
    if pixels > PIXELS_MAX or not fitting:
        raise TooManyPixels(min(PIXELS_MAX, int(UNPACKED_MAX / _cost(opened, scales[-1]))))
    scale = max((scale for scale in fitting if max(opened.size) >= side * scale), default=fitting[0])
    if scale > 1:
        opened.draft("RGB", (opened.width // scale, opened.height // scale))


def _cost(opened: Image.Image, scale: int) -> float:
    """Bytes that Pillow needs for each pixel of the file while it unpacks it at one ``scale``-th."""
    if opened.format == "WEBP":
        return WEBP_COST
    unpacked = LIGHT.get(opened.mode, 4) / scale**2
    if not isinstance(opened, JpegImageFile):
        return unpacked
    # Where its parts come one after another, all its coefficients of two bytes each are kept until the last.
    areas = [across * down for _name, across, down, _table in opened.layer]
    return 2 * sum(areas) / max(areas) + unpacked


def _shrunk(opened: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture in colours at ``size``, made square by square: never a second one as large as the first."""
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    if size == opened.size:
        return opened.convert(mode)
    small = Image.new(mode, size)
    across, down = opened.width / size[0], opened.height / size[1]
    # Three pixels of the result on each side have a say in what a square becomes.
    side = max(1, int(TILE / max(across, down)) - 6)
    for top in range(0, size[1], side):
        upper, lower, y, bottom = _stretch(top, min(size[1], top + side), down, opened.height)
        for left in range(0, size[0], side):
            first, last, x, right = _stretch(left, min(size[0], left + side), across, opened.width)
            square = opened.crop((first, upper, last, lower)).convert(mode)
            wanted = (min(size[0], left + side) - left, min(size[1], top + side) - top)
            small.paste(square.resize(wanted, Image.Resampling.LANCZOS, (x, y, right, bottom)), (left, top))
    return small


def _stretch(start: int, end: int, ratio: float, length: int) -> tuple[int, int, float, float]:
    """Which of ``length`` pixels to take for those from ``start`` to ``end`` of the result, of which each stands for
    ``ratio``: first and last with the neighbours that have a say, and, counted from the first, those that are meant."""
    first = max(0, math.floor((start - 3) * ratio) - 1)
    last = min(length, math.ceil((end + 3) * ratio) + 1)
    return first, last, start * ratio - first, min(end * ratio - first, last - first)


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
