"""What channels, kinds of delivery and troubles are called, and what to do about them."""

from __future__ import annotations

import re
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sotong.channels.connectors import manifest_of
from sotong.channels.rules.outcomes import BY_PERSON, BY_PERSON_ONLY, LEFT, NOT_BORNE_OUT
from sotong.channels.rules.permits import restored_from
from sotong.design.rules import when_words

PURPOSES: dict[str, Any] = {
    "brand": _("브랜드"),
    "care": _("고객 상담"),
    "press": _("언론"),
    "community": _("커뮤니티"),
}
KINDS: dict[str, Any] = {
    "reply": _("답"),
    "automatic": _("자동 안내"),
    "planned": _("예정된 글"),
    "promotion": _("홍보"),
    "game": _("놀이"),
    "correction": _("정정"),
    "statement": _("입장"),
}
DAYS: dict[str, Any] = {
    "mon": _("월요일"),
    "tue": _("화요일"),
    "wed": _("수요일"),
    "thu": _("목요일"),
    "fri": _("금요일"),
    "sat": _("토요일"),
    "sun": _("일요일"),
}
MODES: dict[str, Any] = {
    "open": _("읽고 보내요"),
    "shadow": _("읽기만 해요"),
    "closed": _("닫혔어요"),
}
CHECKS: dict[str, tuple[Any, Any]] = {
    "account": (_("계정"), _("우리가 누구인지 네트워크에 물어요.")),
    "fetch": (_("새 글 읽기"), _("가장 최근에 온 것을 하나 읽어요.")),
    "publish": (_("글 쓰기"), _("쓸 권한이 있는지 물어요. 글은 올리지 않아요.")),
    "direct": (_("쪽지"), _("쪽지를 읽을 수 있는지 물어요.")),
}
STEPS: dict[str, Any] = {
    "": _("차례를 기다려요"),
    "start": _("시작해요"),
    "practice_start": _("연습 네트워크를 켜요"),
    "practice_account": _("회사 계정을 만들어요"),
    "whoami": _("우리가 누구인지 네트워크에 물어요"),
    "channel": _("채널을 만들어요"),
}


