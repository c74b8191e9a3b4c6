"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from sotong.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("notices/count", views.count, name="count"),
    path("notices/<int:pk>/close", views.close, name="close"),
]
