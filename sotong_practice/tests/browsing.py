"""A browser without scripts: keeps cookies, reads pages, fills in and sends forms."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from sotong_practice.tests.running import Answered, Practice

VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "use", "path", "circle", "rect"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class FoundForm:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class PageReader(HTMLParser):
    """All elements of a page with the text inside them, and its forms with their hidden and filled fields."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.forms: list[FoundForm] = []
        self._open: list[Element] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag == "form" and element.attributes.get("method") == "post":
            self.forms.append(FoundForm(element.attributes["action"]))
        name = element.attributes.get("name", "")
        kind = element.attributes.get("type", "")
        if tag == "input" and name and self.forms and kind not in {"file", "checkbox"}:
            self.forms[-1].fields[name] = element.attributes.get("value", "")
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                closed = self._open[place]
                if tag == "textarea" and "name" in closed.attributes and self.forms:
                    self.forms[-1].fields[closed.attributes["name"]] = closed.text.removeprefix("\n")
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def form(self, action: str) -> FoundForm:
        return next(form for form in self.forms if form.action == action)

    def by_class(self, name: str) -> list[Element]:
        return [one for one in self.elements if name in one.attributes.get("class", "").split()]


@dataclass
class Browser:
    practice: Practice
    cookies: dict[str, str] = field(default_factory=dict)

    def _send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answered:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        answer = self.practice.request(method, path, body, sent)
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str, **headers: str) -> Answered:
        return self._send("GET", path.partition("#")[0], None, **headers)

    def page(self, path: str) -> PageReader:
        answer = self.get(path)
        return self.follow(answer) if answer.status == 303 else PageReader(answer.text)

    def send(self, action: str, fields: dict[str, str], **headers: str) -> Answered:
        """Sends a form as it is given."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", action, urlencode(fields).encode(), **{**kind, **headers})

    def send_files(self, action: str, fields: dict[str, str], files: dict[str, bytes]) -> Answered:
        boundary = uuid.uuid4().hex
        parts = []
        for name, value in fields.items():
            parts.append(
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value.encode()
            )
        for name, content in files.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="사진.png"\r\n'
            parts.append(head.encode() + b"Content-Type: image/png\r\n\r\n" + content)
        body = b"\r\n".join(parts) + f"\r\n--{boundary}--\r\n".encode()
        return self._send("POST", action, body, **{"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def fill(self, path: str, action: str, **values: str) -> Answered:
        """Opens a page, fills in the form with that action and sends it."""
        return self.send(action, {**self.page(path).form(action).fields, **values})

    def follow(self, answer: Answered) -> PageReader:
        assert answer.status == 303, answer.text
        return self.page(answer.headers["Location"])

    def join(self, handle: str, name: str = "") -> Browser:
        answer = self.fill("/join", "/join", handle=handle, display_name=name or handle)
        assert answer.status == 303, answer.text
        return self
