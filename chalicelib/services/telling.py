"""Gathering what an alert has to tell, and to whom."""

from __future__ import annotations

from chalicelib.domain.instance import Instance
from chalicelib.domain.location import degrees, public_location
from chalicelib.domain.report import Tier
from chalicelib.notify.case import Case
from chalicelib.services.place_names import PlaceNames
from chalicelib.store import alerting
from chalicelib.store.alert import Alert

ACCEPTED = "accepted"
KINDS = frozenset({ACCEPTED})
"""Kinds of event that units are told of."""


def gather(alert: Alert, instance: Instance, names: PlaceNames, fallback: str) -> tuple[Case, list[str]]:
    """Return the facts of the case, in the instance's language, and the addresses that get the mail.

    `fallback` is the address for units without any. Raises `ValueError` where the report is gone or the kind of
    event is not one to tell of, `KeyError` for a unit or category that the instance does not know.
    """
    report = alerting.told(alert.report)
    if report is None or alert.kind not in KINDS:
        raise ValueError(f"nothing to tell of the event {alert.event}")
    unit, category = instance.units[alert.unit], instance.catalogue.categories[alert.category]
    recipients, stand_in = _recipients(alert.unit, instance, fallback)
    lat, lon = degrees(report.lat6), degrees(report.lon6)
    shown = public_location(report.cell, category.sensitivity)
    case = Case(
        event=alert.event,
        report=alert.report,
        seq=alert.seq,
        kind=alert.kind,
        at=report.created,
        unit=unit.code,
        unit_name=unit.name,
        unit_short=unit.short,
        garrison=alert.garrison,
        category=category.code,
        category_name=category.names[instance.default_language],
        priority=alert.priority,
        area=report.area,
        area_name=names.area(report.area),
        boundaries=report.boundaries,
        lat=lat,
        lon=lon,
        public_cell=None if shown is None else shown.cell,
        due=report.due,
        occurred=report.occurred,
        days=report.days,
        parts=report.parts,
        has_text=report.has_text,
        place=names.place(lat, lon),
        stand_in=stand_in,
        tier=Tier(report.tier),
    )
    return case, recipients


def _recipients(code: str, instance: Instance, fallback: str) -> tuple[list[str], str | None]:
    unit, *above = instance.units.chain(code)
    if own := alerting.addresses(unit.code):
        return own, None
    for parent in above:
        if found := alerting.addresses(parent.code):
            return found, parent.name
    return [fallback], fallback
