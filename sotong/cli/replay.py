"""``sotong replay``: play a scenario's customers into the practice network, and, when asked, our own people's answers.

Everything takes the product's ordinary ways: customers write through the practice network's API, answers are replies of
people at the desk. The clock runs ``--speed`` times faster; figures are told in the scenario's time.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sotong.cli.lock import is_held
from sotong.cli.places import places_of
from sotong.cli.replayed import judge, outcome_of, tell
from sotong.cli.site import database, set_up
from sotong.cli.words import Refusal, say, speak
from sotong.settings.options import options
from sotong_practice.player import Player, PlayError
from sotong_practice.scenario import Scenario, ScenarioError, Step, chosen, find, read

ARRIVES_WITHIN = 60.0
"""Seconds in which a post must reach the desk."""
SETTLES_WITHIN = 60.0
"""Seconds in which an answer must have left."""
REHEARSAL = "@rehearsal.invalid"
"""The end of an address that nobody has: of colleagues who were made for a rehearsal."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="?", default="one-day", help="a file, or one that ships (default: one-day)")
    parser.add_argument("--only", default="", help="steps, such as P01-P06,P10")
    parser.add_argument("--speed", type=float, default=20.0, help="how many times faster than the day (default 20)")
    parser.add_argument("--staff", action="store_true", help="also give our people's answers, as replies at the desk")
    parser.epilog = speak(
        "예: sotong replay one-day --only P01-P06 --staff. 함께 오는 하루의 글은 한국어예요.",
        "Example: sotong replay one-day --only P01-P06 --staff. The day that ships is in Korean, and so are its lines.",
    )


