"""Images: judged by their content, made harmless, never a bomb."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from sotong_practice.refusals import Refusal
from sotong_practice.tests.running import Caller, Practice
from sotong_practice.verbs.pictures import clean_picture


def png(width: int = 40, height: int = 30, colour: str = "#2452AC") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(output, "PNG")
    return output.getvalue()


def _bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that claims a huge surface."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _upload(caller: Caller, content: bytes, kind: str = "image/png"):
    return caller.call("POST", "/api/media", content, **{"Content-Type": kind})


def test_an_image_is_stored_served_and_described(shared: Practice) -> None:
    bada = shared.account("media_bada")
    image = _upload(bada, png(), "image/whatever").json
    assert (image["mime"], image["width"], image["height"]) == ("image/png", 40, 30)
    post = bada.write("", media=[{"id": image["id"], "alt": "파란 칸"}])
    assert post["media"] == [{**image, "alt": "파란 칸"}]
    served = shared.request("GET", "/media/" + image["url"].rpartition("/")[2])
    assert served.status == 200
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Type"] == "image/png"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    bada.call("DELETE", f"/api/posts/{post['id']}")
    assert shared.request("GET", "/media/" + image["url"].rpartition("/")[2]).status == 404


def test_metadata_is_gone_and_the_picture_stands_upright() -> None:
    picture = Image.new("RGB", (60, 20), "red")
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "서울 중구 어딘가"
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 58.0)
    source = io.BytesIO()
    picture.save(source, "JPEG", exif=exif, comment=b"secret")
    cleaned = clean_picture(source.getvalue())
    again = Image.open(io.BytesIO(cleaned.content))
    assert again.size == (20, 60)
    assert dict(again.getexif()) == {}
    assert "서울".encode() not in cleaned.content
    assert b"secret" not in cleaned.content


@pytest.mark.parametrize(("form", "mime"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/png")])
def test_the_type_is_read_from_the_content(form: str, mime: str) -> None:
    source = io.BytesIO()
    Image.new("RGB", (10, 10)).save(source, form)
    assert clean_picture(source.getvalue()).mime == mime


def test_a_large_picture_is_made_smaller() -> None:
    cleaned = clean_picture(png(4000, 1000))
    assert (cleaned.width, cleaned.height) == (2048, 512)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "media_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "media_unreadable"),
        (b"GIF89a<script>alert(1)</script>", "media_unreadable"),
        (b"%PDF-1.7", "media_unreadable"),
        (png()[:60], "media_unreadable"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "media_unreadable"),
        (_bomb(60_000, 60_000), "media_too_many_pixels"),
        (_bomb(12_001, 10), "media_too_many_pixels"),
        (_bomb(4_000, 4_000), "media_unreadable"),
    ],
)
def test_what_is_no_image_or_a_bomb_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_picture(content)
    assert refused.value.code == code


def test_a_picture_with_a_page_hidden_behind_it_loses_the_page() -> None:
    cleaned = clean_picture(png() + b"<script>alert(1)</script>")
    assert b"<script>" not in cleaned.content


def test_uploads_that_are_too_large_are_turned_away_before_they_are_read(shared: Practice) -> None:
    bada = shared.account("media_large")
    refused = _upload(bada, b"\0" * (8 * 1024 * 1024 + 1))
    assert (refused.status, refused.json["error"]) == (413, "media_too_large")
    assert _upload(bada, png(), "text/html").json["error"] == "type_bad"
    assert _upload(bada, _bomb(60_000, 60_000)).json["error"] == "media_too_many_pixels"


def test_only_ones_own_images_and_four_at_most(shared: Practice) -> None:
    bada, eve = shared.account("media_own"), shared.account("media_eve")
    ids = [{"id": _upload(bada, png()).json["id"]} for _ in range(5)]
    assert eve.post("/api/posts", text="남의 것", media=ids[:1]).json["error"] == "media_unknown"
    assert bada.post("/api/posts", text="다섯", media=ids).json["error"] == "media_too_many"
    long = [{**ids[0], "alt": "가" * 1001}]
    assert bada.post("/api/posts", text="긴 설명", media=long).json["error"] == "alt_too_long"
    assert len(bada.write("넷", media=ids[:4])["media"]) == 4


def test_a_profile_picture_is_public_until_it_is_taken_away(shared: Practice) -> None:
    bada = shared.account("media_face")
    image = _upload(bada, png()).json
    path = "/media/" + image["url"].rpartition("/")[2]
    assert shared.request("GET", path).status == 404
    me = bada.call("PATCH", "/api/me", {"avatar": image["id"]}).json
    assert me["avatar_url"] == image["url"]
    assert shared.request("GET", path).status == 200
    assert bada.call("PATCH", "/api/me", {"avatar": None}).json["avatar_url"] == ""
    assert shared.request("GET", path).status == 404


def test_no_other_file_can_be_reached(shared: Practice) -> None:
    for path in ("/media/../admin-secret", "/media/%2e%2e/admin-secret", "/media/..%2fadmin-secret", "/media/"):
        assert shared.request("GET", path).status == 404
    for path in ("/static/../__main__.py", "/static/%2e%2e/truth.py", "/static/nothing.css", "/static/font.woff2"):
        assert shared.request("GET", path).status == 404
