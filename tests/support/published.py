"""Reading the published files as their documentation says."""

from collections.abc import Iterator
from typing import Any


def listed_tiles(listed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the parent and the version of each tile in a list of tiles."""
    number, unit = int(listed["first"] or "0", 16), 8 ** (15 - (listed["res"] - 3))
    for step, version in zip([0, *listed["steps"]], listed["version"], strict=False):
        number += step * unit
        yield f"{number:x}", listed["versions"][version]
