"""The living page at /design/: every component in every state, made from the fragments that pages use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sotong.access import public
from sotong.design import examples, queries


@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Everyone may look: it shows the product's parts and no data. ``?density=compact`` shows the dense desk."""
    now = timezone.now()
    context = {
        "density": "compact" if request.GET.get("density") == "compact" else "normal",
        "colours": queries.colour_roles(),
        "pairs": queries.contrast_pairs(),
        "icons": queries.icons(),
        "sample": examples.frame(),
        "form": examples.ExampleForm(initial={"kind": "care"}),
        "refused": examples.ExampleForm({"refused-mail": "narae@", "refused-zone": "s"}, prefix="refused"),
        "rows": examples.conversations(now),
        "states": examples.DELIVERY_STATES,
        "moments": examples.moments(now),
        "segments": examples.segments(),
        "filters": examples.filters(),
        "cells": examples.cells(),
        "now": now,
    }
    return render(request, "design/gallery.html", context)
