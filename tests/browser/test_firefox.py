"""The way of a visitor in Firefox: map, list, hexagon, every question of the report, charts."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.local.emulator import ROOT
from tests.browser import fixture
from tests.browser.test_map import number_in

PROGRAM = Path(__file__).with_name("firefox.mjs")
MODULES = ROOT / ".browsers" / "node_modules"
PATIENCE_S = 180
NO_FIREFOX = "No Firefox here: apt-get install firefox-esr"


@pytest.fixture(scope="module")
def seen(site: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What stood on the pages."""
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox is not None, NO_FIREFOX
    # A module finds its packages beside itself, whatever NODE_PATH says.
    folder = tmp_path_factory.mktemp("firefox")
    shutil.copy(PROGRAM, folder)
    (folder / "node_modules").symlink_to(MODULES)
    done = subprocess.run(
        ["node", PROGRAM.name, firefox, site],
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.slow
def test_firefox_shows_the_map_its_list_and_a_hexagon(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert number_in(seen["lead"]) == len(fixture.reports())
    assert seen["listed"] > 10
    assert seen["inks"] > 10
    assert seen["hexagon"].startswith("okolice: ")


@pytest.mark.slow
def test_firefox_asks_every_question_of_a_report(seen: dict[str, Any]) -> None:
    assert seen["what"] == "Co się dzieje?"
    assert "Łomża" in seen["summary"]


@pytest.mark.slow
def test_firefox_draws_the_charts(seen: dict[str, Any]) -> None:
    assert seen["charts"] >= 1
