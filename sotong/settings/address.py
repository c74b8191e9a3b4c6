"""Reading ``DATABASE_URL``."""

from __future__ import annotations

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from sotong.settings.options import OptionError

FORM = "postgresql://user:password@host:port/name"


def parts_of(url: str) -> dict[str, str]:
    """The parts of the address as libpq names them. Raises ``OptionError``, which never quotes it (passwords), where it
    is none or names no database.
    """
    try:
        if not url.startswith(("postgresql://", "postgres://")):
            raise ProgrammingError
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        if not parts.get("dbname") and not parts.get("service"):
            raise ProgrammingError
        return parts
    except ProgrammingError:
        raise OptionError(
            f"DATABASE_URL is not an address of PostgreSQL; it must look like {FORM}.",
            korean=f"DATABASE_URL이 PostgreSQL의 주소가 아니에요. {FORM}처럼 적어 주세요.",
        ) from None