def run(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.speed <= 100_000:
        raise Refusal("--speed는 0보다 크고 100000 이하여야 해요.", "--speed must be above 0 and at most 100000.")
    try:
        scenario = read(find(arguments.scenario))
        steps = chosen(scenario.steps, arguments.only)
    except ScenarioError as problem:
        raise Refusal(f"시나리오를 쓸 수 없어요: {problem}", f"The scenario cannot be used: {problem}") from problem
    _check_house()
    # What was lent is taken back. Ctrl-C too: a shell starts what runs in its background with that one ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with database():
        set_up()
        try:
            return Replay(scenario, steps, speed=arguments.speed, has_staff=arguments.staff).run()
        except PlayError as problem:
            raise Refusal(f"연습 네트워크에 쓸 수 없어요: {problem}", f"The practice network: {problem}") from problem


def _check_house() -> None:
    """Posts reach the desk, and answers the network, through a running house's processes."""
    if not is_held(places_of(options()).lock):
        raise Refusal(
            "소통이 돌고 있지 않아요. script/run(또는 sotong up)으로 시작한 다음, 다른 터미널에서 다시 해 주세요.",
            "Sotong is not running. Start it with script/run (or sotong up), then run this in another terminal.",
        )


@dataclass
class Played:
    """What a run leaves behind: the conversation of each customer's step."""

    conversations: dict[str, int]


class Replay:
    """One run of a scenario."""

    def __init__(self, scenario: Scenario, steps: Sequence[Step], *, speed: float, has_staff: bool) -> None:
        from sotong.channels.models import Channel

        self.scenario, self.steps, self.speed, self.has_staff = scenario, steps, speed, has_staff
        accounts = {
            channel.purpose: channel.handle.lstrip("@")
            for channel in Channel.objects.filter(network="practice").exclude(mode="closed").order_by("-pk")
        }
        if not accounts:
            raise Refusal(
                "연습 네트워크에 이어진 채널이 없어요. 화면에서 '연습 네트워크 열기'를 먼저 눌러 주세요.",
                "No channel is connected to the practice network. Open the practice network on the welcome page first.",
            )
        chosen_options = options()
        run_name = f"replay-{int(time.time())}"
        self.player = Player(
            f"http://127.0.0.1:{chosen_options.practice_port}", chosen_options.data / "practice", run_name, accounts
        )
        self.run_name = run_name
        self.played = Played({})
        self.began = datetime.now(UTC)
        self.has_answered = False
        self._lent: list[int] = []
        """Channels that have the scenario's acknowledgement for as long as this runs."""
        self._made_up: set[str] = set()
        """Colleagues who are here only to rehearse."""

    def run(self) -> int:
        """Play every step at its time; returns the exit code: 1 where the clocks were not as they should be."""
        try:
            self._play_all()
            return self._report()
        finally:
            self._take_back()

    def _play_all(self) -> None:
        self.player.make_people(self.scenario)
        began, first = time.monotonic(), self.steps[0].at if self.steps else datetime.now(UTC)
        say(
            f"{self.scenario.title}: {len(self.steps)}단계, {self.speed:g}배 빠르게",
            f"{self.scenario.title}: {len(self.steps)} steps, {self.speed:g} times faster",
        )
        if self.has_staff:
            self._acknowledge()
        for step in self.steps:
            time.sleep(max(0.0, began + (step.at - first).total_seconds() / self.speed - time.monotonic()))
            self._play(step)
        self._wait_for_posts()
        self._wait_for_answers()

    def _acknowledge(self) -> None:
        """Lend the care channel the scenario's acknowledgement, as its people would have one, when it has none."""
        from sotong.channels.actions.keeping import change_channel
        from sotong.channels.models import Channel

        text = self.scenario.acknowledgement
        rows = Channel.objects.filter(network="practice", purpose="care", acknowledgement="").exclude(mode="closed")
        for channel in rows if text else ():
            now = datetime.now(UTC)
            self._lent.append(channel.pk)
            change_channel(channel_id=channel.pk, fields={"acknowledgement": text}, by=None, at=now)
            say(
                f"{channel.name}의 '받았다는 말'이 비어 있어서 끝날 때까지 이렇게 적어 둬요: {text}",
                f"{channel.name} has no acknowledgement; until this ends it has: {text}",
            )

    def _take_back(self) -> None:
        """No customer of a real day gets the rehearsal's words. Where somebody has written others since, they stay."""
        from sotong.channels.actions.keeping import change_channel
        from sotong.channels.models import Channel

        for channel in Channel.objects.filter(pk__in=self._lent, acknowledgement=self.scenario.acknowledgement):
            change_channel(channel_id=channel.pk, fields={"acknowledgement": ""}, by=None, at=datetime.now(UTC))
            say(
                f"{channel.name}의 '받았다는 말'을 다시 비웠어요.",
                f"{channel.name} has no acknowledgement again.",
            )

    def _play(self, step: Step) -> None:
        local = f"{step.id:<6}"
        if step.needs:
            say(f"{local} 건너뜀 ({step.needs}는 아직 없어요)", f"{local} left out ({step.needs} is not there yet)")
            return
        if step.do.startswith("staff"):
            self._staff(step, local)
        elif step.do == "look":
            say(f"{local} 확인", f"{local} look")
        else:
            if step.do == "reply":
                self._wait_for_answers()
            self.player.play(step, None)
            say(f"{local} {step.by}: {step.text}", f"{local} {step.by}: {step.text}")
        if step.expect:
            say(f"       이래야 해요 → {step.expect}", f"       should → {step.expect}")

    def _staff(self, step: Step, local: str) -> None:
        if not self.has_staff:
            say(f"{local} {step.by}의 차례예요: {step.text}", f"{local} {step.by}'s turn: {step.text}")
            return
        from sotong.inbox.actions.notes import add_note
        from sotong.inbox.actions.replying import send_reply
        from sotong.inbox.actions.resolving import resolve_conversation

        person, conversation_id = self._person(step.by), self._conversation(step)
        self._wait_for_posts()
        token, now = uuid5(NAMESPACE_URL, f"{self.run_name}.{step.id}"), datetime.now(UTC)
        if step.do == "staff_reply":
            send_reply(
                conversation_id=conversation_id,
                tab="public",
                text=step.text,
                token=token,
                by=person,
                at=now,
                even_so=True,
            )
            self.has_answered = True
        elif step.do == "staff_note":
            add_note(conversation_id=conversation_id, text=step.text, token=token, by=person, at=now)
        else:
            resolve_conversation(
                conversation_id=conversation_id, outcome="solved", reason=step.text, even_so=True, by=person, at=now
            )
        say(f"{local} {step.by} (우리): {step.text}", f"{local} {step.by} (us): {step.text}")

    def _person(self, name: str) -> Any:
        """A colleague of that name; made for the rehearsal when there is none, without a way to sign in."""
        from sotong.people.models import Person

        found = Person.objects.filter(name=name, is_active=True).first()
        if found is None:
            mail = f"{uuid5(NAMESPACE_URL, name).hex[:12]}{REHEARSAL}"
            found = Person.objects.create_user(mail, None, name=name, roles=["agent"], undo_seconds=0)
        if found.email.endswith(REHEARSAL):
            self._made_up.add(name)
        return found

    def _conversation(self, step: Step) -> int:
        if step.thread not in self.played.conversations:
            from sotong.inbox.models import Message

            wanted = self.player.played.get(step.thread, "")
            found = _until(
                lambda: Message.objects.filter(remote_id=wanted).values_list("conversation_id", flat=True).first(),
                ARRIVES_WITHIN,
            )
            if found is None:
                raise Refusal(
                    f"{step.thread}의 글이 {ARRIVES_WITHIN:.0f}초 안에 상담 화면에 오지 않았어요. "
                    "sotong doctor로 확인해 주세요.",
                    f"The post of {step.thread} did not reach the desk within {ARRIVES_WITHIN:.0f} s; "
                    "run sotong doctor.",
                )
            self.played.conversations[step.thread] = found
        return self.played.conversations[step.thread]

    def _wait_for_posts(self) -> None:
        """Nobody answers what they have not seen: what customers wrote so far is at the desk first."""
        from sotong.inbox.models import Message

        ids = {pk for pk in self.player.played.values() if pk}
        _until(lambda: Message.objects.filter(remote_id__in=ids).count() >= len(ids) or None, ARRIVES_WITHIN)

    def _wait_for_answers(self) -> None:
        """Nobody thanks for an answer that has not left: for some seconds it may still be taken back."""
        from sotong.channels.models import Delivery
        from sotong.inbox.models import Message

        ids = list(self.played.conversations.values())
        waiting = Message.objects.filter(
            conversation_id__in=ids, delivery__state__in=[Delivery.State.DUE, Delivery.State.SENDING]
        )
        _until(lambda: not waiting.exists() or None, SETTLES_WITHIN)

    def _report(self) -> int:
        second = self._minutes(timedelta(seconds=1))
        say(f"이 기계의 1초는 시나리오의 {second}이에요.", f"One second of this machine is {second} of the scenario.")
        outcomes = [outcome_of(step_id, pk) for step_id, pk in self.played.conversations.items()]
        for outcome in outcomes:
            tell(outcome, self._minutes)
        if names := ", ".join(sorted(self._made_up)):
            say(
                f"연습용 동료는 '사람' 화면에 남아 있어요: {names}. 들어올 수는 없어요.",
                f"The rehearsal's colleagues stay among the people, without a way to sign in: {names}.",
            )
        self._take_back()
        return judge(outcomes, since=self.began, has_answered=self.has_answered)

    def _minutes(self, span: timedelta) -> str:
        """A span of the real clock in the scenario's time: "6.1 min"."""
        minutes = span.total_seconds() * self.speed / 60
        return speak(f"{minutes:.1f}분", f"{minutes:.1f} min")


def _until(look: Callable[[], Any], within: float) -> Any:
    """What ``look`` finds, asked until it is something or time is over; None then."""
    end = time.monotonic() + within
    while (found := look()) is None and time.monotonic() < end:
        time.sleep(0.1)
    return found
