"""Addresses of the composed pages."""

from __future__ import annotations

from django.urls import path

from sotong.screens import stream, views

app_name = "screens"
urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("live/events", stream.events, name="events"),
]
