"""The floors, in the same server: the same session, middleware and permission, the bare query, precomputed bytes.

What a floor answers was made once by the product's own page for the same address. A server begun with
SOTONG_BENCH_SLOW=MS answers the list that much later: for the test that the bench sees it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path, resolve

from bench import bare
from sotong.access import allow
from sotong.inbox.queries.visible import visible_to
from sotong.language.client import client_of_machine
from sotong.language.search import analyse_query
from sotong.language.tokens import tsquery
from sotong.people.queries import person_of
from sotong.urls import urlpatterns as site

PRECOMPUTED: dict[str, bytes] = {}


def _bytes(request: HttpRequest, key: str, product: str) -> bytes:
    """What the product's page answers to this address, rendered once for ``key``."""
    if key not in PRECOMPUTED:
        found = resolve(product)
        request.path = request.path_info = product
        answer = found.func(request, *found.args, **found.kwargs)
        if answer.status_code != 200:
            raise RuntimeError(f"{product} answered {answer.status_code}")
        PRECOMPUTED[key] = answer.content
    return PRECOMPUTED[key]


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


@allow("inbox.read")
def floor_list(request: HttpRequest, product: str) -> HttpResponse:
    """Below the desk's list or its rows."""
    viewer = person_of(request)
    filters = request.META["QUERY_STRING"]
    rows = _rows(*bare.list_query(filters, viewer.pk, list(visible_to(viewer).ids)))
    answer = HttpResponse(_bytes(request, f"{product}?{filters}", f"/desk/{product}"))
    answer["X-Rows"] = ",".join(str(row[0]) for row in rows[:50])
    return answer


@allow("inbox.read")
def floor_thread(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Below the panel of a conversation; its bytes are those of the first one asked for."""
    viewer = person_of(request)
    _rows(*bare.thread_query(conversation_id, viewer.pk, list(visible_to(viewer).ids)))
    return HttpResponse(_bytes(request, "panel", f"/desk/{conversation_id}/panel"))


@cache
def analysed(text: str) -> str:
    """What the product makes of a query; asked once."""
    return tsquery(analyse_query(text, client_of_machine(), deadline=5)[0])


@allow("inbox.read")
def floor_search(request: HttpRequest) -> HttpResponse:
    """Below the page of hits."""
    viewer = person_of(request)
    asked, view = request.GET["q"], request.GET.get("view", "")
    rows = _rows(*bare.search_query(analysed(asked), view, list(visible_to(viewer).ids)))
    answer = HttpResponse(_bytes(request, request.META["QUERY_STRING"], "/desk/search"))
    answer["X-Rows"] = ",".join(str(row[2]) for row in rows[:30])
    return answer


class SlowList:
    """A fault for the bench's own test."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.seconds = float(os.environ["SOTONG_BENCH_SLOW"]) / 1000

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/desk/":
            time.sleep(self.seconds)
        return self.get_response(request)


urlpatterns = [
    path("bench/list/<path:product>", floor_list),
    path("bench/list/", floor_list, {"product": ""}),
    path("bench/thread/<int:conversation_id>", floor_thread),
    path("bench/search", floor_search),
    *site,
]
