"""Many at once: whoever asks for too much holds nobody else up, and takes no more memory than there is."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack
from pathlib import Path

from sotong_practice.pages.dispatch import FORMS_PER_MINUTE, NEWCOMERS_PER_MINUTE
from sotong_practice.server import FORM_MAX
from sotong_practice.tests.browsing import Browser
from sotong_practice.tests.running import Practice
from sotong_practice.wire import BODIES_MAX

MEGABYTE = 1024 * 1024


def memory(practice: Practice, name: str = "VmRSS") -> int:
    """Megabytes that the network's process holds now, or held at most (``VmHWM``)."""
    assert practice.process is not None
    text = Path(f"/proc/{practice.process.pid}/status").read_text()
    found = re.search(rf"{name}:\s+(\d+)", text)
    assert found is not None
    return int(found[1]) // 1024


def upload(practice: Practice, size: int) -> socket.socket:
    """The beginning of a form of ``FORM_MAX`` bytes: ``size`` of them, or as many as are taken."""
    line = socket.create_connection(("127.0.0.1", practice.port), timeout=10)
    head = f"POST /write HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {FORM_MAX}\r\n\r\n"
    try:
        line.sendall(head.encode() + bytes(size))
    except OSError:
        # Turned away: the answer is there to be read.
        line.shutdown(socket.SHUT_WR)
    return line


def test_large_forms_at_once_take_bounded_memory_and_small_ones_pass(practice: Practice) -> None:
    before = memory(practice)
    bada = Browser(practice).join("bada")
    with ExitStack() as lines:
        held = [lines.enter_context(upload(practice, 20 * MEGABYTE)) for _ in range(16)]
        assert memory(practice, "VmHWM") - before < 2 * BODIES_MAX // MEGABYTE
        assert bada.fill("/", "/write", text="저는 한 줄이면 돼요").status == 303
        refused = [line.recv(12) for line in held if readable(line)]
        assert len(refused) >= 16 - BODIES_MAX // (20 * MEGABYTE) - 1
        assert set(refused) == {b"HTTP/1.1 503"}
    until = time.monotonic() + 10
    while True:
        # Once the others have gone there is room again.
        fields = bada.page("/").form("/write").fields
        answer = bada.send_files("/write", {**fields, "text": "이제는 커도 돼요", "note": "x" * (20 * MEGABYTE)}, {})
        if answer.status != 503 or time.monotonic() > until:
            break
    assert answer.status == 303


def readable(line: socket.socket) -> bool:
    line.settimeout(0.5)
    try:
        return bool(line.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False


def test_a_newcomer_who_asks_too_often_holds_no_other_up(practice: Practice) -> None:
    eve = Browser(practice)
    fields = {**eve.page("/join").form("/join").fields, "handle": "x", "display_name": "이브"}
    statuses = [eve.send("/join", fields).status for _ in range(NEWCOMERS_PER_MINUTE + 20)]
    assert (statuses[0], statuses[FORMS_PER_MINUTE - 1], statuses[FORMS_PER_MINUTE]) == (400, 400, 429)
    assert statuses[-1] == 429
    Browser(practice).join("bada")


def test_all_newcomers_together_have_a_ceiling(practice: Practice) -> None:
    member = Browser(practice).join("member")
    statuses = []
    for number in range(NEWCOMERS_PER_MINUTE // FORMS_PER_MINUTE):
        eve = Browser(practice)
        fields = {**eve.page("/join").form("/join").fields, "handle": "x", "display_name": f"이브 {number}"}
        statuses += [eve.send("/join", fields).status for _ in range(FORMS_PER_MINUTE)]
    assert statuses.count(400) == NEWCOMERS_PER_MINUTE - 1, "the member came in as a newcomer too"
    assert Browser(practice).fill("/join", "/join", handle="late", display_name="늦은 이").status == 429
    assert member.fill("/", "/write", text="저는 이미 있어요").status == 303
