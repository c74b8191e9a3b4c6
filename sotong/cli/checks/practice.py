"""The practice network: whether our channels ask it, and whether what answers there is ours."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

from sotong.cli.checks.findings import Finding, fail, ok
from sotong.cli.ports import near
from sotong.settings.options import Options
from sotong_practice.truth import FILE_NAME, read_truth

WHAT = "practice network"
AGAIN = ("화면에서 '연습 네트워크 열기'를 다시 눌러 주세요.", "Press 'Open the practice network' on its page again.")


def look_at_channels() -> Iterator[Finding]:
    """Channels that were opened with our practice network ask ours. Needs Django."""
    from sotong.channels.actions.practice import astray

    for channel in astray():
        yield fail(
            f"channel {channel.name}",
            ("연습 네트워크의 예전 주소에 물어요. 다른 것이 대답할 수 있어요",
             "asks the practice network's former address, where another may answer"),
            ("소통을 다시 시작해 주세요. 시작할 때 새 주소로 이어요.",
             "Start Sotong again: each start connects it to the address of now."),
        )  # fmt: skip


def look_at_network(chosen: Options) -> Iterator[Finding]:
    """Whether what answers at our practice network's port keeps our truth file. Only where it ever ran."""
    ours = world_of(chosen.data / "practice" / FILE_NAME)
    if not ours:
        return
    found = _answering(chosen)
    if found == ours:
        yield ok(WHAT, f"{chosen.practice_port} 우리 것이 대답해요", f"{chosen.practice_port} answers, and is ours")
    elif found is None:
        yield fail(WHAT, (f"{chosen.practice_port} 대답하지 않아요", f"{chosen.practice_port} does not answer"), AGAIN)
    else:
        yield fail(
            WHAT,
            (f"{chosen.practice_port}에서 다른 것이 대답해요", f"another program answers at {chosen.practice_port}"),
            ("그것을 끝내거나 SOTONG_PRACTICE_PORT로 다른 포트를 정하고 다시 시작해 주세요.",
             "End that, or choose another port with SOTONG_PRACTICE_PORT and start Sotong again."),
        )  # fmt: skip


def world_of(truth: Path) -> str:
    """The world that a truth file tells of; empty where there is none."""
    if not truth.exists():
        return ""
    return next((str(record["world"]) for record in read_truth(truth) if record["kind"] == "start"), "")


def _answering(chosen: Options) -> str | None:
    """The world that answers at the port; empty where it is no practice network, None where nothing answers."""
    link = http.client.HTTPConnection(near(chosen.host), chosen.practice_port, timeout=5.0)
    try:
        link.request("GET", "/api/health")
        told = json.loads(link.getresponse().read(10_000))
        return str(told.get("world", "")) if isinstance(told, dict) else ""
    except OSError:
        return None
    except (http.client.HTTPException, ValueError):
        return ""
    finally:
        link.close()