PROBLEMS: dict[str, tuple[Any, Any]] = {
    "Unauthorized": (
        _("네트워크가 이 로그인을 받지 않아요"),
        _("그 네트워크에 로그인할 때 쓰는 것을 확인해 주세요."),
    ),
    "Blocked": (
        _("그 주소로는 나갈 수 없어요"),
        _("이 서버에서 닿으면 안 되는 주소예요. 서버 주소를 확인해 주세요."),
    ),
    "Unreachable": (_("서버에 닿지 못했어요"), _("서버 주소가 맞는지, 그 서버가 켜져 있는지 확인해 주세요.")),
    "NoAnswer": (_("서버가 제때 답하지 않았어요"), _("잠시 뒤에 다시 해 주세요.")),
    "RateLimited": (_("네트워크가 잠시 기다려 달라고 해요"), _("요청이 많았어요. 몇 분 뒤에 다시 해 주세요.")),
    "NotTheNetwork": (
        _("그 주소에는 이 네트워크의 서버가 없어요"),
        _("서버 주소를 확인해 주세요. 웹 페이지 주소가 아니라 계정이 있는 서버의 주소예요."),
    ),
    "NotUnderstood": (
        _("그 서버가 이 로그인을 알아듣지 못했어요"),
        _("서버 주소와 핸들을 확인해 주세요."),
    ),
    "Rejected": (_("네트워크가 받아들이지 않았어요"), _("넣은 값이 그 네트워크의 것인지 확인해 주세요.")),
    "Gone": (_("네트워크에 그런 것이 없어요"), _("지워졌을 수 있어요. 네트워크에서 확인해 주세요.")),
    "Unsupported": (_("그 서버는 이 일을 할 줄 몰라요"), _("서버 주소를 확인해 주세요.")),
    "Temporary": (
        _("네트워크가 지금은 일을 못 해요"),
        _("저절로 다시 해 봐요. 오래가면 네트워크의 공지를 봐 주세요."),
    ),
    "Unknown": (_("답을 듣지 못했어요"), _("잠시 뒤에 다시 해 주세요.")),
    "AnotherAccount": (
        _("다른 계정의 로그인이에요"),
        _("이 채널의 계정으로 로그인해 주세요. 다른 계정은 새 채널로 이어 주세요."),
    ),
    "AlreadyConnected": (_("이미 이어진 계정이에요"), _("채널 목록에서 그 계정을 찾아 주세요.")),
    "Interrupted": (_("잇다가 멈췄어요"), _("컴퓨터가 바빴을 수 있어요. 다시 해 주세요.")),
    "KeyMissing": (
        _("저장한 로그인을 열 열쇠가 없어요"),
        _("데이터 폴더의 keys를 되돌리거나, 로그인을 새로 해 주세요."),
    ),
    "PortTaken": (
        _("연습 네트워크의 포트를 다른 프로그램이 쓰고 있어요"),
        _("그 프로그램을 끝내거나, SOTONG_PRACTICE_PORT로 다른 포트를 정하고 소통을 다시 시작해 주세요."),
    ),
    "KindRefused": (_("이 채널이 내보내지 않는 종류예요"), _("채널에서 그 종류를 허락하면 보낼 수 있어요.")),
    "Shadow": (_("이 채널은 읽기만 해요"), _("보내기를 켜면 보낼 수 있어요.")),
    "Closed": (_("이 채널은 닫혔어요"), _("다른 채널로 답해 주세요.")),
    "Brake": (_("모든 발송이 멈춰 있을 때였어요"), _("다시 보내도 될지 봐 주세요.")),
    "Frozen": (_("이 종류의 발송이 멈춰 있을 때였어요"), _("다시 보내도 될지 봐 주세요.")),
    "NotThere": (_("네트워크에 없었어요"), _("다시 보낼지 정해 주세요.")),
    "LookingFirst": (_("먼저 네트워크에 있는지 봐요"), ""),
    BY_PERSON: (_("사람이 확인함"), _("네트워크가 확인한 것은 아니에요.")),
    "GoneSince": (_("나간 뒤에 네트워크에서 지워졌어요"), _("우리 계정으로 누가 지웠는지 확인해 주세요.")),
    BY_PERSON_ONLY: (_("사람이 확인함"), _("네트워크에 물었는데 아직 안 보여요.")),
    NOT_BORNE_OUT: (_("사람이 적은 주소로는 확인되지 않았어요"), ""),
    LEFT: (_("더 알아보지 않기로 했어요"), ""),
    "StillThere": (_("지웠다는데 다시 읽어 보니 아직 보여요"), _("네트워크에서 확인해 주세요.")),
    "NotSeen": (_("보냈는데 다시 읽어 보니 안 보여요"), _("네트워크에서 확인해 주세요.")),
}
MENDED_BY_MANAGERS = frozenset({"Unauthorized", "KeyMissing", "AnotherAccount", "PortTaken", "Blocked"})
"""Troubles of a channel that pass only when somebody signs in or sets something."""
UNEXPECTED = (_("예상하지 못한 일이 있었어요"), _("다시 해 보고, 그대로면 관리자에게 알려 주세요."))

NO_REASON = _("이유를 적지 않았어요")
"""Instead of the reason of a hold that was put in a hurry."""


