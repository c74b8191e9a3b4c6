"""``python -m sotong_practice --port 8471 --host 127.0.0.1 --data DIR``."""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sotong_practice.server import Options, serve
from sotong_practice.truth import Damaged, InUse


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sotong_practice", description="연습 네트워크: 밖으로 나가지 않는 작은 소셜 네트워크."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8471, help="port to listen on (default 8471, 0: any)")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data folder")
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a further name to answer to")
    parser.add_argument("--font", type=Path, help="a woff2 file of Pretendard for the pages")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(format="sotong_practice: %(message)s", level=logging.WARNING)
    options = Options(
        host=chosen.host,
        port=chosen.port,
        folder=chosen.data,
        allowed_hosts=tuple(chosen.allow_host),
        font=chosen.font,
    )
    try:
        asyncio.run(serve(options, announce=_announce))
    except InUse:
        return _fail(
            f"다른 연습 네트워크가 이 폴더를 쓰고 있어요: {options.folder}",
            f"Another practice network uses this folder: {options.folder}",
        )
    except Damaged as damaged:
        return _fail(f"기록 파일이 망가졌어요. {damaged}", f"The truth file is damaged. {damaged}")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _fail(
                f"포트 {options.port}을(를) 다른 프로그램이 쓰고 있어요. SOTONG_PRACTICE_PORT(혼자 돌 때는 --port)로 "
                "다른 번호를 골라 주세요.",
                f"Port {options.port} is taken by another program; choose another with SOTONG_PRACTICE_PORT "
                "(alone: --port).",
            )
        said = f"{error.strerror} ({error.filename or options.host})"
        return _fail(f"연습 네트워크를 열지 못했어요: {said}", f"The practice network could not be opened: {said}")
    return 0


def _announce(address: str) -> None:
    sys.stdout.write(f"연습 네트워크가 열렸어요: {address}\n")
    sys.stdout.flush()


def _fail(korean: str, english: str) -> int:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    sys.stderr.write((korean if spoken.lower().startswith("ko") else english) + "\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
