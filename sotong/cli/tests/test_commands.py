"""The table of commands holds together, and refusals are one sentence with exit code 2."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from sotong import __version__
from sotong.cli.child import PAUSE_LONGEST, pause_after
from sotong.cli.commands import COMMANDS, main
from sotong.cli.words import is_korean


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_its_module_and_its_words(command):
    module = import_module(command.module)
    assert callable(module.run)
    assert command.english.endswith(".")
    assert command.is_inner or command.korean.endswith("요.")


def test_version_is_the_packages_own(capsys):
    assert main(["version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_help_lists_the_public_commands_and_not_the_inner_ones(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert (f"    {command.name} " in shown) is not command.is_inner, command.name


@pytest.mark.parametrize(
    ("command", "told"),
    [("up", ("Data folder: /srv/so", "8470", "8471", "/srv/so/sotong.toml")), ("replay", ("in Korean",))],
)
def test_help_of_a_command_says_what_one_has_to_know(capsys, monkeypatch, command, told):
    monkeypatch.setenv("SOTONG_DATA", "/srv/so")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("COLUMNS", "500")
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = capsys.readouterr().out
    assert all(word in shown for word in told), shown


def test_unknown_command_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit) as left:
        main(["fly"])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert "doctor" in told
    assert "prepare" not in told, "inner commands are not offered"


@pytest.mark.parametrize(
    ("environ", "korean"),
    [
        ({}, False),
        ({"LANG": "ko_KR.UTF-8"}, True),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, False),
        ({"LC_MESSAGES": "ko_KR", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "", "LANG": "KO"}, True),
    ],
)
def test_terminal_language_follows_the_locale_settings(environ, korean):
    assert is_korean(environ) is korean


def test_pause_before_the_next_try_doubles_up_to_five_seconds():
    assert [pause_after(n) for n in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]
    assert pause_after(1000) == PAUSE_LONGEST


def test_python_without_the_products_packages_can_still_show_its_help():
    shown = subprocess.run(
        [sys.executable, "-S", "-m", "sotong.cli", "--help"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
