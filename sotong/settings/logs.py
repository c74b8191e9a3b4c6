"""One JSON object a line. Secrets are kept out by never logging payloads; known shapes are blanked all the same."""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime

SECRET = re.compile(
    r"(?i)((?:authorization|password|passwd|secret|token|accessJwt|refreshJwt|api[_-]?key)[\"']?\s*[:=]\s*[\"']?(?:Bearer\s+)?)"
    r"[^\s\"',}]+"
)

LINK = re.compile(r"(/(?:first-run|invitation|password)/)[^/\s\"'?]+")
"""Addresses that let a person in by themselves. A house test holds them against the site's addresses."""


def without_links(text: str) -> str:
    """``text`` with the secret part of such addresses replaced."""
    return LINK.sub(r"\1***", text)


def blanked(text: str) -> str:
    """``text`` with whatever stands behind a secret's name replaced."""
    return without_links(SECRET.sub(r"\1***", text))


class JsonFormatter(logging.Formatter):
    """time (UTC), level, process, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": os.environ.get("SOTONG_PROCESS", "sotong"),
            "logger": record.name,
            "message": blanked(record.getMessage()),
        }
        # Of a refusal (403, 404) Django logs where it was raised: it is no fault, and would fill the disk.
        is_refusal = record.name == "django.request" and record.levelno < logging.ERROR
        if record.exc_info and not is_refusal:
            entry["trace"] = blanked(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
