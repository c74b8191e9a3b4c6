"""The words and shapes of the design system, decided without a clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from sotong.design import rules

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 4, 14, 3, 42, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("moment", "style", "korean", "english"),
    [
        (datetime(2026, 4, 14, 3, 27, tzinfo=SEOUL), "", "03:27", "03:27"),
        (datetime(2026, 4, 14, 3, 27, tzinfo=SEOUL), "short", "03:27", "03:27"),
        (datetime(2026, 4, 14, 0, 0, tzinfo=SEOUL), "", "00:00", "00:00"),
        (datetime(2026, 4, 13, 23, 59, tzinfo=SEOUL), "", "4월 13일 23:59", "13 Apr 23:59"),
        (datetime(2026, 4, 13, 23, 59, tzinfo=SEOUL), "short", "4월 13일", "13 Apr"),
        (datetime(2026, 4, 13, 23, 59, tzinfo=SEOUL), "time", "23:59", "23:59"),
        (datetime(2025, 12, 3, 9, 5, tzinfo=SEOUL), "", "2025년 12월 3일 09:05", "3 Dec 2025 09:05"),
        (datetime(2026, 4, 15, 9, 5, tzinfo=SEOUL), "", "4월 15일 09:05", "15 Apr 09:05"),
        (datetime(2026, 4, 14, 3, 27, tzinfo=SEOUL), "date", "4월 14일", "14 Apr"),
        (datetime(2026, 4, 14, 3, 27, tzinfo=SEOUL), "day", "4월 14일 화요일", "Tuesday 14 April"),
        (datetime(2026, 5, 1, 9, 0, tzinfo=SEOUL), "until", "5월 1일 금요일 09:00", "Friday 1 May 09:00"),
        (NOW.replace(hour=23, minute=40), "until", "오늘 23:40", "today 23:40"),
        ((NOW + timedelta(days=1)).replace(hour=9, minute=0), "until", "내일 09:00", "tomorrow 09:00"),
        (
            datetime(2026, 5, 1, 0, 0, tzinfo=SEOUL),
            "full",
            "2026년 5월 1일 금요일 00:00 (한국 시각)",
            "Friday 1 May 2026, 00:00 (Korea time)",
        ),
        (
            datetime(2026, 5, 1, 0, 0, tzinfo=UTC),
            "full",
            "2026년 5월 1일 금요일 00:00 (UTC)",
            "Friday 1 May 2026, 00:00 (UTC)",
        ),
    ],
)
def test_a_moment_gets_its_date_unless_it_is_today(moment, style, korean, english):
    with translation.override("ko"):
        assert rules.when_words(moment, NOW, style) == korean
    with translation.override("en"):
        assert rules.when_words(moment, NOW, style) == english


def test_the_same_instant_is_another_day_in_another_zone():
    instant = datetime(2026, 4, 13, 16, 0, tzinfo=UTC)
    with translation.override("ko"):
        assert rules.when_words(instant.astimezone(SEOUL), NOW, "short") == "01:00"
        assert rules.when_words(instant, NOW.astimezone(UTC), "short") == "16:00"
        york = ZoneInfo("America/New_York")
        assert (
            rules.when_words(instant.astimezone(york), NOW.astimezone(york) + timedelta(days=1), "short") == "4월 13일"
        )


def test_a_zone_is_called_as_a_person_calls_it():
    moment = datetime(2026, 4, 14, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    with translation.override("en"):
        assert "Japan" in rules.when_words(moment, moment, "full")
    with translation.override("ko"):
        assert "일본" in rules.when_words(moment, moment, "full")


def test_an_unknown_style_of_a_time_is_refused():
    with pytest.raises(ValueError, match="unknown style"):
        rules.when_words(NOW - timedelta(days=2), NOW, "long")


@pytest.mark.parametrize(
    ("before", "korean", "english"),
    [
        (timedelta(seconds=0), "방금", "just now"),
        (timedelta(seconds=59), "방금", "just now"),
        (timedelta(seconds=60), "1분 전", "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59분 전", "59 min ago"),
        (timedelta(hours=1), "1시간 전", "1 h ago"),
        (timedelta(hours=23, minutes=59), "23시간 전", "23 h ago"),
        (timedelta(days=1), "4월 13일 03:42", "13 Apr 03:42"),
        (timedelta(minutes=-5), "5분 뒤", "in 5 min"),
        (timedelta(hours=-3), "3시간 뒤", "in 3 h"),
        (timedelta(days=-2), "4월 16일 03:42", "16 Apr 03:42"),
    ],
)
def test_relative_time_is_used_under_one_day_only(before, korean, english):
    with translation.override("ko"):
        assert rules.ago_words(NOW - before, NOW) == korean
    with translation.override("en"):
        assert rules.ago_words(NOW - before, NOW) == english


@pytest.mark.parametrize(
    ("left", "kind", "icon", "words"),
    [
        (timedelta(minutes=120), "", "", "2시간 남음"),
        (timedelta(minutes=46), "", "", "46분 남음"),
        (timedelta(minutes=45), "warn", "timer", "45분 남음"),
        (timedelta(minutes=16), "warn", "timer", "16분 남음"),
        (timedelta(minutes=15, seconds=59), "danger", "flame", "15분 남음"),
        (timedelta(seconds=59), "danger", "flame", "1분 안 남음"),
        (timedelta(seconds=-1), "danger", "octagon-x", "1분 늦음"),
        (timedelta(minutes=-12), "danger", "octagon-x", "12분 늦음"),
        (timedelta(minutes=-125), "danger", "octagon-x", "2시간 5분 늦음"),
        (timedelta(days=3), "", "", "3일 남음"),
    ],
)
def test_time_left_changes_its_shape_before_its_colour_is_all_there_is(left, kind, icon, words):
    with translation.override("ko"):
        assert rules.sla_look(NOW + left, NOW) == rules.Look(kind, icon, words)


def test_sent_is_never_called_seen_before_it_was_read_back():
    with translation.override("ko"):
        assert rules.delivery_look("sent").words == "보냄 · 확인 전"
        assert rules.delivery_look("sent", is_mail=True).words == "메일 서버가 받음"
        assert rules.delivery_look("sent", is_seen=True).words == "네트워크에서 확인됨"
        for state in ("draft", "approved", "due", "sending", "unconfirmed", "failed", "held", "cancelled"):
            assert "네트워크에서 확인됨" not in rules.delivery_look(state, is_seen=True).words


def test_an_unknown_delivery_state_is_refused():
    with pytest.raises(KeyError):
        rules.delivery_look("posted")


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("bada_1102", "b"),
        ("@kim", "k"),
        ("나래", "나"),
        ("  도윤 ", "도"),
        ("👩‍👩‍👧 가족", "👩‍👩‍👧"),
        ("", "·"),
        ("@", "·"),
    ],
)
def test_an_avatar_shows_the_first_letter_that_a_reader_sees(name, letter):
    assert rules.initial(name) == letter


def test_a_name_always_has_the_same_colour_and_names_use_all_colours():
    assert rules.avatar_colour("Bada") == rules.avatar_colour(" bada ")
    assert {rules.avatar_colour(f"person {number}") for number in range(100)} == set(range(rules.AVATAR_COLOURS))


def test_contrast_follows_the_wcag_formula():
    assert rules.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert rules.contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1.0)
    # Known value: #767676 on white is the lightest grey that passes 4.5.
    assert rules.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
