"""Whether an address that a person gives can be a post of one of our accounts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sotong.networks.contract import Manifest

POST = "{post}"
NAME = "([A-Za-z0-9_~-][A-Za-z0-9._~-]{0,199})"


def page_of_post(manifest: Manifest, typed: str, *, account: Mapping[str, str]) -> str:
    """The web page of the post that ``typed`` names, by one of the manifest's forms; "" when it is none of ours.

    ``account``: what stands for {remote_id}, {handle} and {server}; a form with an unknown part fits nothing.
    """
    address = typed.strip().partition("#")[0].partition("?")[0].rstrip("/")
    for form in manifest.post_addresses:
        shape = re.escape(_filled(form, account)).replace(re.escape(POST), NAME)
        if shape and (found := re.fullmatch(shape, address, re.IGNORECASE)):
            is_page = address.lower().startswith(("https://", "http://"))
            return address if is_page else _filled(manifest.post_addresses[0], account).replace(POST, found.group(1))
    return ""


def example_of_post(manifest: Manifest, *, account: Mapping[str, str]) -> str:
    """What such an address looks like, with the handle where it can be; "" where the network names none."""
    forms = sorted(manifest.post_addresses, key=lambda form: "{handle}" not in form)
    return next((filled.replace(POST, "…") for form in forms if (filled := _filled(form, account))), "")


def _filled(form: str, account: Mapping[str, str]) -> str:
    for name, value in account.items():
        if f"{{{name}}}" in form and not value:
            return ""
        form = form.replace(f"{{{name}}}", value)
    return form
