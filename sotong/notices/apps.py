"""Django's name for this area."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticesConfig(AppConfig):
    name = "sotong.notices"
    label = "notices"

    def ready(self) -> None:
        from sotong.audit.words import name_actions

        name_actions({"notices.close_notice": _("알림을 닫았어요"), "notices.Notice": pgettext_lazy("one row", "알림")})
