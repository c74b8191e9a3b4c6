"""What a stored preview or subject says, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sotong.inbox.rules.previews import Preview


def preview_words(preview: Preview) -> str:
    """One line for a list; never empty."""
    if preview.is_gone:
        return _("글쓴이가 지운 글이에요.")
    if preview.is_picture:
        return _("사진: {alt}").format(alt=preview.text) if preview.text else _("사진")
    return preview.text or _("글 없음")
