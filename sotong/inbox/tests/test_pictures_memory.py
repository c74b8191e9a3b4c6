"""Unpacking is bounded: in memory, and to one picture at a time. Each is measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread
from typing import Any

import pytest
from PIL import Image, ImageChops

from sotong.inbox.rules import pictures
from sotong.inbox.tests.pictures import picture

ALL = ("image/jpeg", "image/png", "image/webp")
MEGABYTES = 250
MEASURED = """
import io, re, sys
from pathlib import Path
from PIL import Image
from sotong.inbox.rules import pictures

def made(form, mode, width, height, how):
    out = io.BytesIO()
    flat = Image.linear_gradient("L").resize((64, 64)).convert(mode).resize((width, height), Image.Resampling.NEAREST)
    flat.save(out, form, **{key: True for key in how})
    del flat
    return out.getvalue()

def peak(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

form, mode, width, height, *how = sys.argv[1:]
content = made(form, mode, int(width), int(height), how)
Path("/proc/self/clear_refs").write_text("5")
before = peak("VmRSS")
try:
    written = pictures.rewrite(content, types=("image/jpeg", "image/png"), bytes_max=10**7, side_max=4096)
    print(peak("VmHWM") - before, written.width * written.height)
except pictures.TooManyPixels as error:
    print(peak("VmHWM") - before, "refused", error.pixels_max)
"""


def measured(*given: object) -> tuple[int, str]:
    """Megabytes that a picture took, and what became of it."""
    command = [sys.executable, "-c", MEASURED, *map(str, given)]
    megabytes, rest = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(maxsplit=1)
    return int(megabytes), rest.strip()


@pytest.mark.parametrize(
    "given",
    [
        ("JPEG", "RGB", 8160, 6120),
        ("JPEG", "RGB", 8160, 6120, "progressive"),
        ("PNG", "RGBA", 7000, 7000),
        ("PNG", "RGBA", 100_000, 450),
        ("WEBP", "RGBA", 3300, 3300),
        ("GIF", "P", 7000, 7000),
    ],
    ids=lambda given: "-".join(map(str, given)),
)
def test_a_picture_at_the_limit_is_rewritten_within_bounds(given: tuple[object, ...]) -> None:
    megabytes, rest = measured(*given)
    assert megabytes < MEGABYTES
    assert 0 < int(rest) <= pictures.WRITTEN_MAX * 1.01


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        (("WEBP", "RGB", 3400, 3400), "11111111"),
        (("JPEG", "CMYK", 5200, 5000), "24806201"),
    ],
    ids=["webp", "jpeg"],
)
def test_what_would_take_more_is_refused_with_its_own_limit(given: tuple[object, ...], limit: str) -> None:
    megabytes, rest = measured(*given)
    assert (megabytes < 30, rest) == (True, f"refused {limit}")


def test_a_second_picture_waits_for_the_first_and_gives_up_in_time() -> None:
    wanted: dict[str, Any] = {"types": ALL, "bytes_max": 10**7, "side_max": 4096}
    first = Thread(target=pictures.rewrite, args=(picture("PNG", (4000, 4000)),), kwargs=wanted)
    refused = 0
    first.start()
    while first.is_alive():
        try:
            pictures.rewrite(picture(), wait_max=0.0, **wanted)
        except pictures.Busy:
            refused += 1
            first.join()
    assert refused == 1
    assert pictures.rewrite(picture(), wait_max=0.0, **wanted).mime == "image/jpeg"


@pytest.mark.parametrize("size", [(3001, 2003), (5000, 800), (700, 4001), (900, 30)], ids=str)
def test_squares_leave_no_seam(size: tuple[int, int]) -> None:
    smooth = Image.effect_noise((size[0] // 4, size[1] // 4), 30).resize(size, Image.Resampling.BICUBIC).convert("RGB")
    wanted = pictures._size_within(size, 600)
    at_once = smooth.resize(wanted, Image.Resampling.LANCZOS)
    difference = ImageChops.difference(pictures._shrunk(smooth, wanted), at_once).convert("L")
    assert difference.point(lambda shade: 255 if shade > 2 else 0).getbbox() is None
