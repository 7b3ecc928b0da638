"""What Open311 costs: CPU of filing with a key, and of lists out of 100,000 published points, cold and warm.

Processor time of this process, which leaves out waiting and what the emulator spends; memory is what Python allocated.
"""

import json
import random
import time
import tracemalloc
from typing import Any

import h3

from chalicelib.services import manifest
from chalicelib.services.base import tile_file
from chalicelib.services.files import put_all
from chalicelib.services.points import Point, parent_of, tile
from chalicelib.store import apikeys
from chalicelib.store.objects import Objects
from tests.bench import stage
from tests.open311.client import Client

POINTS = 100_000
FILED = 100
BOUNDS = (49.1, 54.8, 14.2, 24.0)
"""South, north, west, east of Poland."""


def run() -> dict[str, Any]:
    """CPU milliseconds of each kind of request, tiles, and megabytes kept."""
    with stage.world() as world:
        stack, settings = world.stack, world.box.settings
        client = Client(world, apikeys.make("bench", 10_000, 1, "2026-06-01T00:00:00.000Z"))
        filing = [_cpu(lambda number=number: client.post(lat=52 + number / 1000)) for number in range(FILED)]
        tiles = _publish(Objects(stack.client("s3"), settings.site_bucket))
        cold = _cpu(lambda: client.get("requests.json", page_size=1))
        vars(world.box._resources).pop("points")
        tracemalloc.start()
        client.get("requests.json", page_size=1)
        kept = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        warm = min(_cpu(lambda: client.get("requests.json", page_size=1)) for _ in range(5))
        deep = min(_cpu(lambda: client.get("requests.json", page=100)) for _ in range(3))
        near = min(_cpu(lambda: client.get("requests.json", lat=52.2, long=21, radius=2000)) for _ in range(5))
    return {
        "post_cpu_ms": round(sorted(filing)[FILED // 2], 1),
        "points": POINTS,
        "tiles": tiles,
        "list_cold_cpu_ms": round(cold),
        "list_warm_cpu_ms": round(warm),
        "list_deep_cpu_ms": round(deep),
        "list_near_cpu_ms": round(near),
        "kept_mb": round(kept, 1),
    }


def _cpu(once: Any) -> float:
    start = time.process_time()
    answer = once()
    if answer.status != 200:
        raise AssertionError(answer.text)
    return 1000 * (time.process_time() - start)


def _publish(site: Objects) -> int:
    """Publish points all over the country, of the last 90 days; return how many tiles that makes."""
    numbers, found = random.Random(311), dict[str, list[Point]]()
    south, north, west, east = BOUNDS
    for number in range(POINTS):
        cell = h3.latlng_to_cell(numbers.uniform(south, north), numbers.uniform(west, east), 11)
        lat, lon = (round(each, 5) for each in h3.cell_to_latlng(cell))
        day = f"2026-0{numbers.choice([4, 5])}-{numbers.randint(1, 30):02d}"
        point = Point(f"{number:026d}", "illegal_dump", "new", day, lat, lon, 0, None)
        found.setdefault(parent_of(cell), []).append(point)
    bodies = ((parent, tile(parent, points, 1)) for parent, points in found.items())
    put_all(site, [tile_file("bench", parent, body) for parent, body in bodies if body is not None])
    document = manifest.points_part("bench", sorted(found))
    manifest.flip(site, manifest.read(site), document)
    return len(found)


if __name__ == "__main__":
    print(json.dumps(run()))  # noqa: T201
