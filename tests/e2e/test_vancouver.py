"""A second instance with real input: incidents of another city by the thousand, through importer and deployed night."""

import csv
import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import h3
import pytest

from infra.local.emulator import ROOT
from tests.support import atom
from tests.support.published import listed_tiles, whole_tile
from tests.support.thorough import tries
from tests.support.validating import save, validate, validators
from tests.support.vancouver import FOLDER, NEWEST_DAY, data_file, write_csv
from tests.support.whole import Whole, whole

pytestmark = [pytest.mark.e2e, pytest.mark.data]

NEWEST = tries(50_000)
ALL = "all"
WINDOWS = {"n365": 365, "n28": 28}

IMPORT = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from infra.commands.importing import import_file
from infra.commands.instance import Running
print(json.dumps(asdict(import_file(Running(**json.loads(sys.stdin.read())), Path(sys.argv[1])))))
"""

Counts = Counter[tuple[str, str]]
"""Reports by cell and category, `all` among them."""


@dataclass(frozen=True)
class City:
    """Vancouver after its night: the site, the file imported, what the importer and the night said."""

    whole: Whole
    file: Path
    imported: dict[str, int]
    night: dict[str, Any]

    def read(self, path: str) -> Any:
        answer = self.whole.call("GET", path)
        assert answer.status == 200, path
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return json.loads(gzip.decompress(answer.body) if packed else answer.body)


def load(running: Whole, file: Path) -> dict[str, int]:
    """Import in a process of its own, as the command does."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(file)],
        input=json.dumps(asdict(running.running)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    summary: dict[str, int] = json.loads(done.stdout)
    return summary


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    incidents = data_file()
    if incidents is None:
        pytest.skip("needs the outside data: set CZUJKA_DATA to its folder")
    folder = tmp_path_factory.mktemp("vancouver")
    file = folder / "newest.csv"
    write_csv(incidents, file, NEWEST)
    with whole(folder, "vancouver") as running:
        imported = load(running, file)
        night = running.running.invoke("nightly", {"day": NEWEST_DAY})
        yield City(running, file, imported, night)


def published(city: City, resolution: int, window: str) -> Counts:
    """Decode every published cell of a resolution, by nothing but the files' own description."""
    manifest = city.read("/data/manifest.json")
    counts: Counts = Counter()
    for parent, version in listed_tiles(city.read(manifest["parents"].format(res=resolution))):
        tile = whole_tile(city.read, manifest, resolution, parent, version)
        children = sorted(h3.cell_to_children(parent, resolution))
        cells = [children[rank] for rank in accumulate(tile["ranks"])]
        counts.update({(cell, ALL): n for cell, n in zip(cells, tile[window], strict=True)})
        for category, place, n365, n28 in tile["by_category"]:
            counts[cells[place], tile["categories"][category]] += {"n365": n365, "n28": n28}[window]
    return +counts


def recounted(city: City, resolution: int, days: int) -> Counts:
    """Count the rows of the file anew."""
    end = date.fromisoformat(NEWEST_DAY)
    document = json.loads((FOLDER / "catalogue.json").read_text("utf-8"))
    codes = {category["names"]["en"]: category["code"] for category in document["categories"]}
    counts: Counts = Counter()
    with city.file.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if end - timedelta(days=days) <= date.fromisoformat(row["created_at"][:10]) < end:
                cell = h3.latlng_to_cell(float(row["lat"]), float(row["lon"]), 11)
                parent = h3.cell_to_parent(cell, resolution)
                counts.update([(parent, ALL), (parent, codes[row["category"]])])
    return counts


def test_every_row_landed(city: City) -> None:
    assert city.imported == {"rows": NEWEST, "written": NEWEST, "known": 0, "rejected": 0}


@pytest.mark.parametrize("resolution", range(5, 10))
@pytest.mark.parametrize(("window", "days"), WINDOWS.items())
def test_X06_the_map_shows_what_a_recount_finds_cell_by_cell(
    city: City, resolution: int, window: str, days: int
) -> None:
    expected = recounted(city, resolution, days)
    assert expected.total() > 2 * 2_000
    assert published(city, resolution, window) == expected


def test_importing_the_file_again_changes_nothing(city: City) -> None:
    assert load(city.whole, city.file) == {"rows": NEWEST, "written": 0, "known": NEWEST, "rejected": 0}


def test_the_citys_unit_and_clock_are_its_own(city: City) -> None:
    located = city.whole.call("GET", "/v1/units/locate?lat=49.26&lon=-123.1").json
    assert (located["unit"]["code"], located["boundaries"]) == ("VPD", "exact")
    assert city.read("/config.json")["zone"] == "America/Vancouver"


@validators
def test_frictionless_and_shacl_find_no_fault_in_what_a_deployed_night_serves(city: City, tmp_path: Path) -> None:
    package = city.read("/data/exports/latest/datapackage.json")
    files = {"datapackage.json", "dcat.jsonld"}
    for resource in package["resources"]:
        files |= {part["path"] for part in resource.get("parts", [resource])}
    served = {name: city.whole.call("GET", f"/data/exports/latest/{name}") for name in files}
    assert {answer.status for answer in served.values()} == {200}
    save({name: answer.body for name, answer in served.items()}, "", tmp_path)
    (found,), (catalogue,) = validate([tmp_path], [json.loads(served["dcat.jsonld"].body)])
    assert (found.faults, catalogue) == ([], [])
    with city.file.open(newline="", encoding="utf-8") as stream:
        reported = sum(row["created_at"][:10] < NEWEST_DAY for row in csv.DictReader(stream))
    assert found.rows["reports"] == reported > 1000
    assert package["homepage"] == f"{city.whole.base_url}/"


@pytest.mark.parametrize(("kind", "code"), [("unit", "VPD"), ("powiat", "vancouver")])
def test_a_deployed_night_writes_feeds_that_readers_understand(city: City, kind: str, code: str) -> None:
    path = city.read("/data/manifest.json")["feeds"][kind].format(code=code, teryt=code)
    answer = city.whole.call("GET", path)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    feed = atom.read(answer.body)
    assert feed.links["self"] == f"{city.whole.base_url}{path}"
    assert len(feed.entries) == 50
    # Incidents are settled three days later.
    assert [entry.updated.date() - entry.published.date() for entry in feed.entries] == [timedelta(days=3)] * 50
    newest = date.fromisoformat(NEWEST_DAY) - timedelta(days=1)
    assert feed.entries[0].published.date() == newest
    assert feed.updated == feed.entries[0].updated
