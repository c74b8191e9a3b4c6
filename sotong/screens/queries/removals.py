"""A reply that is taken off its network, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sotong.channels.models import Removal
from sotong.channels.queries.outcomes import problem_what
from sotong.channels.words import problem_words
from sotong.inbox.queries.threads import Removed


@dataclass(frozen=True)
class ShownRemoval:
    """``kind`` colours it; ``why``: who wants it and for what reason; ``next``: what went wrong and what comes now."""

    kind: str
    icon: str
    words: str
    at: datetime | None
    why: str
    next: str
    is_done: bool
    """The network has said that it is gone, and nobody has seen it since."""


def show_removal(removed: Removed) -> ShownRemoval:
    """Nothing is called deleted before the network has said so, nor checked before it was looked for."""
    kind, icon, words, following = "", "loader-circle", _("지우는 중"), ""
    is_said = removed.state == Removal.State.DELETED
    if removed.problem == "StillThere":
        kind, icon, words = "unsure", "circle-help", _("지웠지만 아직 보여요")
        following = " ".join(f"{part}." if not part.endswith(".") else part for part in problem_words("StillThere"))
    elif is_said:
        said = _("네트워크에 이미 없었어요") if removed.problem == "Gone" else _("네트워크에서 지웠어요")
        icon, words = "trash-2", said if removed.is_checked else _("{said} · 확인 전").format(said=said)
    elif removed.state == Removal.State.FAILED:
        kind, icon, words = "failed", "octagon-x", _("네트워크에서 지우지 못했어요")
        following = _("{what}. 아직 보일 수 있어요. 다시 지우거나 네트워크에서 직접 지워 주세요.").format(
            what=problem_what(removed.problem)
        )
    elif removed.problem:
        following = _("{what}. 저절로 다시 해요.").format(what=problem_what(removed.problem))
    return ShownRemoval(
        kind=kind,
        icon=icon,
        words=words,
        at=removed.deleted_at if is_said else None,
        why=_("{who}: {reason}").format(who=removed.person, reason=removed.reason),
        next=following,
        is_done=is_said and removed.problem != "StillThere",
    )
