"""Django's entry for the design system."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Templates, static files, template tags and the form renderer; no tables."""

    name = "sotong.design"
    label = "design"
