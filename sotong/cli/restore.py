"""``sotong restore``: a backup into a data folder (or a database) that has nothing yet.

Cut short, it goes on when repeated; until then nothing starts. What was to be sent when the backup was made may have
been sent since. So the brake is on afterwards: nothing leaves until a person has looked. And what was ended or used
since would be open again. So nobody is signed in afterwards, and no link that was handed out works.
"""

from __future__ import annotations

import argparse
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sotong.cli import archive
from sotong.cli.lock import Lock
from sotong.cli.migrate import migrate
from sotong.cli.places import clear_places, make_places
from sotong.cli.site import database, set_up
from sotong.cli.words import Refusal, say
from sotong.postgres.dump import is_empty, restore
from sotong.postgres.errors import from_os
from sotong.postgres.folders import make_data_folder
from sotong.postgres.given import place_of
from sotong.settings.options import Options, options

ASIDE = f"{archive.SETTINGS}.from-backup"
"""The backup's settings: those of another house, perhaps on another machine; they count when a person has looked."""
AGAIN = (
    "중간에 멈췄다면 sotong restore를 같은 백업으로 다시 실행해 주세요. 복원이 실패했다면 그 무렵의 다른 백업을 빈 폴더"
    "(SOTONG_DATA)에 복원해 주세요.",
    "If it was interrupted, run sotong restore with the same backup again; if it failed, restore another backup of "
    "that time into an empty folder (SOTONG_DATA).",
)
"""What to do about a restore that has not ended."""
OWN = frozenset({archive.SETTINGS, *archive.WISHES})
"""What the target may have already; its own is then kept."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a backup: the folder that holds backup.json")


def run(arguments: argparse.Namespace) -> int:
    """Restore, and leave a house that can be started. Raises ``Refusal`` or ``PostgresError``."""
    folder: Path = arguments.folder.expanduser().resolve()
    kept = archive.read(folder)
    made = datetime.fromisoformat(kept.made).astimezone()  # the terminal's zone: Django sets another
    told = f"{made:%Y-%m-%d %H:%M} ({made:%Z})"
    chosen = options()
    make_data_folder(chosen.data)
    places = make_places(chosen)
    lock = Lock(places.lock, "sotong restore")
    try:
        invited = _restore(chosen, folder, kept)
    finally:
        clear_places(places)
        lock.release()
    say(
        f"{told}의 백업을 {chosen.data}에 복원했어요. 모든 발송은 멈춰 있어요. 그 뒤에 나간 글이 있는지 확인한 "
        "다음 화면에서 발송을 다시 열어 주세요.",
        f"Restored the backup of {told} into {chosen.data}. All sending is stopped: see what was sent since, "
        "then resume sending on its page.",
    )
    say(
        "모두 다시 들어와야 해요. 새 비밀번호 링크는 다시 만들어 주세요.",
        "Everybody has to sign in again; make new the links to a new password that you need.",
    )
    if invited:
        say(
            f"아직 받지 않은 초대 {invited}개가 닫혔어요. 사람들 화면에서 다시 초대해 주세요.",
            f"Invitations that were open and are closed now: {invited}. Invite those people again, on the page People.",
        )
    if archive.SETTINGS in kept.files:
        say(
            f"백업의 설정은 {ASIDE}에 있고 아직 쓰이지 않아요. 보고 필요한 줄을 {archive.SETTINGS}에 옮겨 주세요.",
            f"The backup's settings are in {ASIDE} and not in force: look at them, then copy what you need into "
            f"{archive.SETTINGS}.",
        )
    if left := sorted(name for name in kept.files if name != archive.DATABASE and not archive.is_kept(name)):
        say(
            f"소통의 것이 아니라서 복원하지 않았어요: {', '.join(map(repr, left))}",
            f"Not restored, for Sotong does not know them: {', '.join(map(repr, left))}",
        )
    if "DATABASE_URL" in os.environ:
        say("시작할 때도 같은 DATABASE_URL을 써 주세요.", "Start it with the same DATABASE_URL.")
    return 0


def check_restored(data: Path) -> None:
    """Raises ``Refusal`` where a restore into ``data`` was cut short: half of a house is not to be started."""
    if (data / "restoring").exists():
        raise Refusal(
            f"{data}의 복원이 끝나지 않았어요. {AGAIN[0]}",
            f"A restore into {data} did not end. {AGAIN[1]}",
        )


def _restore(chosen: Options, folder: Path, kept: archive.Archive) -> int:
    """Returns how many invitations are to be made anew."""
    mark = chosen.data / "restoring"
    # Which backup, and into which database (empty: the embedded one): what is in any other was never ours.
    named = f"{kept.made}\n{place_of(chosen.database_url) if chosen.database_url else ''}"
    begun = mark.read_text(encoding="utf-8") if mark.exists() else ""
    is_repeated = begun.partition("\n")[0] == kept.made
    there = {name for name in OWN if (chosen.data / name).exists()}
    files = [Path(name) for name in kept.files if archive.is_kept(name) and name not in {archive.SETTINGS, *there}]
    if not is_repeated:
        _check_vacant(chosen.data)
    with database():
        url = options().database_url
        is_vacant = is_empty(url)
        if not is_vacant and begun != named:
            raise _occupied(chosen.data)
        mark.write_text(named, encoding="utf-8")
        try:
            archive.copy(files, folder, chosen.data)
            if archive.SETTINGS in kept.files:
                aside = chosen.data / ASIDE
                aside.touch(mode=0o600)
                shutil.copyfile(folder / archive.SETTINGS, aside)
        except OSError as problem:
            raise from_os(problem, chosen.data) from problem
        set_up()
        _check_known(kept)
        if is_vacant:
            restore(url, folder / archive.DATABASE)
        invited = _settle(kept)
    mark.unlink()
    return invited


def _check_vacant(data: Path) -> None:
    if any(str(file) not in OWN for file in archive.found_files(data)):
        raise _occupied(data)


def _occupied(data: Path) -> Refusal:
    return Refusal(
        f"{data}에는 이미 데이터가 있어요. SOTONG_DATA로 빈 폴더를(DATABASE_URL을 쓴다면 빈 데이터베이스도) "
        "정해 주세요.",
        f"{data} already holds data. Set SOTONG_DATA to an empty folder (and DATABASE_URL, if you use it, to an empty "
        "database).",
    )


def _check_known(kept: archive.Archive) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{area}.{name}" for area, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(kept.migrations) - known)
    if unknown:
        raise Refusal(
            f"이 백업은 더 새로운 소통({kept.version})이 만들었어요: {unknown[0]}. 그 버전으로 복원해 주세요.",
            f"This backup was made by a newer Sotong ({kept.version}): {unknown[0]}. Restore it with that version.",
        )


def _settle(kept: archive.Archive) -> int:
    from sotong.channels.actions.holds import put_hold
    from sotong.channels.rules.permits import restored
    from sotong.people.actions.signing_out import close_ways_in

    migrate(verbosity=0)
    now, made = datetime.now(UTC), datetime.fromisoformat(kept.made).astimezone(UTC)
    put_hold(by=None, reason=restored(made), at=now)
    return close_ways_in(at=now, open_at=made)
