"""The drawings of the pages: our own, strokes on a 24 grid. A page carries only those that it uses."""

from __future__ import annotations

import re

from sotong_practice.pages.markup import Safe, html

SHAPES = {
    "home": '<path d="M4 10.5 12 4l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 21h4"/>',
    "letter": '<path d="M4 6h16v12H4zM4 7l8 6 8-6"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4.5 4.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
    "heart": '<path d="M12 20S4 15.2 4 9.5A4.3 4.3 0 0 1 12 7.2a4.3 4.3 0 0 1 8 2.3C20 15.2 12 20 12 20z"/>',
    "reply": '<path d="M10 6 4 12l6 6M4 12h10a6 6 0 0 1 6 6"/>',
    "quote": '<path d="M9.5 7C6.5 8.5 5 10.5 5 14v3h4.5v-4.5H7.3M18.5 7c-3 1.5-4.5 3.5-4.5 7v3h4.5v-4.5h-2.2"/>',
    "pencil": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>',
    "bin": '<path d="M4.5 7h15M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5"/>',
    "image": '<rect x="4" y="5" width="16" height="14" rx="2"/><circle cx="9" cy="10" r="1.5"/>'
    '<path d="m5 18 5-5 3 3 3.5-3.5L20 16"/>',
    "send": '<path d="M4 12 20 4l-5 16-4-6.5zM11 13.5 20 4"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "moon": '<path d="M20 13.5A8 8 0 1 1 10.5 4a6.5 6.5 0 0 0 9.5 9.5z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/>'
    '<path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>',
    "screen": '<rect x="4" y="5" width="16" height="11" rx="2"/><path d="M9 20h6M12 16v4"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "warn": '<path d="M12 4.5 21 19.5H3zM12 10v4.5M12 17v.1"/>',
    "stop": '<path d="M8.5 4h7L20 8.5v7L15.5 20h-7L4 15.5v-7zM9.5 9.5l5 5M14.5 9.5l-5 5"/>',
    "flask": '<path d="M9 4h6M10 4v6l-5 8.5A1 1 0 0 0 6 20h12a1 1 0 0 0 1-1.5L14 10V4M7.5 15h9"/>',
    "company": '<path d="M5 20V5h9v15M14 10h5v10M3.5 20h17M8 9h3M8 12.5h3M8 16h3"/>',
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "wave": '<path d="M3 12c2-4 4-4 6 0s4 4 6 0 4-4 6 0"/>',
}  # fmt: skip

USED = re.compile(r'href="#i-([a-z]+)"')


def icon(name: str, size: str = "") -> Safe:
    """``size``: empty, ``s`` (14 px) or ``l`` (20 px)."""
    if name not in SHAPES:
        raise KeyError(name)
    sized = f" i-{size}" if size else ""
    return html('<svg class="i{sized}" aria-hidden="true"><use href="#i-{name}"/></svg>', sized=sized, name=name)


def sprite_for(body: str) -> Safe:
    """The symbols that this body uses."""
    names = sorted(set(USED.findall(body)))
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{SHAPES[name]}</symbol>' for name in names)
    return Safe(f'<svg class="sprite" aria-hidden="true">{symbols}</svg>')
