"""Whose address counts, behind proxies and against whoever only says so."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from sotong.access import proxies
from sotong.access.proxies import address_behind, forwarded_address, networks_of

OURS = networks_of("10.0.0.0/8, fd00::1")


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("203.0.113.50", "198.51.100.1", "203.0.113.50"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "unknown", "10.0.0.2"),
        ("10.0.0.2", "203.0.113.9, <script>", "10.0.0.2"),
        ("10.0.0.2", "10.0.0.3, 10.0.0.4", "10.0.0.3"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_counts(remote: str, forwarded: str, address: str) -> None:
    assert address_behind(remote, forwarded, OURS) == address


@pytest.mark.parametrize(("trusted", "address"), [("", "10.0.0.2"), ("10.0.0.0/8", "203.0.113.9")])
def test_nobody_is_believed_who_is_not_named(trusted: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "options", lambda: type("Options", (), {"trusted_proxies": trusted}))
    seen = {}

    def page(request):
        seen.update(request.META)
        return HttpResponse()

    forwarded_address(page)(RequestFactory().get("/", REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR="203.0.113.9"))
    assert seen["REMOTE_ADDR"] == address
    assert "HTTP_X_FORWARDED_FOR" not in seen
