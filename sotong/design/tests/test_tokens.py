"""The colours and the style sheets: enough contrast, one place for values, one design for old browsers."""

import re

import pytest

from sotong.design.queries import STATIC, colours, contrast_pairs

SHEETS = sorted(STATIC.glob("*.css"))


@pytest.mark.parametrize("pair", contrast_pairs(), ids=lambda pair: f"{pair.front}/{pair.back}")
def test_each_pair_has_the_contrast_it_needs_by_day_and_by_night(pair):
    assert pair.day >= pair.needed, f"{pair.front} on {pair.back} by day: {pair.day:.2f}"
    assert pair.night >= pair.needed, f"{pair.front} on {pair.back} by night: {pair.night:.2f}"


def test_old_browsers_get_exactly_the_day_theme():
    light = dict(re.findall(r"(--[\w-]+): (#\w+);", (STATIC / "tokens-light.css").read_text(encoding="utf-8")))
    assert light == {f"--{colour.name}": colour.day for colour in colours().values()}


def test_no_component_holds_a_raw_colour():
    for sheet in SHEETS:
        if sheet.name.startswith("tokens"):
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", text) == [], sheet.name


def test_every_variable_that_is_used_is_defined():
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) - defined == set()


def test_every_colour_has_its_own_name():
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    names = re.findall(r"(--[\w-]+):\s*light-dark", text)
    assert len(names) == len(set(names))
    assert len(names) == len(colours())


def test_a_style_sheet_or_script_stays_short():
    for file in [*SHEETS, *STATIC.glob("*.js")]:
        assert len(file.read_text(encoding="utf-8").splitlines()) < 300, file.name
