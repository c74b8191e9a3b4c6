"""Roles and levels of authority in words. What a role may do is declared in ``sotong.access.rules``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ROLE_TITLES: dict[str, Any] = {
    "agent": _("상담원"),
    "lead": _("근무 책임자"),
    "approver": _("승인자"),
    "press_officer": _("언론 담당"),
    "host": _("행사 진행자"),
    "moderator": _("운영자"),
    "subject_owner": _("분야 담당"),
    "rota_manager": _("근무표 담당"),
    "voice_manager": _("고객 제안 담당"),
    "analyst": _("분석가"),
    "privacy_officer": _("개인정보 담당"),
    "administrator": _("관리자"),
}

ROLE_SENTENCES: dict[str, Any] = {
    "agent": _("대화를 읽고, 맡고, 답해요."),
    "lead": _("상담원의 일에 더해 대화를 나눠 주고, 한꺼번에 바꾸고, 보내기를 멈추고, 애매한 전송을 판단해요."),
    "approver": _("대화와 채널을 읽어요. 스스로 답하지는 않아요."),
    "press_officer": _("상담원처럼 답하고, 급할 때 보내기를 멈춰요."),
    "host": _("대화와 채널을 읽어요."),
    "moderator": _("대화와 연락처를 읽어요."),
    "subject_owner": _("맡은 분야를 위해 대화를 읽어요."),
    "rota_manager": _("누가 일하는지 봐요. 고객의 말은 보지 않아요."),
    "voice_manager": _("고객의 말과 연락처를 읽어요."),
    "analyst": _("채널의 상태를 봐요. 고객의 말은 보지 않아요."),
    "privacy_officer": _("연락처와 기록을 살펴요. 누가 누구의 일에 무엇을 했는지 확인해요."),
    "administrator": _("사람을 부르고, 채널을 잇고, 기록과 막힌 글을 봐요. 고객의 대화는 열지 않아요."),
}

AUTHORITY_TITLES: dict[int, Any] = {
    1: _("설명까지"),
    2: _("작은 보상까지"),
    3: _("가격과 날짜까지"),
    4: _("회사 결정까지"),
}

AUTHORITY_SENTENCES: dict[int, Any] = {
    1: _("이미 정해진 것을 설명해요. 새로 약속하지 않아요."),
    2: _("정해진 한도 안에서 작은 보상을 약속할 수 있어요."),
    3: _("가격과 날짜를 약속할 수 있어요."),
    4: _("회사의 이름으로 무엇이든 약속할 수 있어요."),
}
