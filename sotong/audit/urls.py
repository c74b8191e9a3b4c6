"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import path

from sotong.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.trail, name="trail"),
    path("audit/rows/", views.history, name="history"),
    path("audit/export", views.export, name="export"),
]
