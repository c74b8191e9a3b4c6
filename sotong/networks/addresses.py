"""Whether an address that a person gives can be a post of one of our accounts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sotong.networks.contract import Manifest

POST = "{post}"
NAME = "([A-Za-z0-9_~-][A-Za-z0-9._~-]{0,199})"


@dataclass(frozen=True, kw_only=True)
class OwnPost:
    """``page``: its web page. ``names``: what the network and we may call it, its id among them."""

    page: str
    names: frozenset[str]


def own_post(manifest: Manifest, typed: str, *, account: Mapping[str, str], is_direct: bool = False) -> OwnPost | None:
    """The post that ``typed`` names, by one of the manifest's forms; None when it is none of ours.

    ``account``: what stands for {remote_id}, {handle} and {server}; a form with an unknown part fits nothing. However
    it was typed, the same post has the same page and names.
    """
    address = typed.strip().partition("#")[0].partition("?")[0].rstrip("/")
    forms = [filled for form in _forms(manifest, is_direct=is_direct) if (filled := _filled(form, account))]
    for form in forms:
        # Names of accounts and servers are the same in capitals; ids of posts are not.
        around = (f"(?i:{re.escape(part)})" for part in form.split(POST))
        if found := re.fullmatch(NAME.join(around), address, re.ASCII):
            names = [one.replace(POST, found.group(1)) for one in forms]
            return OwnPost(page=names[0], names=frozenset([*names, found.group(1)]))
    return None


def example_of_post(manifest: Manifest, *, account: Mapping[str, str], is_direct: bool = False) -> str:
    """What such an address looks like, with the handle where it can be; "" where the network names none."""
    forms = sorted(_forms(manifest, is_direct=is_direct), key=lambda form: "{handle}" not in form)
    return next((filled.replace(POST, "…") for form in forms if (filled := _filled(form, account))), "")


def _forms(manifest: Manifest, *, is_direct: bool) -> tuple[str, ...]:
    return manifest.direct_addresses if is_direct else manifest.post_addresses


def _filled(form: str, account: Mapping[str, str]) -> str:
    for name, value in account.items():
        if f"{{{name}}}" in form and not value:
            return ""
        form = form.replace(f"{{{name}}}", value)
    return form
