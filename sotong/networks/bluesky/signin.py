"""Signing in and staying signed in: an app password, an access token of two hours, a refresh token that rotates.

Several processes may hold connectors of one account and share its ``Session``. Whoever renews writes the new pair
before using it; whoever is refused looks first whether another has renewed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sotong.egress.errors import Blocked
from sotong.egress.rules import parse_url
from sotong.networks import errors
from sotong.networks.bluesky.client import Client
from sotong.networks.bluesky.faults import TokenDead
from sotong.networks.contract import Session

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    did: str
    handle: str
    pds: str
    owner: str
    """Which credentials these tokens were got with; tokens of other credentials are never used."""


class SignIn:
    """``call`` runs an endpoint with a living token."""

    def __init__(self, client: Client, *, handle: str, app_password: str, session: Session) -> None:
        self._client = client
        self._handle = handle.strip().removeprefix("@")
        self._app_password = app_password.strip()
        self._session = session
        self._owner = hashlib.sha256(f"{client.server}\n{self._handle.lower()}".encode()).hexdigest()[:16]

    def call(self, endpoint: Callable[[Client, Tokens], T]) -> T:
        """Run it; when the token is refused (so surely nothing was done), renew and run it once more."""
        tokens = self.tokens()
        try:
            return endpoint(self._at(tokens), tokens)
        except TokenDead:
            renewed = self.renew(tokens)
        try:
            return endpoint(self._at(renewed), renewed)
        except TokenDead as error:
            raise errors.Unauthorized("a fresh token is refused") from error

    def tokens(self) -> Tokens:
        """The stored tokens, or those of a new sign-in."""
        return self._stored() or self._sign_in()

    def renew(self, refused: Tokens) -> Tokens:
        """Living tokens after ``refused`` was turned away."""
        stored = self._stored()
        if stored is None:
            return self._sign_in()
        if stored.access != refused.access:
            return stored  # another process has renewed them
        try:
            answer = self._at(stored).refresh_session(stored.refresh)
        except errors.Unauthorized:
            newer = self._stored()
            if newer is not None and newer.refresh != stored.refresh:
                return newer  # we lost a race: the winner's tokens are there by now
            return self._sign_in()
        return self._keep(answer)

    def _at(self, tokens: Tokens) -> Client:
        return replace(self._client, server=tokens.pds)

    def _sign_in(self) -> Tokens:
        try:
            return self._keep(self._client.create_session(self._handle, self._app_password))
        except TokenDead as error:
            raise errors.Unauthorized("the server refuses the sign-in") from error

    def _keep(self, answer: Mapping[str, Any]) -> Tokens:
        access, refresh, did = (answer.get(name) for name in ("accessJwt", "refreshJwt", "did"))
        if not (isinstance(access, str) and isinstance(refresh, str) and isinstance(did, str) and access and refresh):
            raise errors.Temporary("the server answered the sign-in without tokens")
        if answer.get("active") is False:
            raise errors.Unauthorized("the account is not active")
        handle = answer.get("handle")
        tokens = Tokens(
            access=access,
            refresh=refresh,
            did=did,
            handle=handle if isinstance(handle, str) else self._handle,
            pds=own_server(answer.get("didDoc")) or self._client.server,
            owner=self._owner,
        )
        self._session.write(vars(tokens))
        return tokens

    def _stored(self) -> Tokens | None:
        values = self._session.read()
        names = tuple(Tokens.__dataclass_fields__)
        if not all(isinstance(values.get(name), str) and values[name] for name in names):
            return None
        tokens = Tokens(**{name: values[name] for name in names})
        return tokens if tokens.owner == self._owner else None


def own_server(did_document: Any) -> str:
    """The account's own PDS as its DID document names it, or "". Only https: what an administrator did not enter
    gets no exemption from the egress rules, and no token in clear text.
    """
    services = did_document.get("service") if isinstance(did_document, dict) else None
    for service in services if isinstance(services, list) else ():
        if not isinstance(service, dict) or not str(service.get("id", "")).endswith("#atproto_pds"):
            continue
        try:
            origin = parse_url(str(service.get("serviceEndpoint", "")))[1]
        except Blocked:
            return ""
        return str(origin) if origin.scheme == "https" else ""
    return ""
