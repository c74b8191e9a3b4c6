"""Makes every Django form look right: ``FORM_RENDERER = "sotong.design.forms.FormRenderer"``."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting

OURS = {
    "django/forms/widgets/select.html": "design/widgets/select.html",
    "django/forms/widgets/password.html": "design/widgets/password.html",
    "django/forms/widgets/radio.html": "design/widgets/picks.html",
    "django/forms/widgets/checkbox_select.html": "design/widgets/picks.html",
    "django/forms/widgets/clearable_file_input.html": "design/widgets/file.html",
    "django/forms/widgets/file.html": "design/widgets/file.html",
    "django/forms/errors/list/default.html": "design/widgets/errors.html",
    "django/forms/errors/list/ul.html": "design/widgets/errors.html",
}


class FormRenderer(TemplatesSetting):
    """``{{ form }}`` writes design/_form.html, ``{{ field.as_field_group }}`` design/_field.html."""

    form_template_name = "design/_form.html"
    field_template_name = "design/_field.html"

    def get_template(self, template_name: str) -> Any:
        """The template of a widget: ours where the browser's own needs a frame, else Django's."""
        return super().get_template(OURS.get(template_name, template_name))
