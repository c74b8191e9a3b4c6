"""What the template tags write."""

from datetime import timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from sotong.design.icons import icon_names


def draw(text, **context):
    with translation.override("ko"):
        return Template("{% load design %}" + text).render(Context(context))


def test_an_icon_is_a_use_of_the_sprite_and_silent():
    html = draw('{% icon "inbox" "l" %}')
    assert 'class="i i-l"' in html
    assert 'aria-hidden="true"' in html
    assert "icons.svg#inbox" in html


def test_an_icon_that_the_sprite_does_not_hold_fails_and_says_what_to_do():
    with pytest.raises(KeyError, match=r"vendor\.toml"):
        draw('{% icon "unicorn" %}')


def test_the_sprite_holds_the_mark():
    assert "mark" in icon_names()


def test_a_time_carries_the_instant_and_everything_in_its_title():
    moment = timezone.now() - timedelta(days=400)
    html = draw("{% when moment %}", moment=moment)
    assert f'datetime="{moment:%Y-%m-%dT%H:%M:%SZ}"' in html
    assert "요일" in html
    assert "data-later" not in html


def test_a_time_of_today_knows_what_it_is_called_tomorrow():
    with timezone.override("Asia/Seoul"):
        now = timezone.localtime()
        html = draw("{% when moment %}{% when moment 'short' %}", moment=now)
    assert f'data-later="{now.month}월 {now.day}일 {now:%H:%M}"' in html
    assert f'data-later="{now.month}월 {now.day}일"' in html


@pytest.mark.parametrize(("seconds", "words"), [(2, "방금"), (119, "1분 기다림"), (3660, "1시간 1분 기다림")])
def test_a_wait_counts_the_minutes_that_have_passed(seconds, words):
    html = draw("{% waited since '{span} 기다림' %}", since=timezone.now() - timedelta(seconds=seconds))
    assert html.endswith(f'data-words="{{span}} 기다림">{words}</span>')


def test_no_time_writes_nothing():
    assert draw("{% when moment %}{% ago moment %}{% sla moment %}", moment=None) == ""


def test_words_from_outside_are_escaped():
    evil = '"><script>alert(1)</script>'
    html = draw(
        "{% tag w %}{% avatar w '' w %}{% badge w %}{% lease w until %}{% key 'KeyA' w %}", w=evil, until=timezone.now()
    )
    assert "<script" not in html
    assert '""' not in html


def test_an_unknown_kind_of_tag_is_refused():
    with pytest.raises(ValueError, match="unknown kind"):
        draw("{% tag 'a' 'loud' %}")


def test_a_lease_says_who_and_how_long():
    soon = timezone.now() + timedelta(minutes=10, seconds=30)
    assert "내가 맡음 · 11분" in draw("{% lease 'x' until mine=True %}", until=soon)
    assert "도윤 · 11분" in draw("{% lease '도윤' until %}", until=soon)
    assert "곧 놓아요" in draw("{% lease '도윤' until %}", until=timezone.now() - timedelta(minutes=1))
    assert "아직 아무도 안 맡음" in draw("{% lease '' %}")


def test_a_ring_is_never_fuller_than_full():
    html = draw("{% ring 312 300 18 'over' %}")
    filled, around = html.split('stroke-dasharray="')[1].split('"')[0].split()
    assert filled == around
    assert 'stroke-dasharray="0.0 ' in draw("{% ring 0 300 %}")
    assert 'stroke-dasharray="0.0 ' in draw("{% ring 5 0 %}")


def test_a_key_appears_in_the_list_and_to_screen_readers():
    html = draw('<button {% key "Shift+KeyC" "놓기" %}>')
    assert 'data-key="Shift+KeyC"' in html
    assert 'data-key-label="놓기"' in html
    assert 'aria-keyshortcuts="Shift+C"' in html


def test_icon_names_are_checked_when_the_page_is_drawn_not_when_it_is_read():
    with pytest.raises(TemplateSyntaxError):
        draw("{% icon %}")
