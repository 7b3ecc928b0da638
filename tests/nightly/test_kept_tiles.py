"""Tiles of cells over nights: what is written again, what goes and when, and how anybody reads them."""

import io
import json
import subprocess
from collections import Counter
from contextlib import redirect_stdout
from datetime import timedelta

import h3
import pytest

from infra.local.emulator import ROOT
from tests.nightly.world import NOON, WARSAW, Night, days_ago
from tests.support.published import listed_tiles

KRAKOW = (50.0614, 19.9366)
SITE = "http://127.0.0.1:8080"


def versions(night: Night, res: int) -> dict[str, str]:
    """The build that wrote the tile of each parent."""
    return dict(listed_tiles(night.document(night.manifest()["parents"].format(res=res))))


def parent(place: tuple[float, float], res: int) -> str:
    return str(h3.latlng_to_cell(*place, res - 3))


def test_a_tile_that_says_the_same_is_not_written_again(night: Night) -> None:
    night.file(at=days_ago(3))
    first = night.run()["build"]
    before = night.objects("data/cells/")
    night.now = NOON + timedelta(days=1)
    night.file(at=NOON, place=KRAKOW)
    second = night.run()["build"]
    for res in range(5, 10):
        assert versions(night, res) == {parent(WARSAW, res): first, parent(KRAKOW, res): second}
    assert len(night.objects("data/cells/")) == 2 * len(before) == 2 * (5 + 3)
    assert night.objects("data/cells/").items() >= before.items()
    assert sum(row["n365"] for row in night.cells(9).values()) == 2


def test_a_tile_goes_two_days_after_another_took_its_place_and_stays_while_any_build_names_it(night: Night) -> None:
    night.file(at=days_ago(3))
    night.file(at=days_ago(3), place=KRAKOW)
    first = night.run()["build"]
    kept = []
    for day in (23, 24, 25, 26):
        night.now = NOON.replace(day=day)
        if day == 23:
            night.file(at=NOON)
        night.run()
        kept.append({key.split("/")[-1].split(".")[0] for key in night.objects(f"data/cells/{first}/9/")})
    both = {parent(WARSAW, 9), parent(KRAKOW, 9)}
    assert kept == [both, both, both, {parent(KRAKOW, 9)}]
    assert versions(night, 9)[parent(KRAKOW, 9)] == first
    assert sum(row["n365"] for row in night.cells(9).values()) == 3


def snippet(language: str) -> str:
    """The decoder that the page on published files gives to everybody."""
    chapter = (ROOT / "docs" / "data.md").read_text("utf-8").split("## Cells")[1]
    return chapter.split(f"```{language}")[1].split("```")[0]


def test_the_decoders_on_the_page_read_what_is_published(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [WARSAW, WARSAW, KRAKOW, (54.35, 18.65), (53.43, 14.55)]
    night.file_all((days_ago(2), place, "illegal_parking", 1) for place in places)
    night.run()
    expected = Counter(str(h3.latlng_to_cell(*place, 7)) for place in places)
    monkeypatch.setattr("urllib.request.urlopen", lambda url: io.BytesIO(night.stored(url.removeprefix(SITE))))
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(snippet("python"), "data.md", "exec"), {})  # noqa: S102 - the project's own page
    found: Counter[str] = Counter()
    for line in said.getvalue().splitlines():
        found.update(json.loads(line.replace("'", '"')))
    assert found == expected

    listed = night.document(night.manifest()["parents"].format(res=7))
    program = snippet("js") + "\nconst { list, all } = JSON.parse(process.argv[1]);"
    program += "\nconst read = all.map((tile) => [...cells(tile)]).flat();"
    program += "\nconsole.log(JSON.stringify([tiles(list), Object.fromEntries(read)]));"
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", program, json.dumps({"list": listed, "all": list(night.tiles(7))})],
        cwd=ROOT / "static-site",
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    tiles, cells = json.loads(done.stdout)
    assert [(row["parent"], row["version"]) for row in tiles] == list(listed_tiles(listed))
    assert cells == expected
