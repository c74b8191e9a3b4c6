"""Forms that a page sent: read within limits, and believed only when they are the page's own."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from sotong_practice.exchange import Request
from sotong_practice.pages.visitor import Visitor
from sotong_practice.refusals import Refusal

FIELDS_MAX = 60
DISPOSITION = re.compile(rb'(?i)content-disposition:\s*form-data;[^\r\n]*?\bname="([^"\r\n]*)"([^\r\n]*)')


@dataclass(frozen=True)
class Form:
    """``files``: name → bytes of each file that is not empty."""

    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)


def read_form(request: Request, visitor: Visitor) -> Form:
    """The form. Raises ``Refusal`` for one from another site, or from a page of another browser session."""
    _check_origin(request)
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        form = _multipart(request.body, kind)
    elif kind.startswith("application/x-www-form-urlencoded"):
        form = _urlencoded(request.body)
    else:
        raise Refusal(415, "form_stale")
    if visitor.is_new or not hmac.compare_digest(form.get("form_token").encode(), visitor.form_token.encode()):
        raise Refusal(403, "form_stale")
    return form


def _check_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{request.host}":
        raise Refusal(403, "origin_refused")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refusal(403, "origin_refused")


def _urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError as error:
        raise Refusal(400, "text_bad") from error
    return Form(dict(pairs))


def _multipart(body: bytes, kind: str) -> Form:
    found = re.search(r'boundary="?([^";,\s]{1,70})"?', kind)
    if found is None:
        raise Refusal(400, "request_bad")
    form = Form()
    parts = body.split(b"--" + found.group(1).encode("latin-1"))[1:-1]
    if len(parts) > FIELDS_MAX:
        raise Refusal(413, "body_too_large")
    for part in parts:
        head, separator, content = part.partition(b"\r\n\r\n")
        named = DISPOSITION.search(head)
        if not separator or named is None:
            raise Refusal(400, "request_bad")
        name = named.group(1).decode("utf-8", "replace")
        content = content.removesuffix(b"\r\n")
        if b"filename=" in named.group(2):
            if content:
                form.files[name] = content
            continue
        try:
            form.values[name] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal(400, "text_bad") from error
    return form
