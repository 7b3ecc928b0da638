"""The stable addresses: the newest exports, the same Parquet in a folder for each table, and the schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files as resource_files

from chalicelib.services import builds, describing, manifest
from chalicelib.services.files import HTML, JSON, STABLE, File, Written, compact, put_all
from chalicelib.store.objects import Objects, Served

_KNOWN = "state/latest.json"
_TARGET = "data/exports/latest/"
_TABLES = "tables/"
_PARQUET = ".parquet"
_TYPES = {"csv.gz": builds.CSV_GZ, "geojson.gz": builds.CSV_GZ, "parquet": builds.PARQUET}
"""What the tables are served as, by the end of their names."""


def publish(site: Objects, work: Objects, build: str, written: Iterable[Written]) -> None:
    """Copy those exports of a build that differ to their stable addresses, and put the schemas there."""
    source = f"{manifest.build_prefix(build)}exports/"
    known = json.loads(work.get(_KNOWN) or b"{}")
    exports = {file.key.removeprefix(source): file.sha256 for file in written if file.key.startswith(source)}
    copies = {target: path for path in exports for target in _targets(path)}
    now = {target: exports[path] for target, path in copies.items()}
    for target, path in copies.items():
        if known.get(target) != now[target]:
            site.copy(f"{source}{path}", f"{_TARGET}{target}", served_as(path))
    site.delete_many(f"{_TARGET}{target}" for target in known if target not in now)
    work.put(_KNOWN, compact(now), "application/json")
    put_all(site, schemas())


def schemas() -> list[File]:
    """Return the JSON Schemas of the published files."""
    folder = resource_files("chalicelib.schemas")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return [
        File(f"data/schema/{name}", (folder / name).read_bytes(), "application/schema+json", cache_control=STABLE)
        for name in names
    ]


def _targets(path: str) -> list[str]:
    """Return where an export is copied to: what reads a folder as one table finds nothing but that table's Parquet."""
    if not path.endswith(_PARQUET):
        return [path]
    folder = "" if "/" in path else f"{path.removesuffix(_PARQUET)}/"
    return [path, f"{_TABLES}{folder}{path}"]


def served_as(path: str) -> Served:
    """Return how the newest export of a path is served."""
    ending = path.split(".", 1)[1]
    if path in describing.SERVED_AS:
        return Served(describing.SERVED_AS[path], STABLE)
    if ending.endswith("html"):
        return Served(HTML, STABLE)
    return Served(JSON, STABLE, "gzip") if ending == "json" else Served(_TYPES[ending], STABLE)
