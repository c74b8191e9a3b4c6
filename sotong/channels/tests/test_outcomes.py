"""What became of a delivery is said whole: what happened, what was kept, what to do next."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

import pytest
from django.utils import translation

from sotong.channels import words
from sotong.channels.models import Channel, Delivery
from sotong.channels.queries.outcomes import WHAT, held_by, outcome_of
from sotong.channels.rules.outcomes import FAMILIES
from sotong.networks import registry

NETWORK_THAT_LOOKS = "practice"
ASKS_A_PERSON = ("failed", "held", "unconfirmed")


def said(state: str, problem: str, network: str = NETWORK_THAT_LOOKS, *, may_decide: bool = True) -> str:
    return str(outcome_of(state=state, problem=problem, network=network, may_decide=may_decide))


@pytest.mark.parametrize(
    ("state", "problem", "may_decide", "whole"),
    [
        ("failed", "Rejected", False, "네트워크가 받아들이지 않았어요. 나가지 않은 것이 확실해요. 글은 그대로 있어요. "
         "글을 고쳐 새 답글로 보내 주세요."),
        ("failed", "Gone", True, "답하려던 글이나 계정이 네트워크에 없어요. 나가지 않은 것이 확실해요. "
         "글은 그대로 있어요. 다른 글에 답하거나 쪽지로 보내 주세요."),
        ("failed", "Unreachable", False, "서버에 닿지 못했어요. 나가지 않은 것이 확실해요. 글은 그대로 있어요. "
         "다시 보내려면 근무 책임자에게 부탁해 주세요."),
        ("held", "Brake", True, "모든 발송이 멈춰 있을 때였어요. 아직 나가지 않았어요. 글은 그대로 있어요. "
         "발송을 다시 연 뒤 보낼지 정해 주세요."),
        ("held", "Brake", False, "모든 발송이 멈춰 있을 때였어요. 아직 나가지 않았어요. 글은 그대로 있어요. "
         "발송이 다시 열리면 근무 책임자가 보낼지 정해요."),
        ("held", "Shadow", True, "이 채널은 읽기만 해요. 아직 나가지 않았어요. 글은 그대로 있어요. "
         "채널의 보내기를 켠 뒤 보낼지 정해 주세요."),
        ("held", "Unauthorized", False, "네트워크가 이 로그인을 받지 않아요. 아직 나가지 않았어요. 글은 그대로 있어요. "
         "채널에 다시 로그인해야 해요. 근무 책임자에게 알려 주세요."),
        ("unconfirmed", "Unknown", False, "답을 듣지 못했어요. 두 번 나가지 않게 먼저 네트워크에 있는지 봐요. "
         "없으면 저절로 다시 보내요."),
        ("unconfirmed", "Left", True, "더 알아보지 않기로 했어요. 나갔는지는 몰라요. 알게 되면 정해 주세요."),
        ("due", "Temporary", False, "네트워크가 지금은 일을 못 해요. 아직 나가지 않았어요. 저절로 다시 보내요."),
        ("sent", "NotSeen", False, "보냈는데 다시 읽어 보니 안 보여요. 네트워크에서 확인해 주세요."),
        ("sent", "", False, ""), ("due", "", False, ""), ("sending", "Temporary", False, ""),
        ("cancelled", "Brake", False, ""), ("draft", "", False, ""), ("approved", "", False, ""),
    ],
)  # fmt: skip
def test_what_is_said(state: str, problem: str, may_decide: bool, whole: str) -> None:
    assert said(state, problem, may_decide=may_decide) == whole


@pytest.mark.parametrize(
    ("problem", "now", "whole"),
    [
        ("Unauthorized", "Unauthorized", "채널에 다시 로그인한 뒤 보낼지 정해 주세요."),
        ("Unauthorized", "", "네트워크가 로그인을 받지 않을 때였어요. … 보낼지 정해 주세요."),
        ("Shadow", "", "이 채널이 읽기만 할 때였어요. … 보낼지 정해 주세요."),
        ("Brake", "", "모든 발송이 멈춰 있을 때였어요. … 보낼지 정해 주세요."),
        ("Unauthorized", "Brake", "모든 발송이 멈춰 있을 때였어요. … 발송을 다시 연 뒤 보낼지 정해 주세요."),
    ],
)
def test_what_is_held_is_said_as_the_channel_is_now(problem: str, now: str, whole: str) -> None:
    said = str(outcome_of(state="held", problem=problem, network="practice", may_decide=True, now=now))
    assert said.endswith(whole.replace("…", "아직 나가지 않았어요. 글은 그대로 있어요."))


@pytest.mark.parametrize("problem", ["Unknown", "LookingFirst"])
def test_nothing_is_promised_to_go_again_that_would_be_held(problem: str) -> None:
    goes, stops = (
        str(outcome_of(state="unconfirmed", problem=problem, network="practice", may_decide=True, is_stopped=stopped))
        for stopped in (False, True)
    )
    assert "저절로 다시 보내요" in goes
    assert "멈춰 두고" in stops
    assert "저절로" not in stops


def test_what_would_hold_a_delivery_now() -> None:
    channel = Channel(mode="open", allowed_kinds=["reply"], trouble="")
    assert held_by("Unauthorized", kind="reply", channel=channel, scopes=()) == ""
    assert held_by("Unauthorized", kind="reply", channel=channel, scopes={"all"}) == "Brake"
    assert held_by("Brake", kind="game", channel=channel, scopes=()) == "KindRefused"
    assert held_by("Odd", kind="reply", channel=channel, scopes=()) == "Odd", "what is not known to end stands"
    channel.trouble = "Unauthorized"
    assert held_by("Unauthorized", kind="reply", channel=channel, scopes=()) == "Unauthorized"


@pytest.mark.parametrize("network", registry.NETWORKS)
def test_each_network_says_what_to_do_about_a_refused_sign_in(network: str) -> None:
    what, advice = words.problem_words("Unauthorized", network)
    assert what == words.problem_words("Unauthorized")[0]
    assert advice == registry.manifest(network).sign_in_help["ko"]
    assert "앱 비밀번호" not in words.problem_words("Unauthorized")[1], "a network's own words stay with it"


def test_where_nobody_can_look_a_person_must() -> None:
    assert said("unconfirmed", "Unknown", network="gone").endswith("네트워크를 직접 보고 정해 주세요.")
    assert "다시 보내지 않고 있어요" in said("unconfirmed", "Unknown", network="gone")


def test_every_problem_of_a_delivery_has_words_of_its_own() -> None:
    known = set(words.PROBLEMS) | set(WHAT)
    written = {family.__name__ for family in FAMILIES} | {"Blocked", "Unreachable", "NoAnswer"}
    folder = Path(words.__file__).parent
    for path in (
        "actions/attempts.py",
        "actions/doubts.py",
        "actions/looks.py",
        "actions/holds.py",
        "rules/permits.py",
    ):
        for node in ast.walk(ast.parse((folder / path).read_text(encoding="utf-8"))):
            named = [one.value for one in node.keywords if one.arg == "problem"] if isinstance(node, ast.Call) else []
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Permit", "_hold"}:
                named += node.args
            written |= {
                str(one.value) for one in named if isinstance(one, ast.Constant) and str(one.value)[:1].isupper()
            }
    assert {"NotThere", "Interrupted", "NoNetwork", "Brake", "KindRefused"} <= written, "this test reads them all"
    assert written - known == set()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_whatever_asks_for_a_person_says_what_to_do(language: str) -> None:
    problems = [*words.PROBLEMS, *WHAT, "SomethingNew"]
    with translation.override(language):
        for state, problem, may_decide, network in product(ASKS_A_PERSON, problems, (True, False), ("practice", "x")):
            outcome = outcome_of(state=state, problem=problem, network=network, may_decide=may_decide)
            assert outcome.what
            assert problem == "Left" or (outcome.kept and outcome.next), (state, problem)
            has_hangul = any("가" <= letter <= "힣" for letter in str(outcome))
            assert has_hangul == (language == "ko"), str(outcome)


def test_every_state_is_known() -> None:
    for state in Delivery.State.values:
        said(state, "")
