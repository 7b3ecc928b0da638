"""The page on looks and the style sheets say the same, and no sheet has a colour or a size of letters of its own."""

import re
from pathlib import Path

import pytest

from infra.local.emulator import ROOT

STYLES = ROOT / "static-site" / "src" / "styles"
SHEET = STYLES / "1-tokens.css"
VALUE = re.compile(r"^  --([\w-]+): (.+);$", re.MULTILINE)
ROW = re.compile(r"^\| `--([\w-]+)` \|((?: `[^|]+` \|)+)", re.MULTILINE)
OTHERS = sorted(path for path in STYLES.rglob("*.css") if path != SHEET)
INK = {"#fff", "#000"}
"""Paper and its print, and the ground of a photo, are not of the theme."""


def told() -> dict[str, list[str]]:
    """The values that the page gives to a token: light and dark, or one."""
    rows = ROW.findall((ROOT / "docs" / "design.md").read_text("utf-8"))
    return {name: re.findall(r"`([^`]+)`", cells) for name, cells in rows}


def meant() -> dict[str, list[str]]:
    """The values of colours and sizes in the sheet."""
    found = {}
    for name, value in VALUE.findall(SHEET.read_text("utf-8")):
        pair = re.fullmatch(r"light-dark\((#\w+|rgb\([^)]*\)), (#\w+|rgb\([^)]*\))\)", value)
        if pair is not None:
            found[name] = [*pair.groups()]
        elif value.startswith("#"):
            found[name] = [value, value]
        elif "rem" in value:
            found[name] = [value]
    return found


def test_the_page_names_every_token_with_its_values() -> None:
    assert told() == meant()
    assert len(told()) > 40


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(STYLES)))
def test_no_other_sheet_has_a_colour_or_a_size_of_letters_of_its_own(path: Path) -> None:
    text = path.read_text("utf-8")
    colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?!['\"])", re.sub(r"url\([^)]*\)", "", text)))
    assert colours <= INK
    assert re.findall(r"font-size: (?!var\(--)[^;]+", text) == []


def test_every_token_is_used() -> None:
    text = "".join(path.read_text("utf-8") for path in [*OTHERS, *(ROOT / "static-site" / "src").rglob("*.js")])
    palette = (ROOT / "static-site" / "src" / "map" / "palette.js").read_text("utf-8")
    unused = {name for name in meant() if f"--{name}" not in text and name not in palette}
    assert unused == set()
