"""Root's house: the database has another user, who must be able to reach its data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sotong.settings.options import unnamed_folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="these are root's defaults")


def test_data_of_root_stay_in_the_usual_place_where_others_may_pass(data):
    assert unnamed_folder(data) == data


def test_data_of_root_move_out_of_a_private_folder(data):
    private = data / "private"
    private.mkdir(parents=True, mode=0o700)
    assert unnamed_folder(private / "checkout" / "data") == Path("/var/lib/sotong")
