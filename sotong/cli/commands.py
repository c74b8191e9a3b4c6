"""Every command, in one table, and the way to it."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from sotong import __version__
from sotong.cli.words import Refusal, complain, speak
from sotong.postgres.errors import PostgresError
from sotong.settings.options import OptionError

FAILED = 1
REFUSED = 2


@dataclass(frozen=True, kw_only=True)
class Command:
    """``module`` has ``run(words) -> int``, or ``configure(parser)`` and ``run(arguments) -> int``.

    ``is_raw``: it reads its words itself. ``is_inner``: ``up`` and services call it; the help does not list it.
    """

    name: str
    module: str
    korean: str
    english: str
    is_raw: bool = False
    is_inner: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(
        name="up",
        module="sotong.cli.up",
        korean="데이터베이스, 웹, 실시간, 작업, 언어를 모두 시작해요.",
        english="Start everything: database, web, live, worker, language.",
    ),
    Command(
        name="doctor",
        module="sotong.cli.doctor",
        korean="무엇이 잘못됐고 어떻게 고치는지 알려 줘요.",
        english="Say what is wrong and how to mend it.",
    ),
    Command(
        name="migrate",
        module="sotong.cli.migrate",
        korean="데이터베이스를 이 버전에 맞춰요.",
        english="Bring the database up to this version.",
    ),
    Command(
        name="backup",
        module="sotong.cli.backup",
        korean="모든 데이터를 폴더 하나에 백업해요.",
        english="Back everything up into a folder.",
    ),
    Command(
        name="restore",
        module="sotong.cli.restore",
        korean="빈 데이터 폴더에 백업을 복원해요.",
        english="Restore a backup into an empty data folder.",
    ),
    Command(
        name="manage",
        module="sotong.cli.manage",
        korean="Django 관리 명령을 실행해요.",
        english="Run one of Django's management commands.",
        is_raw=True,
    ),
    Command(
        name="rotate-keys",
        module="sotong.cli.keys",
        korean="채널 로그인을 새 열쇠로 다시 잠가요.",
        english="Encrypt the credentials of channels with a new key.",
    ),
    Command(
        name="networks",
        module="sotong.cli.networks",
        korean="연결할 수 있는 네트워크를 보여 줘요.",
        english="List the networks that can be connected.",
    ),
    Command(
        name="replay",
        module="sotong.cli.replay",
        korean="연습 네트워크에서 하루를 다시 살아 봐요.",
        english="Play a day into the practice network.",
    ),
    Command(
        name="version",
        module="sotong.cli.version",
        korean="버전을 보여 줘요.",
        english="Show the version.",
    ),
    Command(name="web", module="sotong.cli.web", korean="", english="Serve pages.", is_inner=True),
    Command(name="live", module="sotong.cli.live", korean="", english="Hold live connections.", is_inner=True),
    Command(name="worker", module="sotong.cli.worker", korean="", english="Work through jobs.", is_inner=True),
    Command(name="language", module="sotong.cli.language", korean="", english="Answer on language.", is_inner=True),
    Command(name="prepare", module="sotong.cli.prepare", korean="", english="Make ready to serve.", is_inner=True),
)


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 done, 1 failed or something is wrong, 2 refused with one sentence."""
    given = list(sys.argv[1:] if words is None else words)
    named = next((command for command in COMMANDS if given and command.name == given[0]), None)
    try:
        if named and named.is_raw:
            return int(import_module(named.module).run(given[1:]))
        arguments = _parser(named).parse_args(given)
        assert named is not None  # noqa: S101 - the parser leaves otherwise
        return int(import_module(named.module).run(arguments))
    except (Refusal, PostgresError, OptionError) as refusal:
        complain(refusal.korean, refusal.english)
        return REFUSED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parser(named: Command | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sotong", description=speak("소통 명령줄", "Sotong's command line."))
    parser.add_argument("--version", action="version", version=__version__)
    shown = ",".join(command.name for command in COMMANDS if not command.is_inner)
    verbs = parser.add_subparsers(dest="command", required=True, metavar=f"{{{shown}}}")
    for command in COMMANDS:
        if command.is_inner and command is not named:
            continue  # argparse would offer it as a choice
        text = speak(command.korean or command.english, command.english)
        if command.is_inner:
            verb = verbs.add_parser(command.name, description=text)
        else:
            verb = verbs.add_parser(command.name, description=text, help=text)
        configure = getattr(import_module(command.module), "configure", None) if command is named else None
        if configure:
            configure(verb)
    return parser
