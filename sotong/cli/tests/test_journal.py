"""Logs: one JSON object a line, no secrets, bounded in size, and never a reason to stop."""

from __future__ import annotations

import json

import pytest

from sotong.cli.journal import KEPT, Journal


def lines(journal: Journal) -> list[dict[str, str]]:
    return [json.loads(line) for line in journal.file.read_text(encoding="utf-8").splitlines()]


def test_plain_line_becomes_one_json_object(tmp_path):
    journal = Journal(tmp_path, "worker")
    journal.take("일을 시작해요\n")
    (entry,) = lines(journal)
    assert (entry["process"], entry["level"], entry["message"]) == ("worker", "info", "일을 시작해요")
    assert entry["time"].endswith("+00:00")
    assert journal.file.stat().st_mode & 0o777 == 0o600


def test_line_that_is_json_already_is_kept_as_it_is(tmp_path):
    journal = Journal(tmp_path, "web")
    journal.take('{"level": "error", "message": "boom", "extra": 3}')
    journal.take("{not json")
    first, second = lines(journal)
    assert first == {"level": "error", "message": "boom", "extra": 3}
    assert second["message"] == "{not json"
    assert journal.last == "{not json"


@pytest.mark.parametrize(
    "line",
    [
        "password=geheim at start",
        "GET /first-run/geheim/ 404",
        "GET http://127.0.0.1/invitation/geheim?next=/",
        "Unprocessable Entity: /password/geheim/",
        '{"message": "Not Found: /first-run/geheim/"}',
        "Authorization: Bearer geheim",
    ],
)
def test_what_lets_a_person_in_stays_out(tmp_path, line):
    journal = Journal(tmp_path, "web")
    journal.take(line)
    assert "geheim" not in journal.file.read_text()
    assert lines(journal)


def test_log_is_rotated_by_size_and_old_ones_go(tmp_path):
    journal = Journal(tmp_path, "web", limit=2000)
    for number in range(200):
        journal.take(f"line {number} " + "x" * 50)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["web.log", *(f"web.log.{n}" for n in range(1, KEPT + 1))]
    assert all(file.stat().st_size <= 2000 for file in files)
    assert lines(journal)[-1]["message"].startswith("line 199 ")
    newest_old = json.loads(files[1].read_text().splitlines()[-1])["message"]
    assert int(newest_old.split()[1]) == int(lines(journal)[0]["message"].split()[1]) - 1


def test_log_that_cannot_be_written_is_counted_and_stops_nothing(tmp_path):
    journal = Journal(tmp_path / "gone", "web")
    journal.take("hello")
    assert journal.lost == 1
    assert journal.last == "hello"
