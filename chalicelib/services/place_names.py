"""Names of places and areas for people to read, from the site's own gazetteer."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.clock import Clock

if TYPE_CHECKING:
    from chalicelib.store.objects import Objects

KEY = "data/places.json"
KM_PER_DEGREE = 111.32
FARTHEST_KM = 15.0
"""A name from farther away would mislead whoever has to find the place."""
RETRY_AFTER = timedelta(minutes=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names at points in degrees, and names of areas by code."""

    points: tuple[tuple[float, float, str], ...]
    areas: dict[str, str]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Gazetteer:
        """Read the published document: columns `names`, `lat`, `lon`, and `areas` of code and name."""
        points = zip(document["lat"], document["lon"], document["names"], strict=True)
        return cls(tuple(points), {area["code"]: area["name"] for area in document["areas"]})

    def nearest(self, lat: float, lon: float) -> str | None:
        """Name the nearest place within `FARTHEST_KM`, on a plane that is right to a thousandth that near."""
        shrink = cos(radians(lat))
        near = ((hypot(y - lat, (x - lon) * shrink), name) for y, x, name in self.points)
        distance, name = min(near, default=(float("inf"), ""))
        return name if distance * KM_PER_DEGREE <= FARTHEST_KM else None


class PlaceNames:
    """The gazetteer, read at first use. Names are a convenience: an alert goes out without them rather than late."""

    def __init__(self, objects: Objects, clock: Clock) -> None:
        self._objects = objects
        self._clock = clock
        self._loaded: Gazetteer | None = None
        self._not_before: datetime | None = None

    def place(self, lat: float, lon: float) -> str | None:
        """Name the nearest place of a point in degrees; None where none is known."""
        gazetteer = self._gazetteer()
        return None if gazetteer is None else gazetteer.nearest(lat, lon)

    def area(self, code: str) -> str | None:
        """Name an area by its code; None where no name is known."""
        gazetteer = self._gazetteer()
        return None if gazetteer is None else gazetteer.areas.get(code) or None

    def _gazetteer(self) -> Gazetteer | None:
        now = self._clock()
        if self._loaded is None and (self._not_before is None or now >= self._not_before):
            self._loaded = self._load()
            self._not_before = now + RETRY_AFTER
        return self._loaded

    def _load(self) -> Gazetteer | None:
        try:
            body = self._objects.get(KEY)
            return None if body is None else Gazetteer.from_document(json.loads(body))
        except (BotoCoreError, ClientError, KeyError, ValueError) as error:
            _log.warning("place names unavailable: %s", type(error).__name__)
            return None
