"""An instance: one country or city, as a folder of configuration and no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue, Clock
from chalicelib.domain.holidays import WorkingDays
from chalicelib.domain.network import Shared, shared_networks
from chalicelib.domain.open_data import OpenData
from chalicelib.domain.surge import Rule
from chalicelib.domain.units import Units

STATISTICS_RESOLUTION = 8


@dataclass(frozen=True, slots=True)
class Instance:
    """All that differs from one place to another.

    `bounds` is west, south, east, north and `centre` lat, lon, in degrees; `country_buffer_m` is
    how far beyond an approximate outline a point still counts as inside; `emergency` is the
    number to call instead of reporting; `networks` are the declared ones that many people share.
    `working_days` are those in which a category may count its deadlines, None where none may.
    `surge` is the rule of surges, None where nobody is told of any. `statistics_resolution` is that of
    the finest H3 cells, 7 to 9, which are told from chance: a country's 8, a city's 9. `area_names` are those of
    areas that the gazetteer does not name, `population` the inhabitants, both by code. `open_data` says
    whose the published data is.
    """

    code: str
    names: Mapping[str, str]
    zone: ZoneInfo
    languages: tuple[str, ...]
    default_language: str
    bounds: tuple[float, float, float, float]
    centre: tuple[float, float]
    emergency: str
    country_buffer_m: int
    catalogue: Catalogue
    units: Units
    open_data: OpenData
    networks: tuple[Shared, ...] = ()
    working_days: WorkingDays | None = None
    surge: Rule | None = None
    statistics_resolution: int = STATISTICS_RESOLUTION
    area_names: Mapping[str, str] = field(default_factory=dict)
    population: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_documents(
        cls, instance: Mapping[str, Any], catalogue: Mapping[str, Any], units: Mapping[str, Any]
    ) -> Instance:
        """Build an instance from its three parsed documents.

        Raises `KeyError` for a missing entry, `ValueError` where the documents contradict
        themselves or a name is missing in one of the instance's languages, and
        `zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
        """
        west, south, east, north = instance["bounds"]
        lat, lon = instance["centre"]
        zone = ZoneInfo(instance["zone"])
        working = instance.get("working_days")
        clock = Clock() if working is None else Clock(WorkingDays.from_document(working, zone), working["rule"])
        built = cls(
            code=instance["code"],
            names=instance["names"],
            zone=zone,
            languages=tuple(instance["languages"]),
            default_language=instance["default_language"],
            bounds=(west, south, east, north),
            centre=(lat, lon),
            emergency=instance["emergency"]["number"],
            country_buffer_m=instance["country_buffer_m"],
            catalogue=Catalogue.from_document(catalogue, clock),
            units=Units.from_document(units),
            open_data=OpenData.from_document(instance["open_data"]),
            networks=shared_networks(instance["networks"]),
            working_days=clock.working_days,
            surge=Rule.of_document(instance["surge"]) if "surge" in instance else None,
            statistics_resolution=instance.get("statistics_resolution", STATISTICS_RESOLUTION),
            area_names=instance.get("area_names", {}),
            population=instance.get("population", {}),
        )
        built._check()
        return built

    def _check(self) -> None:
        west, south, east, north = self.bounds
        lat, lon = self.centre
        if not (west < lon < east and south < lat < north):
            raise ValueError("the centre lies outside the bounds")
        if self.statistics_resolution not in range(7, 10):
            raise ValueError("the statistics are of resolution 7 to 9")
        if self.default_language not in self.languages:
            raise ValueError("the default language is not one of the instance's")
        named = [
            self.names,
            self.open_data.publisher,
            *(group.names for group in self.catalogue.groups),
            *(category.names for category in self.catalogue.categories.values()),
            *(kind.names for kind in self.catalogue.partner_kinds.values()),
        ]
        if any(not names.keys() >= set(self.languages) for names in named):
            raise ValueError("a name is missing in one of the instance's languages")
