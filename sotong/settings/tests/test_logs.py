"""A line of the log has the trace of what went wrong, and none of what was merely refused."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from sotong.settings.logs import JsonFormatter


@pytest.mark.parametrize(
    ("logger", "level", "has_trace"),
    [
        ("django.request", logging.WARNING, False),
        ("django.request", logging.ERROR, True),
        ("sotong.channels", logging.WARNING, True),
    ],
)
def test_only_a_refusal_has_no_trace(logger: str, level: int, has_trace: bool) -> None:
    try:
        raise PermissionError("token=planted")
    except PermissionError:
        record = logging.LogRecord(logger, level, __file__, 1, "Forbidden: %s", ("/people/",), sys.exc_info())
    said = JsonFormatter().format(record)
    assert ("trace" in json.loads(said)) is has_trace
    assert "planted" not in said
