"""Whether the data folder's disk has room: said once when it has none, and once when it has some again."""

from __future__ import annotations

import shutil
from pathlib import Path

from sotong.cli.words import say

FULL = 64_000_000
"""Bytes of free disk below which the database may fail at any write: its log grows by files of 16 MB."""


class Room:
    """Looks at one disk. What fails for want of room names only itself, "Database error" and the like."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._is_full = False

    def look(self) -> None:
        """Say what has changed since the last look."""
        try:
            free = shutil.disk_usage(self._data).free
        except OSError:
            return  # the folder itself is gone, which whoever writes there says
        if (free < FULL) == self._is_full:
            return
        self._is_full = free < FULL
        left = f"{free / 1e6:.0f} MB"
        if self._is_full:
            say(
                f"디스크가 거의 찼어요({left} 남음). 자리를 만들어 주세요. 그때까지 새로 쓴 것은 저장되지 "
                "않을 수 있어요. 그러면 화면이 알려요. 저장한 것은 그대로예요.",
                f"The disk is nearly full ({left} left). Free some space: until then new things may not be kept, and "
                "screens say so. What was kept stays.",
            )
        else:
            say(f"디스크에 자리가 생겼어요({left})", f"The disk has room again ({left}).")
