"""Every setting of an installation, in one place.

A setting is read from the environment first, then from ``sotong.toml`` in the data folder, then its default.
``docs/operating.md`` shows this table; a test keeps the two equal.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from ipaddress import ip_network
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class OptionError(ValueError):
    """A setting that cannot be used. ``english`` and ``korean`` name it, where it came from and what is allowed."""

    def __init__(self, english: str, *, korean: str) -> None:
        super().__init__(english)
        self.english = english
        self.korean = korean


@dataclass(frozen=True, kw_only=True)
class Option:
    """One setting: ``name`` in sotong.toml, ``env`` in the environment."""

    name: str
    env: str
    default: str
    meaning: str
    is_secret: bool = False
    """It is, or holds, what nobody else may know."""


OPTIONS: tuple[Option, ...] = (
    Option(
        name="data",
        env="SOTONG_DATA",
        default="",
        meaning="Data folder (environment only). Default: data/ of a checkout, else ~/.local/share/sotong; "
        "for root /var/lib/sotong where others cannot enter that.",
    ),
    Option(name="host", env="SOTONG_HOST", default="127.0.0.1", meaning="Address that the web port listens on."),
    Option(name="port", env="SOTONG_PORT", default="8470", meaning="Web port."),
    Option(name="practice_port", env="SOTONG_PRACTICE_PORT", default="8471", meaning="Practice network's port."),
    Option(
        name="allowed_hosts",
        env="SOTONG_ALLOWED_HOSTS",
        default="",
        meaning="Further host names that the site answers to, separated by commas. Loopback names are always allowed.",
    ),
    Option(
        name="public_url",
        env="SOTONG_PUBLIC_URL",
        default="",
        meaning="Address under which people reach the "
        "site, such as https://talk.example. Switches secure cookies on when it is https.",
    ),
    Option(
        name="trusted_proxies",
        env="SOTONG_TRUSTED_PROXIES",
        default="",
        meaning="Proxies in front of the site: addresses or networks, separated by commas. What they say in "
        "X-Forwarded-For is believed; without this everybody behind one counts as one address.",
    ),
    Option(
        name="database_url",
        env="DATABASE_URL",
        default="",
        meaning="PostgreSQL to use instead of the embedded server: postgresql://user:password@host:port/name.",
        is_secret=True,
    ),
    Option(
        name="secret_key",
        env="SOTONG_SECRET_KEY",
        default="",
        meaning="Key that signs sessions. Made and kept in the data folder when empty.",
        is_secret=True,
    ),
    Option(name="web_threads", env="SOTONG_WEB_THREADS", default="8", meaning="Requests served at the same time."),
    Option(
        name="undo_seconds",
        env="SOTONG_UNDO_SECONDS",
        default="5",
        meaning="Seconds before a reply leaves, in which it can be taken back (0 to 30).",
    ),
    Option(
        name="claim_minutes",
        env="SOTONG_CLAIM_MINUTES",
        default="15",
        meaning="Minutes until an idle claim returns a conversation to the queue.",
    ),
    Option(
        name="oidc_name",
        env="SOTONG_OIDC_NAME",
        default="",
        meaning="Name shown on the sign-in button of your identity provider. Empty: no OIDC.",
    ),
    Option(name="oidc_server", env="SOTONG_OIDC_SERVER", default="", meaning="Address of its discovery document."),
    Option(name="oidc_client_id", env="SOTONG_OIDC_CLIENT_ID", default="", meaning="Client id given by the provider."),
    Option(
        name="oidc_client_secret",
        env="SOTONG_OIDC_CLIENT_SECRET",
        default="",
        meaning="Client secret.",
        is_secret=True,
    ),
    Option(
        name="failpoints",
        env="SOTONG_FAILPOINTS",
        default="",
        meaning="Names of failpoints that are switched on, for fault runs only.",
    ),
    Option(name="debug", env="SOTONG_DEBUG", default="", meaning="1 shows tracebacks in the browser. Never in use."),
)


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds everything this installation keeps."""
    if named := environ.get("SOTONG_DATA", ""):
        return Path(named).expanduser().resolve()
    is_checkout = (CHECKOUT / "script" / "run").exists()
    return unnamed_folder(CHECKOUT / "data" if is_checkout else Path("~/.local/share/sotong").expanduser())


