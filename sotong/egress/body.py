"""Reading an answer within its bounds: plain or gzip, never more than was asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from sotong.egress.errors import MaybeSent

PIECE = 64 * 1024


def read_body(chunks: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """The whole body, decompressed. Raises ``MaybeSent`` when it is too long, damaged or in an unasked encoding."""
    if encoding in ("", "identity"):
        pieces: Iterator[bytes] = iter(chunks)
    elif encoding in ("gzip", "x-gzip"):
        pieces = _gunzip(chunks)
    else:
        raise MaybeSent("the answer came in an encoding that was not asked for")
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > max_bytes:
            raise MaybeSent(f"the answer is longer than {max_bytes} bytes")
    return bytes(body)


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress in small pieces, so that a bomb is noticed before it is unpacked."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    has_begun = False
    for chunk in chunks:
        has_begun = has_begun or bool(chunk)
        waiting = chunk
        while waiting and not unpacker.eof:
            try:
                piece = unpacker.decompress(waiting, PIECE)
            except zlib.error as error:
                raise MaybeSent("the answer is damaged gzip") from error
            waiting = unpacker.unconsumed_tail
            if piece:
                yield piece
    if has_begun and not unpacker.eof:
        raise MaybeSent("the answer ended in the middle of its gzip")
