"""The names in the sprite. The sprite itself, made by ``script/vendor``, is the only list."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.templatetags.static import static

SPRITE = "design/vendor/icons.svg"


@cache
def icon_names() -> frozenset[str]:
    """Every icon that may be used."""
    text = (Path(__file__).parent / "static" / SPRITE).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', text))


@cache
def sprite_url() -> str:
    """The address of the sprite, hashed in production."""
    return static(SPRITE)


@cache
def icon_svg(name: str, css: str) -> str:
    """The markup of one icon; hidden from screen readers, because words stand beside it.

    Raises ``KeyError`` for a name that the sprite does not hold.
    """
    if name not in icon_names():
        raise KeyError(f"no icon {name}: add it to sotong/design/vendor.toml and run script/vendor fetch --pin")
    return f'<svg class="{css}" aria-hidden="true"><use href="{sprite_url()}#{name}"/></svg>'