def unnamed_folder(usual: Path) -> Path:
    """Where the data go when nobody says: ``usual``, or for root ``/var/lib/sotong`` where that is in a private folder.

    The database does not run as root, and its user could not pass through root's home.
    """
    if os.geteuid() != 0:
        return usual
    above = [folder for folder in usual.parents if folder.exists()]
    return usual if all(folder.stat().st_mode & 0o001 for folder in above) else Path("/var/lib/sotong")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The settings in force. Times in seconds or minutes as their names say."""

    data: Path
    host: str
    port: int
    practice_port: int
    allowed_hosts: str
    public_url: str
    trusted_proxies: str
    database_url: str
    secret_key: str
    web_threads: int
    undo_seconds: int
    claim_minutes: int
    oidc_name: str
    oidc_server: str
    oidc_client_id: str
    oidc_client_secret: str
    failpoints: str
    debug: bool

    @property
    def run(self) -> Path:
        """Sockets, pid files and wishes of the running installation."""
        return self.data / "run"


BOUNDS = {
    "port": (1, 65535),
    "practice_port": (1, 65535),
    "web_threads": (1, 256),
    "undo_seconds": (0, 30),
    "claim_minutes": (1, 24 * 60),
}


def _number(option: Option, text: str, source: str) -> int:
    low, high = BOUNDS[option.name]
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise OptionError(
            f"{option.env} ({option.name} in sotong.toml) must be a whole number from {low} to {high}; "
            f"{source} says {text!r}.",
            korean=f"{option.env}(sotong.toml에서는 {option.name})은(는) {low}부터 {high}까지의 정수여야 해요. "
            f"지금 값: {text!r} ({source}).",
        )
    return number


def _check_proxies(text: str) -> None:
    for part in (part.strip() for part in text.split(",") if part.strip()):
        try:
            ip_network(part)
        except ValueError as problem:
            raise OptionError(
                f"SOTONG_TRUSTED_PROXIES (trusted_proxies in sotong.toml): {part!r} is no address or network.",
                korean=f"SOTONG_TRUSTED_PROXIES(sotong.toml에서는 trusted_proxies)의 {part!r}은(는) 주소나 "
                "네트워크가 아니에요.",
            ) from problem


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise OptionError(
            f"The data folder {file.parent} cannot be opened: {why}. Choose one of your own with SOTONG_DATA.",
            korean=f"데이터 폴더 {file.parent}을(를) 열 수 없어요: {why}. SOTONG_DATA로 쓸 수 있는 폴더를 정해 주세요.",
        ) from problem


def load(environ: Mapping[str, str] = os.environ) -> Options:
    """Read the settings. Raises ``OptionError`` with one clear sentence."""
    data = data_folder(environ)
    written: dict[str, object] = {}
    file = data / "sotong.toml"
    if _is_there(file):
        try:
            written = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as problem:
            raise OptionError(
                f"The settings file {file} cannot be read: {problem}.",
                korean=f"설정 파일 {file}을(를) 읽을 수 없어요: {problem}.",
            ) from problem
        unknown = sorted(set(written) - {option.name for option in OPTIONS if option.name != "data"})
        if unknown:
            names = ", ".join(unknown)
            raise OptionError(
                f"The settings file {file} names unknown settings: {names}; docs/operating.md lists them all.",
                korean=f"설정 파일 {file}에 없는 설정이 있어요: {names}. 모든 설정은 docs/operating.md에 있어요.",
            )
    values: dict[str, object] = {"data": data}
    kinds = {item.name: item.type for item in fields(Options)}
    for option in OPTIONS[1:]:
        source = "environment" if option.env in environ else "sotong.toml" if option.name in written else "default"
        text = str(environ.get(option.env, written.get(option.name, option.default))).strip()
        if kinds[option.name] == "int":
            values[option.name] = _number(option, text, source)
        elif kinds[option.name] == "bool":
            values[option.name] = text.lower() in {"1", "true", "yes", "on"}
        else:
            values[option.name] = text
    _check_proxies(str(values["trusted_proxies"]))
    return Options(**values)  # type: ignore[arg-type]


@cache
def options() -> Options:
    """The settings of this process, read once."""
    return load()
