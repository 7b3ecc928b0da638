"""The tiles of cells as files: a tile that says what it said before stays where it is, and only its index is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from chalicelib.hotspots.indexes import OVERVIEW, PARENT_STEPS, RESOLUTIONS, ancestor_step
from chalicelib.services.files import File, Written, compact, digest, packed, put, spread
from chalicelib.services.manifest import TILES, build_prefix
from chalicelib.store.objects import Objects

Known: TypeAlias = Mapping[str, Mapping[str, tuple[str, str]]]
"""Resolution → parent → the build that wrote the tile, and the hash of what it says."""


_BY_CATEGORY = ("by_category", "standing_out")


@dataclass(frozen=True, slots=True)
class Tiles:
    """Writes one build's tiles; `known` are those of the build before."""

    site: Objects
    build: str
    known: Known
    found: dict[str, dict[str, tuple[str, str]]] = field(
        default_factory=lambda: {str(res): {} for res in sorted(RESOLUTIONS)}
    )

    def write(self, tiles: Iterable[tuple[int, str, dict[str, Any]]]) -> list[Written]:
        """Write the tiles that are new or say something else than before; each is resolution, parent, document."""
        return list(spread(partial(put, self.site), self._changed(tiles)))

    def _changed(self, tiles: Iterable[tuple[int, str, dict[str, Any]]]) -> Iterator[File]:
        for res, parent, document in tiles:
            bodies = [compact(part) for part in _parts(res, document)]
            kept = self.known.get(str(res), {}).get(parent)
            said = digest(b"\n".join(bodies))[:16]
            if kept is not None and kept[1] == said:
                self.found[str(res)][parent] = (kept[0], said)
            else:
                self.found[str(res)][parent] = (self.build, said)
                for key, body in zip(tile_keys(self.build, str(res), parent), bodies, strict=True):
                    yield packed(key, body)

    def index(self) -> list[File]:
        """Return the lists of the tiles that there are, one for each resolution."""
        return index_files(self.build, self.found)


def index_files(build: str, tiles: Known) -> list[File]:
    """Return the lists of a build's tiles, one for each resolution."""
    prefix = build_prefix(build)
    return [packed(f"{prefix}parents/{res}.json", compact(_index(int(res), rows))) for res, rows in tiles.items()]


def nothing() -> Known:
    """Return what a build without any tile knows."""
    return {str(res): {} for res in sorted(RESOLUTIONS)}


def live(known: Known) -> frozenset[str]:
    """Return the names, right under `TILES`, of all tiles that a build names."""
    return frozenset(
        key.removeprefix(TILES)
        for res, rows in known.items()
        for parent, (version, _) in rows.items()
        for key in tile_keys(version, res, parent)
    )


def tile_keys(version: str, res: str, parent: str) -> list[str]:
    """Return where the tile that a build wrote lies, and up to `OVERVIEW` where its numbers by category do."""
    key = f"{TILES}{version}/{res}/{parent}"
    return [f"{key}.json", *([f"{key}.categories.json"] if int(res) <= OVERVIEW else [])]


def _parts(res: int, document: dict[str, Any]) -> list[dict[str, Any]]:
    if res > OVERVIEW:
        return [document]
    told = {name: value for name, value in document.items() if name in _BY_CATEGORY}
    shared = {name: document[name] for name in ("res", "parent", "categories")}
    return [{name: value for name, value in document.items() if name not in _BY_CATEGORY}, {**shared, **told}]


def _index(res: int, tiles: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    parents = sorted(tiles)
    numbers, step = [int(parent, 16) for parent in parents], ancestor_step(res - PARENT_STEPS)
    versions = sorted({version for version, _ in tiles.values()})
    place = {version: number for number, version in enumerate(versions)}
    return {
        "res": res,
        "first": parents[0] if parents else None,
        "steps": [(after - before) // step for before, after in pairwise(numbers)],
        "versions": versions,
        "version": [place[tiles[parent][0]] for parent in parents],
    }
