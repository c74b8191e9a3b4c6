"""Stands between fork and exec: gives up root, ties the process to its parent, then becomes the wanted program.

Run by path (``python -I -S drop.py PARENT SIGNAL UID GID PROGRAM ARGUMENTS…``), so it imports nothing of ours. A
function run by the forked child instead could hang where the parent has threads.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, signal_number: int) -> None:
    """Ask the kernel to send ``signal_number`` when ``parent`` dies; leave at once if that has already happened.

    The kernel forgets the wish when the user changes, so this comes after giving up root. On a system without the wish
    the process outlives a parent that was killed, and the next start ends it.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def main(arguments: list[str]) -> None:
    parent, signal_number, uid, gid = (int(word) for word in arguments[:4])
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    die_with_parent(parent, signal_number)
    try:
        os.execv(arguments[4], arguments[4:])  # noqa: S606 - no shell is wanted
    except OSError as problem:
        sys.stderr.write(f"{arguments[4]}: {problem.strerror}\n")
        os._exit(126)


if __name__ == "__main__":
    main(sys.argv[1:])
