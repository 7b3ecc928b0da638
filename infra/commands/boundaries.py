"""`make boundaries FILE=…` (or `URL=…`): import the register's boundaries into the running instance."""

import argparse
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path, PurePosixPath

from chalicelib.clock import system_clock
from chalicelib.domain.units import Units
from infra.commands.instance import NotRunning, connect
from infra.local.emulator import ROOT
from infra.places.areas import BoundariesRefused
from infra.places.compiler import levels
from infra.places.publish import publish
from infra.places.register import Expectation, Wishes, import_register, read_source

DOWNLOAD_SECONDS = 60
"""Longest silence of the server."""


def main() -> int:
    """Import what the arguments name; 1 and a word of advice where that is impossible."""
    arguments = parse()
    try:
        running = connect()
        name, data = fetch(arguments.url) if arguments.url else read(arguments.file)
        print(
            f"{name}: {len(data) / 1e6:.1f} MB read; the register's boundaries are checked and compiled …", flush=True
        )
        now = system_clock()
        wishes = Wishes(arguments.field, arguments.crs, arguments.layer, arguments.allow_missing)
        source = read_source(arguments.file or Path(name), data, arguments.layer)
        imported = import_register(source, name, wishes, expectation(ROOT / "instances" / running.instance, now.date()))
        pointer = publish(running.client("s3"), running.names["WORK_BUCKET"], imported.compiled.pack, "register", now)
    except (BoundariesRefused, NotRunning) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps({**imported.summary(), "boundaries": pointer["boundaries"], "key": pointer["key"]}, indent=1))
    print("Every answer is exact from now on: running functions notice it within a minute.")
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    whence = parser.add_mutually_exclusive_group(required=True)
    whence.add_argument("--file", type=Path, help="GeoJSON, Shapefile (.shp with .dbf beside it) or a zip of one")
    whence.add_argument("--url", help="the same at an http or https address")
    parser.add_argument("--field", help="attribute that holds the TERYT code, where it is not recognised")
    parser.add_argument("--crs", help="reference system of the coordinates, where the file does not say it")
    parser.add_argument("--layer", help="name of the Shapefile in a zip that holds several")
    parser.add_argument("--allow-missing", action="store_true", help="take a file that lacks areas of known units")
    return parser.parse_args()


def read(path: Path) -> tuple[str, bytes]:
    """Read the file; BoundariesRefused where it cannot be read."""
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise BoundariesRefused(f"{path} cannot be read ({error.strerror}).") from error


def fetch(url: str) -> tuple[str, bytes]:
    """Download; gives the last part of the address and the body. BoundariesRefused where that fails."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise BoundariesRefused(f"{url} is no http or https address; for a file use FILE=…")
    try:
        with urllib.request.urlopen(url, timeout=DOWNLOAD_SECONDS) as answer:
            return PurePosixPath(parts.path).name or parts.netloc, answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise BoundariesRefused(f"{url} cannot be downloaded ({error}).") from error


def expectation(folder: Path, day: date) -> Expectation:
    """Read from the instance's folder what its boundaries must be like."""
    instance, units = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("instance", "units"))
    places = folder / "places.json"
    usual = json.loads(places.read_text("utf-8")).get("crs") if places.is_file() else None
    west, south, east, north = instance["bounds"]
    known = [unit for unit in Units.from_document(units) if unit.valid_on(day)]
    # The garrisons' areas are voivodeships; some units answer for a part of a powiat only.
    below = [unit for unit in known if unit.parent] or known
    codes = {levels(area)[0] for unit in below for area in unit.areas}
    return Expectation((west, south, east, north), usual, frozenset(codes))


if __name__ == "__main__":
    sys.exit(main())
