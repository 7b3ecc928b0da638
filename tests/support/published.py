"""Reading the published files as their documentation says."""

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from typing import Any


def csv_rows(packed: bytes) -> list[dict[str, str]]:
    """Read a gzipped CSV table."""
    return list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode(), newline="")))


def listed_tiles(listed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the parent and the version of each tile in a list of tiles."""
    number, unit = int(listed["first"] or "0", 16), 8 ** (15 - (listed["res"] - 3))
    for step, version in zip([0, *listed["steps"]], listed["version"], strict=False):
        number += step * unit
        yield f"{number:x}", listed["versions"][version]


def whole_tile(read: Callable[[str], Any], manifest: dict[str, Any], res: int, parent: str, version: str) -> Any:
    """Read a tile of cells, and where it stands in a file of its own what is told by category."""
    names = {"res": res, "parent": parent, "version": version}
    tile = read(manifest["cells"].format(**names))
    return tile if res > OVERVIEW else {**tile, **read(manifest["categories"].format(**names))}


OVERVIEW = 7
