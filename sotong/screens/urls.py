"""Addresses of the composed pages."""

from __future__ import annotations

from django.urls import path

from sotong.screens import stream
from sotong.screens.views import desk, front, search, state

app_name = "screens"
urlpatterns = [
    path("", front.home, name="home"),
    path("health", front.health, name="health"),
    path("live/events", stream.events, name="events"),
    path("desk/", desk.desk, name="desk"),
    path("desk/rows", desk.rows, name="rows"),
    path("desk/channels-state", state.channels_state, name="channels_state"),
    path("desk/brake", state.brake, name="brake"),
    path("desk/many/<str:what>", desk.many, name="many"),
    path("desk/search", search.search, name="search"),
    path("desk/<int:conversation_id>/", desk.desk, name="conversation"),
    path("desk/<int:conversation_id>/panel", desk.panel, name="panel"),
    path("desk/<int:conversation_id>/messages", desk.messages, name="messages"),
    path("desk/<int:conversation_id>/messages/<int:message_id>/take-back", desk.take_back, name="take_back"),
    path("desk/<int:conversation_id>/older", desk.older, name="older"),
    path("desk/<int:conversation_id>/history", desk.history, name="history"),
    path("desk/<int:conversation_id>/notes", desk.notes, name="notes"),
]
