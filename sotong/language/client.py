"""Asking the language process. It may be slow, stopped or absent: then the answer is None, and says why.

A client imports no Kiwi and keeps no connection, so that any thread of any web process may use one.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sotong.language.tokens import Morpheme, Reading
from sotong.language.wire import ANSWER_BYTES, HEADER_BYTES, READINGS_MAX, TEXTS_MAX, address, framed, unframed

QUERY_SECONDS = 0.05
"""How long a page waits for Kiwi before it does without."""
BATCH_SECONDS = 30.0
"""How long a job waits for a batch."""
_CHUNK_BYTES = 32 * 1024
"""Small enough that packing one answer does not hold up a query for longer than a few milliseconds."""


class _Late(Exception):
    """The deadline has passed."""


class LanguageClient:
    """Asks the language process at ``socket_path``. No method raises; ``last_problem`` says why one gave None."""

    def __init__(self, socket_path: Path) -> None:
        self.socket_path = socket_path
        self._said = threading.local()

    @property
    def last_problem(self) -> str:
        """Why the last call of this thread gave None; empty when it did not."""
        return str(getattr(self._said, "problem", ""))

    def morphemes(self, texts: Sequence[str], deadline: float = QUERY_SECONDS) -> list[Reading] | None:
        """Kiwi's best reading of each text, in their order; None when not all came within ``deadline`` seconds."""
        found = self._readings(texts, 1, deadline)
        return None if found is None else [each[0] if each else () for each in found]

    def readings(self, words: Sequence[str], deadline: float = QUERY_SECONDS) -> list[list[Reading]] | None:
        """Up to three likely readings of each word, the best first; None when they did not come in time."""
        return self._readings(words, READINGS_MAX, deadline)

    def health(self, deadline: float = QUERY_SECONDS) -> dict[str, Any] | None:
        """What the process says of itself: ``kiwi`` (version), ``pid``, ``uptime`` (s), ``waiting``, ``answered``."""
        answers = self._ask([{"op": "health"}], deadline)
        return answers[0] if answers else None

    def _readings(self, texts: Sequence[str], best: int, deadline: float) -> list[list[Reading]] | None:
        requests = [{"op": "morphemes", "texts": chunk, "best": best} for chunk in _chunks(texts)]
        answers = self._ask(requests, deadline)
        if answers is None:
            return None
        try:
            found = [_read(each) for answer in answers for each in answer["readings"]]
        except (KeyError, TypeError, ValueError):
            found = []
        if len(found) != len(texts):
            self._said.problem = "the language process gave an answer that does not fit the question"
            return None
        return found

    def _ask(self, requests: Sequence[dict[str, Any]], deadline: float) -> list[dict[str, Any]] | None:
        self._said.problem = ""
        if not requests:
            return []
        until = time.monotonic() + deadline
        try:
            with address(self.socket_path) as name, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(_left(until))
                line.connect(name)
                return [_exchange(line, request, until) for request in requests]
        except (_Late, TimeoutError, BlockingIOError):
            self._said.problem = f"the language process did not answer within {deadline * 1000:.0f} ms"
        except (FileNotFoundError, ConnectionRefusedError):
            self._said.problem = "the language process is not running, or is still loading"
        except OSError as problem:
            self._said.problem = f"the language process cannot be reached: {problem.strerror or problem}"
        except ValueError as problem:
            self._said.problem = f"the language process refused: {problem}"
        return None


def client_of_machine() -> LanguageClient | None:
    """A client of this machine's language process; None where ``SOTONG_LANGUAGE_SOCKET`` names no socket."""
    named = os.environ.get("SOTONG_LANGUAGE_SOCKET")
    return LanguageClient(Path(named)) if named else None


def _exchange(line: socket.socket, request: dict[str, Any], until: float) -> dict[str, Any]:
    line.settimeout(_left(until))
    line.sendall(framed(request))
    size = int.from_bytes(_received(line, HEADER_BYTES, until), "big")
    if size > ANSWER_BYTES:
        raise ValueError("its answer is too long")
    answer = unframed(_received(line, size, until))
    if "error" in answer:
        raise ValueError(str(answer["error"])[:200])
    return answer


def _received(line: socket.socket, size: int, until: float) -> bytes:
    parts: list[bytes] = []
    missing = size
    while missing:
        line.settimeout(_left(until))
        part = line.recv(min(missing, 65_536))
        if not part:
            raise ConnectionResetError("it hung up")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise _Late
    return left


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        length = len(text.encode("utf-8", "replace")) + 8
        if chunk and (len(chunk) >= TEXTS_MAX or size + length > _CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(text)
        size += length
    if chunk:
        yield chunk


def _read(readings: list[list[list[str]]]) -> list[Reading]:
    return [[_morpheme(each) for each in reading] for reading in readings]


def _morpheme(pair: list[str]) -> Morpheme:
    form, tag = pair
    return str(form), str(tag)
