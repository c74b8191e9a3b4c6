"""Every URL of the site, by area. Each view declares its access rule or the site does not start."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sotong.people.urls")),
    path("", include("sotong.audit.urls")),
    path("inbox/", include("sotong.inbox.urls")),
    path("design/", include("sotong.design.urls")),
    path("", include("sotong.channels.urls")),
    path("", include("sotong.notices.urls")),
    path("", include("sotong.screens.urls")),
]
