"""The country as the statistics see it: every cell with its powiat, made once of the places pack in force and kept."""

from __future__ import annotations

import io
import json

import h3.api.basic_int as h3
import numpy as np

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place import Places, load_pack
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.region import Region
from chalicelib.store.objects import Objects
from chalicelib.store.places import POINTER

FOLDER = "state/regions/"
_NPZ = "application/octet-stream"


def region(work: Objects, res: int) -> Region | None:
    """Return the cells of `res`, 7 or finer, of the country; None before anybody has said where it is."""
    pointer = work.read_pointer(POINTER)
    if pointer is None:
        return None
    named = json.loads(pointer.body)
    key = f"{FOLDER}{named['sha256']}-{res}.npz"
    kept = work.get(key)
    if kept is not None:
        return _load(kept)
    found = survey(load_pack(work.require(named["key"])), res)
    work.put(key, _dump(found), _NPZ)
    return found


def survey(places: Places, res: int) -> Region:
    """Ask the places for the area of every cell of `res`, 7 or finer, by its centre where borders are near."""
    cells: list[int] = []
    areas: list[str] = []
    for above, whole in places.cells():
        below = h3.cell_to_children(above, res)
        if whole is not None:
            cells += below
            areas += [whole.area] * len(below)
            continue
        for cell in below:
            try:
                areas.append(places.locate(*h3.cell_to_latlng(cell)).area)
                cells.append(cell)
            except OutsideCountry:
                continue
    names = sorted(set(areas))
    number = {name: index for index, name in enumerate(names)}
    column: Cells = np.array(cells, dtype=np.uint64)
    order = np.argsort(column)
    return Region(column[order], np.array([number[area] for area in areas], dtype=np.int64)[order], names)


def _dump(found: Region) -> bytes:
    target = io.BytesIO()
    np.savez_compressed(
        target, cells=found.cells, groups=found.groups.astype(np.uint16), names=np.array(found.names, dtype=np.str_)
    )
    return target.getvalue()


def _load(body: bytes) -> Region:
    with np.load(io.BytesIO(body), allow_pickle=False) as kept:
        return Region(kept["cells"], kept["groups"].astype(np.int64), kept["names"].tolist())
