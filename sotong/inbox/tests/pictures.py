"""Pictures made by hand: honest, private and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(out, form, **options)
    return out.getvalue()


def from_a_phone() -> bytes:
    """A JPEG that lies on its side and says where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PlantedPhone"
    exif[0x8825] = {1: "N", 2: (37.0, 33.0, 58.0)}
    return picture("JPEG", exif=exif, comment=b"PlantedComment")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that claims to be ``side`` pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
