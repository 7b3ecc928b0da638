"""`make demo [N=5000]`: fills the running instance with a year of made-up reports, and publishes them.

The set is the same for the same day and number; the file is kept under `.local/<instance>/`, so that a second call
adds nothing, whatever the day.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from math import pi
from pathlib import Path
from typing import Any

from chalicelib.clock import system_clock
from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.domain.place_nearest import PLACE_UNIT
from infra.commands.importing import import_file, instance_of
from infra.commands.instance import NotRunning, connect, record
from infra.demo.generate import Town, write
from infra.local.emulator import ROOT
from infra.places.approximate import read_places

KM2_PER_WEIGHT = 1.0
"""A city of this size draws twice the reports of a small town."""

TOWN_SPREAD = 700.0
"""Metres: the standard deviation of reports around the middle of a small town."""


def main() -> int:
    """Generate, import, run the night and publish; 1 and a word of advice where nothing runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="number of reports")
    count = parser.parse_args().count
    try:
        running = connect()
        instance = instance_of(ROOT / "instances" / running.instance)
        path = record(running.instance).with_name(f"demo-{count}.csv")
        if not path.exists():
            _generate(path, count, instance)
        summary = import_file(running, path)
        night = running.invoke("nightly", {})
        live = running.invoke("publish", {})
    except (NotRunning, NoTowns) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps({"import": asdict(summary), "nightly": night, "publish": live}, ensure_ascii=False))
    print(f"The map is at {running.base_url}/")
    return 0


class NoTowns(Exception):
    """The instance does not say where its towns are; the message says so."""


def towns(instance: str) -> Iterator[Town]:
    """Yield the places of an instance, cities by their size; raises `NoTowns` where it has no list of them."""
    path = ROOT / "instances" / instance / "places.json"
    if not path.exists():
        raise NoTowns(f"The instance {instance} has no list of places ({path.name}): there is no demonstration set.")
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for place in read_places(config, ROOT / "static-site" / "node_modules"):
        km2 = pi * (place.reach / 1000) ** 2
        yield Town(
            place.lat / PLACE_UNIT,
            place.lon / PLACE_UNIT,
            1 + km2 / KM2_PER_WEIGHT,
            max(TOWN_SPREAD, place.reach / 3),
        )


def _generate(path: Path, count: int, instance: Instance) -> None:
    unfinished = path.with_suffix(".new")
    write(unfinished, list(towns(instance.code)), count, day_of(system_clock(), instance.zone), instance.zone)
    unfinished.replace(path)


if __name__ == "__main__":
    sys.exit(main())
