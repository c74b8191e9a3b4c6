"""Models, migrations and layers hold together."""

from __future__ import annotations

import ast
import io
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def heights() -> dict[str, int]:
    """Each area's height in the layers; larger is higher."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return {area.strip(): len(layers) - level for level, names in enumerate(layers) for area in names.split("|")}


def test_foreign_keys_point_downward() -> None:
    height = heights()
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_config.name.startswith("sotong.") and "Event" not in model.__name__
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model
        and field.related_model._meta.app_config.name.startswith("sotong.")
        and height[field.related_model._meta.app_label] > height[model._meta.app_label]
    ]
    assert not upward, f"turn the arrow round, or keep a plain id: {upward}"


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models() -> None:
    said = io.StringIO()
    areas = [config.label for config in apps.get_app_configs() if config.name.startswith("sotong.")]
    call_command("makemigrations", *areas, "--check", "--dry-run", stdout=said)


def test_every_migration_by_hand_can_be_undone_or_says_why_not() -> None:
    silent = []
    for path in (ROOT / "sotong").glob("*/migrations/0*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in {"RunSQL", "RunPython"}:
                continue
            has_way_back = len(node.args) > 1 or any(str(word.arg).startswith("reverse_") for word in node.keywords)
            if not has_way_back and "irreversible" not in text.lower():
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not silent
