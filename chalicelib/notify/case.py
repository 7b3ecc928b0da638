"""The facts that an alert tells, gathered by the caller, worded here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from chalicelib.domain.report import Tier


@dataclass(frozen=True, slots=True)
class News:
    """What has happened to a report that its unit knows already: when, why, and how its reporter has answered."""

    at: datetime
    reason: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Surge:
    """Many independent sources near the case within a short time; `group` is the code of their categories' group."""

    group: str
    sources: int
    radius_m: int
    hours: int


@dataclass(frozen=True, slots=True)
class Case:
    """One report as its unit hears of it. No word of the reporter's is among the facts.

    Instants are aware. `lat` and `lon` are exact WGS 84 degrees, for the mail alone; `public_cell` is the H3 index
    at the precision that the public sees, None where it sees no place. `occurred` is when the thing happened;
    `days` (1 is Monday) and `parts` are when it keeps happening. `place` names the nearest place, where one is
    known. `stand_in` is the name of whoever gets the mail because the unit has no address. `news` is what the alert
    tells of a report that the unit knows, None of a new one; its `reason` is worded. `state` is the name of the status
    where the case has moved on since, or is closed. `due` is the deadline that still runs. `waits` says that it
    is the unit's to take up, `take_up` is the address at which that goes without a login.
    """

    event: str
    report: str
    seq: int
    kind: str
    at: datetime
    unit: str
    unit_name: str
    unit_short: str
    garrison: str
    category: str
    category_name: str
    priority: int
    area: str
    area_name: str | None
    boundaries: str
    lat: float
    lon: float
    public_cell: str | None
    due: datetime | None
    occurred: datetime | None = None
    days: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    has_text: bool = False
    place: str | None = None
    stand_in: str | None = None
    tier: Tier = Tier.ORDINARY
    news: News | None = None
    state: str | None = None
    surge: Surge | None = None
    body: str | None = None
    """Name of the institution that the alert tells of."""
    partner: str | None = None
    """Its code."""
    waits: bool = False
    take_up: str | None = field(default=None, repr=False)


def case_link(site_url: str, report: str) -> str:
    """Return the address of the case's page in the police console."""
    return f"{site_url}/policja/#/sprawa/{quote(report, safe='')}"


def take_up_link(site_url: str, token: str) -> str:
    """Return the address of the page that takes a case up; a fragment is in no server's log."""
    return f"{site_url}/policja/#/przyjmij/{token}"


def map_link(site_url: str, lat: float, lon: float) -> str:
    """Return the address of the map, opened at the place, to the metre; a fragment is in no server's log."""
    return f"{site_url}/#/map?at=17/{lat:.5f}/{lon:.5f}"
