"""Which cells are an area: files by which the map shows one area alone, written when boundaries or names change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import h3.api.basic_int as h3
import numpy as np

from chalicelib.domain.areas import COUNTRY, level, parent
from chalicelib.hotspots.region import Region
from chalicelib.services.files import Written, compact, digest, packed, put_all
from chalicelib.store.objects import Objects

FOLDER = "data/outlines/"
INDEX = "index"
"""Stands in the place of an area's code: the list of all that have a file."""


def version(land: Region, names: Mapping[str, str]) -> str:
    """Return the folder's name: equal areas with equal names, equal name."""
    mine = [(code, names.get(code, code)) for code in _codes(land)]
    return digest(land.cells.tobytes() + land.groups.tobytes() + compact(mine))[:16]


def write(site: Objects, land: Region, names: Mapping[str, str]) -> list[Written]:
    """Write the file of each area and, last, their list; nothing where the list is there already."""
    prefix = f"{FOLDER}{version(land, names)}/"
    if site.get(f"{prefix}{INDEX}.json") is not None:
        return []
    written = put_all(site, (packed(f"{prefix}{one['area']}.json", compact(one)) for one in documents(land, names)))
    listed = [{"area": code, "name": names.get(code, code), "level": level(code)} for code in _codes(land)]
    # Whoever finds the list finds all that it names.
    return [*written, *put_all(site, [packed(f"{prefix}{INDEX}.json", compact({"areas": listed}))])]


def documents(land: Region, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the document of each area by code: its cells, of which those that fill a coarser one stand as that one."""
    by_group = np.split(land.cells[np.argsort(land.groups, kind="stable")], np.bincount(land.groups).cumsum()[:-1])
    for code in _codes(land):
        parts = [by_group[group] for group, name in enumerate(land.names) if code in (name, parent(name))]
        cells = h3.compact_cells(np.concatenate(parts).tolist())
        yield {
            "area": code,
            "name": names.get(code, code),
            "level": level(code),
            "res": land.lattice.res,
            "cells": sorted(f"{cell:x}" for cell in cells),
        }


def part(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the member of the manifest that names the files; none before anybody has said where the country is."""
    folder = facts.get("outlines")
    return {} if folder is None else {"outlines": f"/{FOLDER}{folder}/{{area}}.json"}


def live(records: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the folders that any of these facts name."""
    return frozenset(str(folder) for facts in records if (folder := facts.get("outlines")) is not None)


def _codes(land: Region) -> list[str]:
    above = {up for name in land.names if (up := parent(name)) is not None and up != COUNTRY}
    return sorted(above.union(land.names))
