"""Only pixels get in: nothing hostile, nothing private, nothing that the network would refuse."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from sotong.channels.models import Channel
from sotong.inbox.actions.images import add_draft_image, describe_draft_image, remove_draft_image
from sotong.inbox.models import Draft, DraftImage
from sotong.inbox.rules import pictures, refusals
from sotong.inbox.tests.pictures import SVG, bomb, from_a_phone, picture

ALL = ("image/jpeg", "image/png", "image/webp")


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", SVG, b"%PDF-1.7", picture("BMP"), picture("TIFF"), picture()[:200], b"\x00" * 5000],
    ids=["empty", "stump", "svg", "pdf", "bmp", "tiff", "cut", "zeros"],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(pictures.NotAPicture):
        pictures.rewrite(content, types=ALL, bytes_max=10**6, side_max=1000)


@pytest.mark.parametrize("side", [8_000, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_before_it_is_unpacked(side):
    with pytest.raises(pictures.TooManyPixels):
        pictures.rewrite(bomb(side), types=ALL, bytes_max=10**6, side_max=1000)


def test_place_camera_and_comment_are_gone_and_the_picture_stands_upright():
    given = from_a_phone()
    assert b"PlantedPhone" in given
    written = pictures.rewrite(given, types=ALL, bytes_max=10**6, side_max=1000)
    assert b"Planted" not in written.content
    assert (written.width, written.height) == (30, 40)
    reread = Image.open(io.BytesIO(written.content))
    assert not reread.getexif()
    assert set(reread.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "JPEG"])
def test_each_form_that_is_read_comes_out_as_one_that_is_wanted(form):
    written = pictures.rewrite(picture(form, (300, 200)), types=("image/png",), bytes_max=10**6, side_max=100)
    assert (written.mime, written.width, written.height) == ("image/png", 100, 67)


def test_a_picture_is_made_as_small_as_the_network_wants_it():
    given = picture("PNG", (1200, 900))
    written = pictures.rewrite(given, types=ALL, bytes_max=60_000, side_max=2000)
    assert len(written.content) <= 60_000
    assert written.width < 1200
    with pytest.raises(pictures.TooManyPixels):
        pictures.rewrite(given, types=("image/png",), bytes_max=500, side_max=2000)


def test_what_shines_through_stays_so():
    written = pictures.rewrite(picture("PNG", mode="RGBA"), types=ALL, bytes_max=10**6, side_max=100)
    assert (written.mime, Image.open(io.BytesIO(written.content)).mode) == ("image/png", "RGBA")


def attach(talk, person, at, content=None, **fields):
    values = {"tab": "public", "alt": "공유기 뒷면"} | fields
    return add_draft_image(
        conversation_id=talk.pk, content=picture() if content is None else content, by=person, at=at, **values
    )


@pytest.mark.django_db
def test_an_image_joins_the_draft_and_leaves_it(talk, hana, doyun, at):
    first, second = attach(talk, hana, at), attach(talk, hana, at, alt="")
    draft = Draft.objects.get()
    assert [(image.pk, image.position) for image in draft.images.order_by("position")] == [
        (first.pk, 0),
        (second.pk, 1),
    ]
    assert describe_draft_image(image_id=second.pk, alt=" 앞면 ", by=hana).alt == "앞면"
    for deed in (
        lambda: describe_draft_image(image_id=first.pk, alt="남의 것", by=doyun),
        lambda: remove_draft_image(image_id=first.pk, by=doyun),
    ):
        with pytest.raises(refusals.NotThere):
            deed()
    remove_draft_image(image_id=first.pk, by=hana)
    assert attach(talk, hana, at).position == 2
    assert DraftImage.objects.count() == 2


@pytest.mark.django_db
def test_each_refusal_says_which(talk, hana, garam, at):
    with pytest.raises(refusals.BadImage) as refused:
        attach(talk, hana, at, SVG)
    assert refused.value.code == "bad_image"
    with pytest.raises(refusals.ImageTooLarge) as refused:
        attach(talk, hana, at, bomb())
    assert "50 MP" in refused.value.what
    with pytest.raises(refusals.ImageTooLarge):
        attach(talk, hana, at, bytes(20_000_001))
    with pytest.raises(refusals.AltTooLong):
        attach(talk, hana, at, alt="가" * 1001)
    with pytest.raises(refusals.WrongTab):
        attach(talk, hana, at, tab="note")
    with pytest.raises(refusals.NotThere):
        attach(talk, garam, at)
    assert not DraftImage.objects.exists()
    for _ in range(4):
        attach(talk, hana, at)
    with pytest.raises(refusals.TooManyImages) as refused:
        attach(talk, hana, at)
    assert "4" in refused.value.what


@pytest.mark.django_db
def test_a_network_that_is_not_there_any_more_takes_no_images(talk, hana, at):
    Channel.objects.update(network="gone")
    with pytest.raises(refusals.ImagesRefused):
        attach(talk, hana, at)
