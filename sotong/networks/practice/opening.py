"""Opening the practice network for the company: wait until it answers, and make the company's account there.

The practice network runs on this machine, and its administrator's secret lies in its data folder.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sotong.egress.door import Egress, Response
from sotong.networks import errors
from sotong.networks.calling import ask, decoded

SECRET_FILE = "admin-secret"  # noqa: S105  (a file's name)
TIMEOUT = 10.0
FOREIGN_ANSWERS = 5
"""So many answers in a row that are not the practice network's: it will not come."""


class AnotherProgram(errors.Temporary):
    """What answers at the practice network's address is not this installation's practice network."""


def wait_until_open(
    base_url: str, data_folder: Path, *, seconds: float = 40.0, pause: Callable[[float], None] = time.sleep
) -> None:
    """Return as soon as it answers. Raises ``Temporary`` when it does not within ``seconds``, ``AnotherProgram`` when
    something else answered there all the time.
    """
    egress = Egress(allowed_origins=[base_url])
    end = time.monotonic() + seconds
    foreign = 0
    while True:
        try:
            answer = ask(egress, "GET", f"{base_url}/api/health", call="GET /api/health", is_write=False, timeout=2.0)
        except errors.Temporary:
            answer, foreign = None, 0
        if answer is not None and answer.status == 200 and (data_folder / SECRET_FILE).exists():
            return
        foreign += answer is not None and answer.status != 200
        if foreign >= FOREIGN_ANSWERS:
            raise AnotherProgram(f"status {answer.status if answer else ''} from {base_url}")
        if time.monotonic() > end:
            if answer is not None:
                raise AnotherProgram(f"no practice network at {base_url}")
            raise errors.Temporary("the practice network did not start")
        pause(0.2)


def make_company_account(base_url: str, data_folder: Path, handle: str, name: str) -> dict[str, str]:
    """The credentials of the company's account ``handle``, which is made when it is not there yet.

    Making a new token ends the ones before. Raises ``Rejected`` for a handle that the network does not take or that
    belongs to someone else there, ``Temporary`` when it cannot be reached, ``AnotherProgram`` when this installation's
    secret is not known there.
    """
    secret = (data_folder / SECRET_FILE).read_text(encoding="ascii").strip()
    body = {"handle": handle, "display_name": name, "kind": "company", "exist_ok": True}
    made = _post(base_url, "/api/accounts", secret, body)
    account = made.get("account")
    if not isinstance(account, dict) or account.get("kind") != "company":
        raise errors.Rejected("that handle belongs to a customer there")
    token = made.get("token") or _post(base_url, f"/api/accounts/{handle}/token", secret, {}).get("token")
    if not isinstance(token, str):
        raise errors.Temporary("the practice network gave no token")
    return {"base_url": base_url, "handle": handle, "token": token}


def _post(base_url: str, path: str, secret: str, body: dict[str, Any]) -> dict[str, Any]:
    response: Response = ask(
        Egress(allowed_origins=[base_url]),
        "POST",
        f"{base_url}{path}",
        call=f"POST {path}",
        # Doing either twice changes nothing that matters: the account is there once, and the last token counts.
        is_write=False,
        headers={"authorization": f"Bearer {secret}", "accept": "application/json"},
        json=body,
        timeout=TIMEOUT,
    )
    if response.status in {400, 409}:
        raise errors.Rejected(f"status {response.status}")
    if response.status in {401, 403, 404, 405, 501}:
        raise AnotherProgram(f"status {response.status} from {base_url}")
    if response.status >= 300:
        raise errors.Temporary(f"status {response.status}")
    return decoded(response, call=f"POST {path}", is_write=False)
