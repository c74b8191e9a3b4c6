"""A browser, and small pages that use the design system as the product does."""

from __future__ import annotations

import queue
import shutil
import time
from types import SimpleNamespace

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.template import RequestContext, Template
from django.urls import include, path

from sotong.access import public
from sotong.design import examples
from sotong.design.frame import Frame

ROWS = "".join(
    f'<a class="conv" href="#r{number}" id="r{number}" data-row>{{% avatar "person {number}" "" "B" %}}'
    '<span class="who"><span class="cut">person</span><time>03:27</time></span>'
    '<span class="txt">A question that is long enough to need more than a single line of this narrow list.</span>'
    '<span class="meta"><span class="tag">plan</span>{% lease "Narae" %}</span></a>'
    for number in range(30)
)
PAGE = (
    """{% extends "design/frame.html" %}{% load static design %}
{% block title %}T{% endblock %}{% block heading %}T{% endblock %}
{% block extra_styles %}<link rel="stylesheet" href="{% static 'design/desk.css' %}">{% endblock %}
{% block main_class %}{% endblock %}
{% block main %}<div class="desk"><section class="list" aria-label="list"><div class="list-h"><b>list</b></div>
<div class="scroll" data-rows data-rows-next="next" data-rows-previous="previous">"""
    + ROWS
    + """</div></section><section class="thread" aria-label="thread"><div class="scroll">
<button type="button" id="finish" {% key "KeyE" "finish" %} hx-get="/said?finish" hx-target="#out">finish</button>
<input id="find" aria-label="find" {% key "Slash" "find" %}>
<p id="out"></p>
<div hx-get="/piece" hx-trigger="sotong:piece from:body" hx-swap="innerMorph"><p id="piece">0</p>
<textarea id="kept" aria-label="kept"></textarea></div>
<div id="one" hx-get="/said?one" hx-trigger="sotong:conversation:12 from:body" hx-target="#out"></div>
<div id="any" hx-get="/said?of" hx-trigger="sotong:message:conversation:12 from:body" hx-target="#out"></div>
<button type="button" id="broken" hx-get="/said?status=500" hx-target="#out">broken</button>
<button type="button" id="page" hx-get="/said?status=403&amp;page" hx-target="#out">page</button>
<button type="button" id="out401" hx-get="/said?status=401" hx-target="#out">signed out</button>
<form id="refused" hx-post="/refused" hx-swap="outerHTML" hx-target="this"><button>refuse</button></form>
<form id="plain" method="post" action="/slow">{% csrf_token %}<button id="slow">slow</button></form>
<details class="menu"><summary id="menu" {% key "Alt+KeyC" "menu" %}>menu</summary><div class="menu-list">
<button type="button" id="m1">1</button><button type="button" id="m2">2</button></div></details>
<button type="button" id="danger" hx-get="/said?danger" hx-target="#out" hx-confirm="Really?"
 data-confirm-label="Tell 6">x</button>
</div><form class="composer" data-send hx-post="/said?sent" hx-target="#out"><textarea id="text" aria-label="text"
 data-autosize name="text"></textarea><button data-send-button>send</button></form></section></div>{% endblock %}"""
)
REFUSED = """{% load design %}<form id="refused"><div class="note" tabindex="-1" data-error-summary>fix</div></form>"""


class Site:
    """What the test pages say, and what reached them."""

    def __init__(self) -> None:
        self.events: queue.Queue[str | None] = queue.Queue()
        self.is_up = True
        self.refusal = 503
        self.asked: list[str] = []
        self.posts = 0
        self.pieces = 0
        self.frame = Frame(company="Hansori", me="Narae", events_url="/events", events_since="7", density="normal")

    def stream(self, last: str):
        """Server-sent events until the test puts None."""
        yield ": beat\n\n"
        yield f'id: 99\nretry: 1000\n\nid: 8\nevent: hello\ndata: {{"since": "{last}"}}\n\n'
        while self.is_up:
            try:
                item = self.events.get(timeout=0.2)
            except queue.Empty:
                continue
            if item is None:
                return
            yield item


@pytest.fixture
def site(settings):
    """The URLs of the test pages; a fresh site for each test."""
    made = Site()

    @public
    def page(request):
        context = RequestContext(request)
        context.push(frame=made.frame)
        return HttpResponse(Template(PAGE).render(context))

    @public
    def events(request):
        if not made.is_up:
            return HttpResponse(status=made.refusal)
        made.asked.append(request.headers.get("Last-Event-ID", ""))
        return StreamingHttpResponse(made.stream(made.asked[-1]), content_type="text/event-stream")

    @public
    def said(request):
        status = int(request.GET.get("status", 200))
        made.posts += request.method == "POST"
        body = f"said {request.META['QUERY_STRING']} {request.POST.get('text', '')}"
        return HttpResponse(f"<!doctype html><html>{body}</html>" if "page" in request.GET else body, status=status)

    @public
    def piece(request):
        made.pieces += 1
        return HttpResponse(f'<p id="piece">{made.pieces}</p><textarea id="kept" aria-label="kept"></textarea>')

    @public
    def refused(request):
        return HttpResponse(Template(REFUSED).render(RequestContext(request)), status=422)

    @public
    def slow(request):
        made.posts += 1
        return HttpResponse(status=204)

    settings.ROOT_URLCONF = SimpleNamespaceHashable(
        urlpatterns=[
            path("", page),
            path("events", events),
            path("said", said),
            path("piece", piece),
            path("refused", refused),
            path("slow", slow),
            path("design/", include("sotong.design.urls")),
        ]
    )
    yield made
    made.is_up = False
    time.sleep(0.5)  # the streams end before the database closes


class SimpleNamespaceHashable(SimpleNamespace):
    """A URL configuration that is not a module."""

    __hash__ = object.__hash__  # type: ignore[assignment]


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The distribution's Chromium, quiet."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]  # fmt: skip
    return {"executable_path": found, "args": quiet} if found else {"args": quiet}


@pytest.fixture
def rail() -> Frame:
    """A frame with a rail."""
    return examples.frame()


@pytest.fixture
def troubles(page):
    """What the browser complained about, such as a breach of the content security policy."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def desk(page, site, live_server, troubles):
    """The test page, connected."""
    page.goto(live_server.url)
    page.wait_for_selector("[data-live][data-state=ok]")
    return page
