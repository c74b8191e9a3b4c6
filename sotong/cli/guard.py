"""Sweeps up after a house that was killed: the children of its children, whom the kernel does not tie to it.

One small process holds the other end of a pipe. When the pipe closes, the house is gone, however it went, and the guard
kills every process group that it still knows. Run by path, so this file imports only the standard library.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys


class Guard:
    """The house's end of the pipe. Belongs to the supervisor's thread."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, group: int) -> None:
        """Sweep this process group, should we be killed."""
        self._groups.add(group)
        self._tell(f"+{group}")

    def drop(self, group: int) -> None:
        """It has ended and been swept; its number may soon be somebody else's."""
        self._groups.discard(group)
        self._tell(f"-{group}")

    def close(self) -> None:
        """Let it go: nothing is left to sweep."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process = None

    def _tell(self, line: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._begin()
            line = "\n".join(f"+{group}" for group in sorted(self._groups))
        assert self._process is not None  # noqa: S101
        assert self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(line.encode() + b"\n")
        except BrokenPipeError:
            self._process.wait()  # it was killed just now; the next word begins another

    def _begin(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True, bufsize=0
        )


def main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        sign, number = line[:1], line[1:].strip()
        if number.isdigit():
            (groups.add if sign == "+" else groups.discard)(int(number))
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


if __name__ == "__main__":
    main()
