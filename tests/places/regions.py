"""Shapely's view of the register: which areas a point may be in, and random points in them."""

import json
import random
from collections.abc import Iterator
from math import asin, degrees, radians, sin
from pathlib import Path

import shapely
from shapely.geometry import shape


class Regions:
    """Areas in a spatial index, read by Shapely from the file itself."""

    def __init__(self, file: Path) -> None:
        features = json.loads(file.read_text("utf-8"))["features"]
        found = {feature["properties"]["terc"]: shape(feature["geometry"]) for feature in features}
        self.codes = sorted(found)
        self.shapes = [found[code] for code in self.codes]
        self._tree = shapely.STRtree(self.shapes)

    def touching(self, points: list[tuple[float, float]]) -> list[list[str]]:
        """Return for each (lat, lon) the codes of the areas that hold it or have it on their border."""
        found: list[list[str]] = [[] for _ in points]
        geometries = shapely.points([(lon, lat) for lat, lon in points])
        for point, area in zip(*self._tree.query(geometries, predicate="intersects"), strict=True):
            found[point].append(self.codes[area])
        return found

    def random_points(self, seed: int, count: int) -> list[tuple[float, float]]:
        """Return points (lat, lon) spread evenly over the areas' surface."""
        chance = random.Random(seed)
        west, south, east, north = shapely.total_bounds(self.shapes)
        points: list[tuple[float, float]] = []
        while len(points) < count:
            drawn = [
                (
                    degrees(asin(chance.uniform(sin(radians(south)), sin(radians(north))))),
                    chance.uniform(west, east),
                )
                for _ in range(2 * count)
            ]
            points += [point for point, codes in zip(drawn, self.touching(drawn), strict=True) if codes]
        return points[:count]

    def random_points_in(self, code: str, seed: int, count: int) -> Iterator[tuple[float, float]]:
        """Yield points (lat, lon) inside one area."""
        chance = random.Random(f"{seed} {code}")
        region = self.shapes[self.codes.index(code)]
        west, south, east, north = region.bounds
        while count:
            lat, lon = chance.uniform(south, north), chance.uniform(west, east)
            if shapely.contains_xy(region, lon, lat):
                count -= 1
                yield lat, lon

    def distance_to_border(self, code: str, lat: float, lon: float) -> float:
        """Distance of a point from the border of an area in degrees."""
        return float(shapely.distance(self.shapes[self.codes.index(code)].boundary, shapely.Point(lon, lat)))
