"""Why something was not done: what happened, what was kept, what to do next. Nothing is half done."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

KEPT = _("쓰던 글은 그대로 있어요.")


class Refusal(Exception):
    """Base. ``status`` is the HTTP status, ``code`` the stable name. The texts are read in the viewer's language."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "refused"
    what_text: ClassVar[Words] = _("지금은 할 수 없어요.")
    kept_text: ClassVar[Words] = ""
    next_text: ClassVar[Words] = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts
        """Values that the texts name, such as ``person``; also given to programs."""

    def _said(self, text: Words) -> str:
        said = str(text)
        return said % self.facts if self.facts and "%(" in said else said

    @property
    def what(self) -> str:
        """What happened."""
        return self._said(self.what_text)

    @property
    def kept(self) -> str:
        """What was kept; empty where nothing could be lost."""
        return self._said(self.kept_text)

    @property
    def next(self) -> str:
        """What to do now; may be empty."""
        return self._said(self.next_text)

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.kept, self.next) if part)


class NotThere(Refusal):
    """No such thing, or none that this person may know of."""

    status = 404
    code = "not_there"
    what_text = _("찾을 수 없어요. 지워졌거나 볼 권한이 없는 대화예요.")


class NotPermitted(Refusal):
    status = 403
    code = "not_permitted"
    what_text = _("이 일을 할 권한이 없어요.")
    next_text = _("근무 책임자에게 부탁해 주세요.")


class BadValue(Refusal):
    """A value that the form does not offer. Facts: ``field``."""

    code = "bad_value"
    what_text = _("알 수 없는 값이에요.")
    next_text = _("화면을 새로 고치고 다시 해 주세요.")


class EmptyText(Refusal):
    code = "empty"
    what_text = _("글이 비어 있어요.")
    next_text = _("보낼 글을 써 주세요.")
