"""Particles after words as they come in this product."""

from __future__ import annotations

import pytest

from sotong.language.particles import Sound, final_sound, followed, with_particle


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("블루스카이", "을", "블루스카이를"),
        ("채널", "을", "채널을"),
        ("채널", "으로", "채널로"),
        ("대화", "으로", "대화로"),
        ("메일함", "로", "메일함으로"),
        ("김하나", "이", "김하나가"),
        ("이두일", "이", "이두일이"),
        ("팀장", "은", "팀장은"),
        ("상담사", "은", "상담사는"),
        ("서울", "과", "서울과"),
        ("제주", "과", "제주와"),
        ("연습 네트워크", "을(를)", "연습 네트워크를"),
        ("답장", "를(을)", "답장을"),
        ("하나", "이라고", "하나라고"),
        ("둘", "이에요", "둘이에요"),
        ("셋", "예요", "셋이에요"),
        ("친구", "아", "친구야"),
        ("서울", "으로부터", "서울로부터"),
        ("1", "을", "1을"),
        ("2", "을", "2를"),
        ("3", "으로", "3으로"),
        ("7", "으로", "7로"),
        ("8", "을", "8을"),
        ("10", "이", "10이"),
        ("0", "이", "0이"),
        ("1,000", "으로", "1,000으로"),
        ("20,000", "이", "20,000이"),
        ("1,000,000,000,000", "이", "1,000,000,000,000가"),
        ("3.5", "을", "3.5를"),
        ("1.0", "을", "1.0을"),
        ("2024", "은", "2024는"),
        ("50%", "을", "50%를"),
        ("5kg", "을", "5kg을"),
        ("10km", "을", "10km를"),
        ("3GB", "을", "3GB를"),
        ("X", "을", "X를"),
        ("LTE", "이", "LTE가"),
        ("AI", "은", "AI는"),
        ("URL", "을", "URL을"),
        ("URL", "으로", "URL로"),
        ("SMS", "을", "SMS를"),
        ("VPN", "이", "VPN이"),
        ("SKT", "과", "SKT와"),
        ("FM", "으로", "FM으로"),
        ("Bluesky", "을", "Bluesky를"),
        ("Mastodon", "을", "Mastodon을"),
        ("Facebook", "이", "Facebook이"),
        ("Instagram", "으로", "Instagram으로"),
        ("Google", "으로", "Google로"),
        ("Slack", "을", "Slack을"),
        ("Twitter", "은", "Twitter는"),
        ("YouTube", "이", "YouTube가"),
        ("Chrome", "을", "Chrome을"),
        ("iPhone", "이", "iPhone이"),
        ("app", "을", "app을"),
        ("blog", "을", "blog를"),
        ("news", "은", "news는"),
        ("email", "로", "email로"),
        ("“안녕”", "이라고", "“안녕”이라고"),
        ("「공지」", "을", "「공지」를"),
        ("'답장'", "을", "'답장'을"),
        ("블루스카이(Bluesky)", "을", "블루스카이(Bluesky)를"),
        ("메일 (mail)", "을", "메일 (mail)을"),
        ("(주)소통", "은", "(주)소통은"),
        ("(소통)", "은", "(소통)은"),
        ("@minji", "이", "@minji가"),
        ("#환불", "이", "#환불이"),
        ("ㅋ", "이", "ㅋ이"),
        ("ㅠ", "이", "ㅠ가"),
        ("🙂", "을", "🙂을(를)"),
        ("", "을", "을(를)"),
        ("東京", "이", "東京이(가)"),
    ],
)
def test_the_particle_fits_the_word(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected


@pytest.mark.parametrize(
    ("word", "rest", "expected"),
    [
        ("나래", "이에요.", "나래예요."),
        ("하늘", "예요", "하늘이에요"),
        ("나래", "은 오늘", "나래는 오늘"),
        ("하늘", "가 갈게요", "하늘이 갈게요"),
        ("나래", "을(를) 찾으세요", "나래를 찾으세요"),
        ("하늘", "은/는", "하늘은"),
        ("하늘", "(으)로 보내세요", "하늘로 보내세요"),
        ("박민준", "(이)에요", "박민준이에요"),
        ("박민준", "(으)로", "박민준으로"),
        ("나래", "과는 다르게", "나래와는 다르게"),
        ("나래", "이라고 해요", "나래라고 해요"),
        ("나래", "이라고요", "나래라고요"),
        ("나래", "이었습니다", "나래였습니다"),
        ("Narae", "이에요", "Narae예요"),
        ("VPN", "를", "VPN을"),
        ("2", "을", "2를"),
        ("🙂", "은 오늘", "🙂은(는) 오늘"),
        ("하늘", "아, 안녕", "하늘아, 안녕"),
        ("나래", " 님은 오늘", "나래 님은 오늘"),
        ("나래", "입니다", "나래입니다"),
        ("민준", "가족", "민준가족"),
        ("나래", "이사님", "나래이사님"),
        ("나래", "", "나래"),
        ("나래", "’s", "나래’s"),
    ],
)
def test_what_is_written_after_a_word_takes_the_form_that_fits(word: str, rest: str, expected: str) -> None:
    assert followed(word, rest) == expected


def test_a_particle_without_a_second_form_is_refused() -> None:
    for particle in ("에서", "의", "", "x"):
        with pytest.raises(ValueError, match="second form"):
            with_particle("말", particle)


def test_every_hangul_syllable_has_a_known_sound() -> None:
    sounds = [final_sound(chr(code)) for code in range(0xAC00, 0xD7A4)]
    assert sounds.count(Sound.VOWEL) == 399
    assert sounds.count(Sound.RIEUL) == 399
    assert sounds.count(Sound.CONSONANT) == 11172 - 2 * 399
