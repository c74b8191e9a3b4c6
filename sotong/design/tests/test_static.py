"""Static files: small, and hashed also where one module imports another."""

import re

import pytest
from django.core.management import call_command

from sotong.design.queries import STATIC

DESK = ["tokens", "tokens-light", "font", "base", "parts", "forms", "overlays", "frame", "desk", "adapt"]


def test_what_the_desk_loads_is_small():
    sheets = sum((STATIC / f"{name}.css").stat().st_size for name in DESK)
    scripts = sum(path.stat().st_size for path in STATIC.glob("*.js"))
    vendored = sum((STATIC / "vendor" / name).stat().st_size for name in ("htmx.min.js", "icons.svg"))
    # Uncompressed, without the font: the page's own markup may add as much again and stay under 300 KB.
    assert sheets + scripts + vendored < 180_000


@pytest.fixture
def collected(settings, tmp_path):
    """Our static files as production serves them."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "sotong.design.storage.StaticStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path / "design"


def test_imports_and_addresses_in_css_are_hashed(collected):
    staff = next(path for path in collected.glob("staff.*.js") if re.fullmatch(r"staff\.\w{12}\.js", path.name))
    imports = re.findall(r'import\s*"([^"]+)"', staff.read_text(encoding="utf-8"))
    assert len(imports) > 10
    for name in imports:
        assert re.fullmatch(r"\./\w+\.\w{12}\.js", name), name
        assert (collected / name).is_file()
    font = next(path for path in collected.glob("font.*.css") if re.fullmatch(r"font\.\w{12}\.css", path.name))
    assert re.search(r"vendor/PretendardVariable\.\w{12}\.woff2", font.read_text(encoding="utf-8"))


def test_names_stay_plain_before_anything_was_collected(settings, tmp_path):
    from sotong.design.storage import StaticStorage

    settings.STATIC_ROOT = tmp_path
    assert StaticStorage().url("design/base.css") == "/static/design/base.css"
