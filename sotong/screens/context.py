"""What the frame around every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """The rail's items and the topbar's state for a signed-in person; nothing for visitors."""
    return {}
