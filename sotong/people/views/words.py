"""Why something was refused, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sotong.people.actions.standing import ChangeRefused
from sotong.people.rules import LinkState, Refusal


def refusal_words(refused: ChangeRefused) -> str:
    """What to tell who asked, and what to do instead."""
    return {
        Refusal.ONESELF: _("자기 자신의 것은 바꿀 수 없어요. 다른 관리자에게 부탁해 주세요."),
        Refusal.LAST_ADMINISTRATOR: _("마지막 관리자예요. 다른 사람을 먼저 관리자로 정해 주세요."),
        Refusal.OWNER: _("회사를 만든 사람의 역할, 권한과 열쇠는 본인만 바꿀 수 있어요."),
        Refusal.REASON_MISSING: _("왜 그렇게 하는지 적어 주세요."),
    }[refused.refusal]


def dead_link_words(state: LinkState) -> tuple[str, str]:
    """Title and explanation of a link that cannot be used."""
    return {
        LinkState.USED: (_("이미 쓴 링크예요"), _("한 번만 쓸 수 있어요. 이미 마치셨으면 들어가 주세요.")),
        LinkState.WITHDRAWN: (_("이 링크는 더 쓸 수 없어요"), _("주소가 잘렸거나, 새 링크가 나왔거나, 거두어졌어요.")),
        LinkState.EXPIRED: (_("24시간이 지났어요"), _("링크를 준 관리자에게 새 링크를 부탁해 주세요.")),
        LinkState.OPEN: ("", ""),
    }[state]
