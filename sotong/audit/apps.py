"""Django's name for this area."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "sotong.audit"
    label = "audit"
