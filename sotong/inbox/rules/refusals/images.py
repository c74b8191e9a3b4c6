"""Why an image was not taken."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from sotong.inbox.rules.refusals.base import KEPT, Refusal, Words


class ImagesRefused(Refusal):
    """Facts: ``channel``."""

    code = "images_refused"
    what_text = _("%(channel)s에서 받지 않는 이미지가 있어요.")
    kept_text = KEPT
    next_text = _("이미지 수나 크기를 줄이거나 빼 주세요.")


class BadImage(Refusal):
    code = "bad_image"
    what_text = _("이 파일은 이미지로 읽을 수 없어요.")
    kept_text = _("쓰던 글과 다른 이미지는 그대로 있어요.")
    next_text: ClassVar[Words] = _("JPEG, PNG, WebP, GIF 파일을 골라 주세요.")


class ImageTooLarge(BadImage):
    """Facts: ``limit`` (megabytes, or million pixels, in words)."""

    code = "image_too_large"
    what_text = _("이미지가 너무 커요. %(limit)s까지 돼요.")
    next_text = _("크기를 줄여서 다시 올려 주세요.")


class ImagesBusy(BadImage):
    """Another image is being worked on for long: only one at a time has room."""

    status = 503
    code = "images_busy"
    what_text = _("지금 다른 이미지를 다루고 있어요.")
    next_text = _("잠시 뒤에 다시 올려 주세요.")


class TooManyImages(BadImage):
    """Facts: ``count``."""

    code = "too_many_images"
    what_text = _("이미지는 %(count)d장까지 붙일 수 있어요.")
    next_text: ClassVar[Words] = ""


class AltTooLong(BadImage):
    """Facts: ``limit`` (characters)."""

    code = "alt_too_long"
    what_text = _("이미지 설명은 %(limit)d자까지 쓸 수 있어요.")
    next_text = _("설명을 줄여 주세요.")