DONE: dict[str, Any] = {
    "channels.start_connecting": _("계정을 이어 보았어요"),
    "channels.connect": _("채널을 이었어요"),
    "channels.bring_back": _("연습 채널을 연습 네트워크의 새 주소에 다시 이었어요"),
    "channels.change_channel": _("채널을 바꿨어요"),
    "channels.close_channel": _("채널의 마지막 날을 정했어요"),
    "channels.close_announced": _("마지막 날이 되어 채널을 닫았어요"),
    "channels.keep_open": _("채널을 닫지 않기로 했어요"),
    "channels.ask_for_checks": _("연결을 다시 확인했어요"),
    "channels.rotate_keys": _("로그인을 새 열쇠로 잠갔어요"),
    "channels.send": _("글을 보냈어요"),
    "channels.remove": _("네트워크에서 글을 지웠어요"),
    "channels.cancel_delivery": _("보내려던 글을 거두었어요"),
    "channels.look": _("글이 네트워크에 있는지 다시 봤어요"),
    "channels.decide_there": _("글이 네트워크에 있다고 정했어요"),
    "channels.decide_mistaken": _("적은 주소가 잘못이라고 했어요"),
    "channels.not_borne_out": _("사람이 있다고 적은 글이 네트워크에 안 보였어요"),
    "channels.decide_again": _("글을 다시 보내기로 했어요"),
    "channels.decide_leave": _("글을 더 보내지 않기로 했어요"),
    "channels.let_rest": _("나갔는지 모르는 글을 그대로 두기로 했어요"),
    "channels.put_hold": _("발송을 멈췄어요"),
    "channels.explain_hold": _("왜 발송을 멈췄는지 적었어요"),
    "channels.lift_hold": _("발송을 다시 열었어요"),
    "channels.release_held": _("멈춘 글을 보냈어요"),
    "channels.read_raw": _("온 그대로를 봤어요"),
    "channels.replay_arrivals": _("따로 둔 것을 다시 읽었어요"),
    "channels.Channel": pgettext_lazy("one row", "채널"),
    "channels.Connecting": _("연결"),
    "channels.Delivery": _("보내는 글"),
    "channels.Arrival": _("온 것"),
    "channels.Hold": _("멈춤"),
}
"""What the audit trail calls what people do here, and the rows that it is done to."""


RESTORED_ADVICE = _("그 뒤에 나간 글이 있는지 확인한 다음 발송을 다시 열어 주세요.")


def network_title(network: str) -> str:
    """What a network is called in the viewer's language; its own name when it is not there any more."""
    found = manifest_of(network)
    return in_language(found.title) if found else network


def in_language(texts: Any) -> str:
    """One of a manifest's texts, by language; one that is the same in every language as it is."""
    if isinstance(texts, str):
        return texts
    return str(texts.get(get_language() or "ko") or texts.get("ko") or "")


def hold_words(reason: str, *, by_id: int | None) -> tuple[str, str]:
    """Why sending is stopped, and what to see to before it goes on (empty where the person ``by_id`` stopped it: what
    they write is never read as a restore).
    """
    made = restored_from(reason) if by_id is None else None
    if made is None:
        return reason or str(NO_REASON), ""
    when = when_words(localtime(made), localtime())
    return gettext("{when}의 백업을 복원했어요").format(when=when), str(RESTORED_ADVICE)


def problem_words(problem: str, network: str = "") -> tuple[str, str]:
    """What happened, and what to do next; of a refused sign-in what ``network`` itself says to do."""
    what, advice = PROBLEMS.get(problem, UNEXPECTED)
    found = manifest_of(network) if problem == "Unauthorized" else None
    return str(what), (in_language(found.sign_in_help) if found else "") or str(advice)


UNREAD = (
    (re.compile(r"no (\S+)"), _("{0} 항목이 없어요")),
    (re.compile(r"(\S+) is no text"), _("{0} 항목이 글이 아니에요")),
    (re.compile(r"(\S+) is no list"), _("{0} 항목이 목록이 아니에요")),
    (re.compile(r"(\S+) is longer than any network allows"), _("{0} 항목이 너무 길어요")),
    (re.compile(r"not an object"), _("항목이 약속한 꼴이 아니에요")),
)


def unread_words(problem: str) -> tuple[str, str]:
    """Why an item was set aside, and the technical text beneath where the words do not say all of it."""
    for form, said in UNREAD:
        if found := form.fullmatch(problem):
            return str(said).format(*found.groups()), ""
    return str(_("이 항목을 읽을 수 없었어요")), problem
