"""Customers' images are fetched by a worker, over a real socket, within bounds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from sotong.inbox.actions.media import TRIES
from sotong.inbox.events import ConversationChanged
from sotong.inbox.jobs.media import fetch_waiting
from sotong.inbox.models import MessageMedia
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.pictures import SVG, bomb, from_a_phone, picture

pytestmark = pytest.mark.django_db

FILES = {
    "/phone.jpg": (200, from_a_phone()),
    "/large.png": (200, picture("JPEG", (3000, 2000))),
    "/bomb.png": (200, bomb()),
    "/page.svg": (200, SVG),
    "/gone.png": (404, b"no"),
    "/late.png": (503, b"later"),
}


class Server(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, body = FILES.get(self.path, (302, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("location", "/phone.jpg")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Server.asked = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def ours(make_channel, server):
    """A channel whose own server is the one that keeps the images."""
    return make_channel("hansori_care", server=server)


def post(channel, server: str, *paths: str) -> None:
    arrive(channel, item("p-1", "보세요", images=[path if "://" in path else server + path for path in paths]))


def test_fetching_begins_when_the_rows_are_there(ours, server, django_capture_on_commit_callbacks):
    hints = ProcrastinateJob.objects.filter(task_name="inbox.fetch_media")
    with django_capture_on_commit_callbacks(execute=True):
        post(ours, server, "/phone.jpg")
        assert not hints.exists(), "a worker would begin at once"
    assert hints.count() == 1


def again() -> None:
    MessageMedia.objects.update(next_try_at=Now() - timedelta(seconds=1))


def test_images_are_kept_as_pixels_and_screens_are_told(ours, server, told):
    post(ours, server, "/phone.jpg", "/large.png")
    del told[:]
    assert fetch_waiting() == 2
    first, second = MessageMedia.objects.order_by("position")
    assert (first.mime, first.width, first.height, first.problem) == ("image/jpeg", 30, 40, "")
    assert b"Planted" not in bytes(first.content or b"")
    assert (second.width, second.height) == (1600, 1067)
    assert 0 < len(second.content or b"") <= 2_000_000
    assert [type(event) for event in told] == [ConversationChanged]
    assert fetch_waiting() == 0


@pytest.mark.parametrize(
    ("path", "problem"), [("/bomb.png", "too large"), ("/page.svg", "not an image"), ("/gone.png", "gone")]
)
def test_what_will_never_be_an_image_is_asked_for_once(ours, server, path, problem, caplog):
    post(ours, server, path)
    fetch_waiting()
    assert len(caplog.messages) == 1
    assert ("HTTP 404" if problem == "gone" else problem) in caplog.messages[0]
    assert path not in caplog.text
    again()
    assert fetch_waiting() == 0
    row = MessageMedia.objects.get()
    assert (row.problem, row.content, Server.asked) == (problem, None, [path])


def test_what_may_come_later_is_asked_for_a_few_times(ours, server):
    post(ours, server, "/late.png")
    assert [fetch_waiting(), fetch_waiting()] == [1, 0], "not twice at once"
    for _ in range(TRIES):
        again()
        fetch_waiting()
    row = MessageMedia.objects.get()
    assert (row.problem, row.tries, len(Server.asked)) == ("unreachable", TRIES, TRIES)


def test_a_post_opens_no_way_into_the_house(ours, server):
    """The channel's own server may be private; no other private place is, and a redirect inherits nothing."""
    post(ours, server, "http://127.0.0.1:1/x.png", "http://169.254.169.254/x.png", "/elsewhere")
    fetch_waiting()
    assert [row.problem for row in MessageMedia.objects.order_by("position")] == ["blocked"] * 3
    assert Server.asked == ["/elsewhere"]


def test_an_edit_that_takes_the_image_away_meanwhile_does_no_harm(ours, server):
    from sotong.inbox.actions.media import Fetched, begin_fetches, settle_fetches
    from sotong.inbox.tests.arriving import NOON

    post(ours, server, "/phone.jpg")
    (wanted,) = begin_fetches(at=NOON)
    MessageMedia.objects.all().delete()
    settle_fetches([Fetched(wanted.media_id, problem="gone")], at=NOON)
    assert not MessageMedia.objects.exists()
