"""Django's name for this area."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "sotong.audit"
    label = "audit"

    def ready(self) -> None:
        from sotong.audit.words import name_actions

        name_actions({"audit.export": _("기록을 파일로 받았어요")})
