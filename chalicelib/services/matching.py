"""Which changes concern which subscription, without comparing each with each.

Changes are looked up by their unit, powiat and gmina, and by latitude for a circle, whose true distance decides; the
answer is that of `domain.subscription.covers` for each of them (a test compares).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import cos, degrees, radians

from chalicelib.domain.subscription import Area, Change, Choice, Circle, Kind, metres, wants

EARTH_M = 6_371_007.18
"""H3's radius of the earth, so that the window of latitudes holds whatever its distances do."""

_MARGIN = 1.000_001


class Matcher:
    """The changes of a run; `gmina_of` names the gmina of a point in degrees, or None where it knows none."""

    def __init__(self, changes: Sequence[Change], gmina_of: Callable[[float, float], str | None]) -> None:
        self._by_lat = sorted(changes, key=lambda change: (change.lat, change.report))
        self._lats = [change.lat for change in self._by_lat]
        self._by_unit: dict[str, list[Change]] = {}
        self._by_powiat: dict[str, list[Change]] = {}
        self._by_gmina: dict[str, list[Change]] = {}
        for change in changes:
            self._by_powiat.setdefault(change.powiat, []).append(change)
            gmina = gmina_of(change.lat, change.lon)
            if gmina is not None:
                self._by_gmina.setdefault(gmina, []).append(change)
            for unit in change.units:
                self._by_unit.setdefault(unit, []).append(change)

    def matching(self, choice: Choice) -> list[Change]:
        """Return the changes that a choice is about, in no order."""
        return [change for change in self._within(choice.area) if wants(choice, change)]

    def _within(self, area: Area) -> list[Change]:
        if area.circle is not None:
            return self._around(area.circle)
        by_code = {Kind.UNIT: self._by_unit, Kind.POWIAT: self._by_powiat}.get(area.kind, self._by_gmina)
        return by_code.get(area.code, [])

    def _around(self, circle: Circle) -> list[Change]:
        lat, lon = circle.centre
        window = degrees(circle.radius_m / EARTH_M) * _MARGIN
        # A degree of longitude is shortest at the edge that is nearer to a pole.
        shrink = cos(radians(min(abs(lat) + window, 89.0)))
        begin, end = bisect_left(self._lats, lat - window), bisect_right(self._lats, lat + window)
        return [
            change
            for change in self._by_lat[begin:end]
            if abs(change.lon - lon) * shrink <= window and metres(circle, change.lat, change.lon) <= circle.radius_m
        ]


def ranked(told: Sequence[tuple[Change, bool, str]]) -> list[tuple[Change, bool, str]]:
    """Order what a mail tells (change, whether new, last day): urgent categories, then new ones, then the newest."""
    newest = sorted(told, key=lambda row: (row[2], row[0].report), reverse=True)
    return sorted(newest, key=lambda row: (row[0].priority, not row[1]))
