"""Accounts, their tokens and the browsers that hold them."""

from __future__ import annotations

import secrets
from datetime import datetime

from sotong_practice.network import Network, hash_of
from sotong_practice.refusals import Refusal
from sotong_practice.rules import BIO_MAX, clean_handle, clean_name, clean_text, likeness
from sotong_practice.state.reading import account_by_handle, account_by_id, company_names
from sotong_practice.state.reading_private import owns_media
from sotong_practice.state.things import Account

KINDS = ("company", "customer")


def create_account(
    network: Network,
    *,
    handle: str,
    display_name: str,
    kind: str,
    bio: str = "",
    with_token: bool = True,
    at: datetime | None = None,
) -> tuple[Account, str]:
    """The new account and its token, which is kept nowhere (empty without ``with_token``)."""
    handle = clean_handle(handle)
    display_name = clean_name(display_name)
    bio = clean_text(bio, limit=BIO_MAX)
    if kind not in KINDS:
        raise Refusal(400, "field_bad", field="kind")
    if account_by_handle(network.tables, handle) is not None:
        raise Refusal(409, "handle_taken")
    if kind == "customer":
        _check_is_no_company(network, display_name)
    token = _new_token() if with_token else ""
    record = network.record(
        "account",
        named=True,
        at=at,
        handle=handle,
        display_name=display_name,
        account_kind=kind,
        bio=bio,
        token=hash_of(token) if token else None,
    )
    return known(network, record["id"]), token


def issue_token(network: Network, *, account: Account) -> str:
    """A new token; all earlier ones of the account end."""
    token = _new_token()
    network.record("token", account=account.id, token=hash_of(token))
    return token


def revoke_tokens(network: Network, *, account: Account) -> None:
    network.record("revoke", account=account.id)


def change_profile(
    network: Network,
    *,
    by: Account,
    display_name: str | None = None,
    bio: str | None = None,
    avatar: str | None = None,
) -> Account:
    """Changes what is given. ``avatar``: the id of an own image; empty takes the picture away."""
    if display_name is not None:
        display_name = clean_name(display_name)
        if by.kind == "customer":
            _check_is_no_company(network, display_name)
    if bio is not None:
        bio = clean_text(bio, limit=BIO_MAX)
    if avatar and not owns_media(network.tables, by.id, avatar):
        raise Refusal(400, "media_unknown")
    if (display_name, bio, avatar) != (None, None, None):
        network.record("profile", account=by.id, display_name=display_name, bio=bio, avatar=avatar)
    return known(network, by.id)


def remember_in_browser(network: Network, *, account: Account, session: str) -> None:
    network.record("session", account=account.id, session=hash_of(session))


def forget_browser(network: Network, *, session: str) -> None:
    network.record("session", session=hash_of(session), ends=True)


def known(network: Network, account_id: str) -> Account:
    """An account that is surely there."""
    account = account_by_id(network.tables, account_id)
    if account is None:
        raise LookupError(account_id)
    return account


def _check_is_no_company(network: Network, display_name: str) -> None:
    """A customer called like a company would be taken for it. Raises ``Refusal`` (``name_company``)."""
    wanted = likeness(display_name)
    if wanted and wanted in map(likeness, company_names(network.tables)):
        raise Refusal(409, "name_company")


def _new_token() -> str:
    return "pt_" + secrets.token_urlsafe(32)
