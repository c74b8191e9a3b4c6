"""``sotong rotate-keys``: a new key for the credentials of channels."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from sotong.cli.site import database, set_up
from sotong.cli.words import Refusal, say


def run(arguments: argparse.Namespace) -> int:
    """Encrypt every credential with a new key. Raises ``Refusal`` where one cannot be read: nothing is lost then."""
    with database():
        set_up()
        from sotong.channels.actions.credentials import rotate_keys
        from sotong.channels.keys import KeyMissing, key_file

        try:
            count = rotate_keys(by=None, at=datetime.now(UTC))
        except KeyMissing as problem:
            raise Refusal(
                f"열 수 없는 로그인이 있어요: {problem}. keys 폴더의 사본을 되돌린 다음 다시 해 주세요.",
                f"A credential cannot be read: {problem}. Bring back the copy of the keys folder and run this again.",
            ) from problem
        file = key_file()
    say(
        f"로그인 {count}개를 새 열쇠로 잠갔어요. {file}의 사본을 새로 떠 두세요.",
        f"Encrypted {count} {'credential' if count == 1 else 'credentials'} with a new key. Make a new copy of {file}.",
    )
    return 0
