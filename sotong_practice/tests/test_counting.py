"""The command that counts a truth file."""

from __future__ import annotations

import json

import pytest

from sotong_practice.counting import count, keyed_effects, main
from sotong_practice.tests.running import Practice


def test_the_counts_are_those_of_the_file(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    bada = practice.account("bada")
    practice.account("care", kind="company")
    for n in range(3):
        bada.write(f"글 {n}", key=f"k{n}")
    practice.admin.call("PATCH", "/api/admin/settings", {"idempotency": False})
    bada.write("글", key="k1")
    bada.post("/api/messages", to="care", text="쪽지", key="m")
    practice.admin.fault("latency", seconds=0)
    bada.get("/api/me")
    assert main([str(practice.folder), "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["kinds"] == {
        "account": 2, "direct": 1, "fault": 1, "fault_set": 1, "post": 4, "setting": 1, "start": 1,
    }  # fmt: skip
    assert counted["written_by"] == {"bada": 5}
    assert (counted["keys"], counted["duplicate_keys"]) == (4, {"bada k1": 2})
    assert counted["faults"] == {"latency": 1}
    assert main([str(practice.folder)]) == 0
    assert "bada k1 × 2" in capsys.readouterr().out
    assert main([str(practice.folder), "--keys", "bada"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["k0", "k1", "k2", "k1", "m"]


def test_a_folder_without_a_truth_file_is_told(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "truth.jsonl" in capsys.readouterr().err


def test_nothing_counts_as_nothing() -> None:
    assert count([])["duplicate_keys"] == {}
    assert keyed_effects([], "bada") == []
