"""What the nightly run hands to live publishing: the points of one build, as they stand at its midnight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.services.files import File, compact, digest, packed, unpacked
from chalicelib.services.manifest import EMPTY_BUILD, points_prefix
from chalicelib.services.points import Point, pack, tile, unpack
from chalicelib.store.objects import Objects


@dataclass(frozen=True, slots=True)
class BaseTile:
    """A tile of the base, and when it changes by time alone.

    `sha256` is the hash of its published file, "" where no point stands yet; `changes` are the instants after
    the base's own, in Unix seconds, rising.
    """

    sha256: str
    changes: list[int]


@dataclass(frozen=True, slots=True)
class Base:
    """Points of one build, rendered and published as they stand at the instant `at` (Unix seconds).

    Whatever was recorded from `since` on (UTC, RFC 3339) may not be in it.
    """

    build: str
    at: int
    since: str
    tiles: Mapping[str, BaseTile] = field(default_factory=dict)

    @property
    def publication(self) -> str:
        """Name of the publication of the base as it is: the build's."""
        return self.build

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each tile that stands at the base's instant."""
        return {parent: row.sha256 for parent, row in self.tiles.items() if row.sha256}

    def points(self, work: Objects, parent: str) -> list[Point]:
        """Return all points of a tile, those to come included."""
        return unpack(unpacked(work.require(tile_key(self.build, parent))))


def prefix(build: str) -> str:
    """Return where the base of a build lies in the work bucket."""
    return f"state/live/{build}/"


def tile_key(build: str, parent: str) -> str:
    """Return the key of one tile's points."""
    return f"{prefix(build)}{parent}.json"


def index_key(build: str) -> str:
    """Return the key of the base's index."""
    return f"{prefix(build)}index.json"


def empty(now: datetime, since: str) -> Base:
    """Return the base that stands in until the first nightly run."""
    return Base(EMPTY_BUILD, int(now.timestamp()), since)


def load(work: Objects, build: str) -> Base:
    """Read the index of a build's base."""
    document = unpacked(work.require(index_key(build)))
    tiles = {parent: BaseTile(**row) for parent, row in document.pop("tiles").items()}
    return Base(tiles=tiles, **document)


def index_file(base: Base) -> File:
    """Return the index as a file of the work bucket."""
    tiles = {parent: {"sha256": row.sha256, "changes": row.changes} for parent, row in base.tiles.items()}
    document = {
        "build": base.build,
        "at": base.at,
        "since": base.since,
        "tiles": tiles,
    }
    return packed(index_key(base.build), compact(document))


def base_files(build: str, parent: str, points: list[Point], at: int) -> tuple[BaseTile, File, bytes | None]:
    """Return one tile's entry, its file for the work bucket, and its published bytes at the base's instant."""
    body = tile(parent, points, at)
    instants = {instant for point in points for instant in (point.begins, point.ends) if instant is not None}
    entry = BaseTile(tile_hash(parent, body), sorted(instant for instant in instants if instant > at))
    return entry, packed(tile_key(build, parent), pack(points)), body


def tile_file(publication: str, parent: str, body: bytes) -> File:
    """Return the published file of a tile."""
    return packed(f"{points_prefix(publication)}{parent}.json", body)


def tile_hash(parent: str, body: bytes | None) -> str:
    """Return the hash of a tile's stored bytes; "" where there is no tile."""
    return "" if body is None else digest(tile_file("", parent, body).body)


def publication_of(base: Base, hashes: Mapping[str, str]) -> str:
    """Return the name of a publication on a base: the base's own where all its tiles are the base's."""
    if hashes == base.hashes:
        return base.publication
    return digest(compact([base.build, sorted(hashes.items())]))[:16]
