"""The tiles of cells as files: a tile that says what it said before stays where it is, and only its index is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from chalicelib.hotspots.indexes import PARENT_STEPS, RESOLUTIONS, ancestor_step
from chalicelib.services.files import File, Written, compact, digest, packed, put, spread
from chalicelib.services.manifest import TILES, build_prefix
from chalicelib.store.objects import Objects

Known: TypeAlias = Mapping[str, Mapping[str, tuple[str, str]]]
"""Resolution → parent → the build that wrote the tile, and the hash of what it says."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Writes one build's tiles; `known` are those of the build before."""

    site: Objects
    build: str
    known: Known
    found: dict[str, dict[str, tuple[str, str]]] = field(
        default_factory=lambda: {str(res): {} for res in sorted(RESOLUTIONS)}
    )

    def write(self, tiles: Iterable[tuple[int, str, Any]]) -> list[Written]:
        """Write the tiles that are new or say something else than before; each is resolution, parent, document."""
        return list(spread(partial(put, self.site), self._changed(tiles)))

    def _changed(self, tiles: Iterable[tuple[int, str, Any]]) -> Iterator[File]:
        for res, parent, document in tiles:
            body, kept = compact(document), self.known.get(str(res), {}).get(parent)
            said = digest(body)[:16]
            if kept is not None and kept[1] == said:
                self.found[str(res)][parent] = (kept[0], said)
            else:
                self.found[str(res)][parent] = (self.build, said)
                yield packed(tile_key(self.build, str(res), parent), body)

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
        tile_key(version, res, parent).removeprefix(TILES)
        for res, rows in known.items()
        for parent, (version, _) in rows.items()
    )


def tile_key(version: str, res: str, parent: str) -> str:
    """Return where the tile that a build wrote lies."""
    return f"{TILES}{version}/{res}/{parent}.json"


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
