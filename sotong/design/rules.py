"""Questions about how something looks, answered without a clock or a database.

Words for times are Korean msgids; the active language translates them. Times are 24-hour, in the zone of ``now``.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from babel.dates import get_timezone_name
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sotong.language.length import signs

AVATAR_COLOURS = 6
TAG_KINDS = frozenset({"", "ok", "warn", "danger", "info", "accent", "line"})


@lru_cache(maxsize=4096)
def avatar_colour(name: str) -> int:
    """The pair of colours for a name: always the same, 0 to 5."""
    return zlib.crc32(name.strip().lower().encode()) % AVATAR_COLOURS


@lru_cache(maxsize=4096)
def initial(name: str) -> str:
    """The first letter that a reader would see, without the @ of an address; a middle dot when there is none."""
    plain = name.strip().lstrip("@#").strip()
    return signs(plain)[0] if plain else "·"


def time_words(moment: datetime) -> str:
    """The time of day: 03:27."""
    return f"{moment:%H:%M}"


def date_words(moment: datetime, now: datetime, *, is_long: bool = False) -> str:
    """The date, with its year when that is not the year of ``now``; ``is_long`` spells the month out in English."""
    month = str(MONTHS[moment.month]) if is_long else str(MONTHS_3[moment.month]).capitalize()
    if moment.year == now.year:
        return _("{month}월 {day}일").format(month=moment.month, day=moment.day, name=month)
    return _("{year}년 {month}월 {day}일").format(year=moment.year, month=moment.month, day=moment.day, name=month)


def when_words(moment: datetime, now: datetime, style: str = "") -> str:
    """A moment in words; both times aware and in the viewer's zone.

    ``""`` time, with the date unless it is today · ``short`` time today, else the date · ``date`` the date ·
    ``day`` the date and weekday · ``until`` today, tomorrow or the day, with the time · ``time`` the time alone ·
    ``full`` everything with the zone's name.
    """
    is_today = moment.date() == now.date()
    if style == "time" or (is_today and style in {"", "short"}):
        return time_words(moment)
    if style in {"short", "date"}:
        return date_words(moment, now)
    if style == "day":
        date = date_words(moment, now, is_long=True)
        return _("{date} {weekday}").format(date=date, weekday=WEEKDAYS[moment.weekday()])
    if style == "until":
        days = (moment.date() - now.date()).days
        day = {0: _("오늘"), 1: _("내일")}.get(days) or when_words(moment, now, "day")
        return f"{day} {time_words(moment)}"
    if style == "full":
        return full_words(moment)
    if style == "":
        return f"{date_words(moment, now)} {time_words(moment)}"
    raise ValueError(f"unknown style of a time: {style}")


def full_words(moment: datetime) -> str:
    """Year to minute with the weekday and the zone, for titles and public promises."""
    return _("{year}년 {month}월 {day}일 {weekday} {time} ({zone})").format(
        year=moment.year,
        month=moment.month,
        day=moment.day,
        name=MONTHS[moment.month],
        weekday=WEEKDAYS[moment.weekday()],
        time=time_words(moment),
        zone=zone_words(str(moment.tzinfo), get_language() or "ko", moment.tzinfo),
    )


@lru_cache(maxsize=256)
def zone_words(key: str, language: str, zone: tzinfo | None) -> str:
    """A zone as a person calls it: 한국 시각, Japan Time; UTC stays UTC."""
    if key == "Asia/Seoul":
        return _("한국 시각")
    if key in {"UTC", "None"}:
        return "UTC"
    try:
        return str(get_timezone_name(zone, locale=language, zone_variant="generic"))
    except (LookupError, ValueError):
        return key


def ago_words(moment: datetime, now: datetime) -> str:
    """How long ago, or in how long, while it is under a day; then the moment itself."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) >= timedelta(days=1).total_seconds():
        return when_words(moment, now)
    minutes = int(abs(seconds) // 60)
    if minutes == 0:
        return _("방금") if seconds >= 0 else _("곧")
    if minutes < 60:
        return (_("{n}분 전") if seconds >= 0 else _("{n}분 뒤")).format(n=minutes)
    return (_("{n}시간 전") if seconds >= 0 else _("{n}시간 뒤")).format(n=minutes // 60)


def waited_words(since: datetime, now: datetime, sentence: str) -> str:
    """How long something waits, in whole minutes that have passed: ``sentence`` with its ``{span}``."""
    minutes = int((now - since).total_seconds() // 60)
    return sentence.format(span=span_words(minutes)) if minutes > 0 else _("방금")


@dataclass(frozen=True)
class Look:
    """How a state is shown: ``kind`` names the colour, ``icon`` the shape, ``words`` say it."""

    kind: str
    icon: str
    words: str


def sla_look(due: datetime, now: datetime) -> Look:
    """How long is left to answer: plain above 45 minutes, then a timer, a flame under 15, an octagon when missed."""
    seconds = (due - now).total_seconds()
    minutes = int(abs(seconds) // 60)
    if seconds < 0:
        return Look("danger", "octagon-x", _("{span} 늦음").format(span=span_words(max(1, minutes))))
    if minutes == 0:
        return Look("danger", "flame", _("1분 안 남음"))
    words = _("{span} 남음").format(span=span_words(minutes))
    if minutes > 45:
        return Look("", "", words)
    return Look("danger", "flame", words) if minutes <= 15 else Look("warn", "timer", words)


def span_words(minutes: int) -> str:
    """A length of time: 11분, 2시간 5분, 3일."""
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return _("{n}일").format(n=hours // 24)
    if hours and rest:
        return _("{hours}시간 {minutes}분").format(hours=hours, minutes=rest)
    return _("{n}시간").format(n=hours) if hours else _("{n}분").format(n=minutes)


def holder_words(name: str, *, is_mine: bool, is_claimed: bool) -> str:
    """Whose a conversation is: claimed (somebody works on it), or only assigned."""
    if is_claimed:
        return _("내가 맡음") if is_mine else name
    return _("나에게 배정됨") if is_mine else _("{who}에게 배정됨").format(who=name)


def delivery_look(state: str, *, is_seen: bool = False, is_mail: bool = False, is_late: bool = False) -> Look:
    """What may be said of a delivery. "네트워크에서 확인됨" only after the post was read back (``is_seen``), "곧" only
    while nothing says that it should have left long ago (``is_late``).

    Raises ``KeyError`` for an unknown state.
    """
    if state == "sent" and is_seen:
        return Look("seen", "check-check", _("네트워크에서 확인됨"))
    if state == "sent" and is_mail:
        return Look("", "mail-check", _("메일 서버가 받음"))
    if state == "due" and is_late:
        return Look("unsure", "hourglass", _("아직 못 보냈어요 · 예정"))
    return {
        "draft": Look("", "pencil", _("초안")),
        "approved": Look("", "badge-check", _("승인됨 · 아직 안 보냄")),
        "due": Look("", "hourglass", _("곧 보내요")),
        "sending": Look("", "loader-circle", _("보내는 중")),
        "sent": Look("", "check", _("보냄 · 확인 전")),
        "unconfirmed": Look("unsure", "circle-help", _("보냈지만 아직 확인되지 않았어요")),
        "failed": Look("failed", "octagon-x", _("보내지 못했어요")),
        "held": Look("unsure", "circle-pause", _("멈춰 두었어요")),
        "cancelled": Look("", "circle-slash", _("보내지 않기로 했어요")),
    }[state]


def contrast(first: str, second: str) -> float:
    """The WCAG 2.2 contrast ratio of two ``#RRGGBB`` colours, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG relative luminance of ``#RRGGBB``, 0 (black) to 1 (white)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
