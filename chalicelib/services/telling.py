"""Gathering what an alert has to tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.alerting import OVERDUE, PARTNER_ANSWERED, PASSED_ON, SURGE, TRANSFERRED
from chalicelib.domain.catalogue import Category
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import degrees, public_location
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.surge import About
from chalicelib.languages import texts
from chalicelib.notify.case import Case, News, Surge
from chalicelib.services import partner_sight
from chalicelib.services.case import ACCEPTED
from chalicelib.services.casework import ANSWERED, REOPENED, WITHDRAWN
from chalicelib.services.place_names import PlaceNames
from chalicelib.store import alerting, keys
from chalicelib.store.alert import Alert
from chalicelib.store.alerting import Event, Told

NEWS = frozenset({WITHDRAWN, REOPENED, ANSWERED, TRANSFERRED, PASSED_ON, PARTNER_ANSWERED})
"""Kinds of alert that tell what has happened to a report since it was filed."""

NEW_TO_THE_UNIT = frozenset({ACCEPTED, TRANSFERRED})
"""Kinds that tell a unit of a case for the first time."""

KINDS = frozenset({ACCEPTED, *NEWS, *OVERDUE, SURGE})
"""Kinds of alert: what units are told of, and, of `PASSED_ON`, institutions."""

_EXPECTED = {WITHDRAWN: Status.WITHDRAWN, ACCEPTED: Status.NEW, REOPENED: Status.VERIFYING, TRANSFERRED: Status.NEW}
"""The status in which a case is as its alert tells it; an answer leaves every status as it is."""


def case_of(alert: Alert, instance: Instance, names: PlaceNames) -> Case:
    """Return the facts of the case, in the instance's language.

    Raises `ValueError` where the report is gone or the kind of event is not one to tell of, `KeyError` for a unit or
    category that the instance does not know.
    """
    report = alerting.told(alert.report)
    if report is None or alert.kind not in KINDS:
        raise ValueError(f"nothing to tell of the event {alert.event}")
    unit, category = instance.units[alert.unit], instance.catalogue.categories[alert.category]
    lat, lon = degrees(report.lat6), degrees(report.lon6)
    shown = public_location(report.cell, category.sensitivity)
    event = _event(alert)
    return Case(
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
        category_name=_named(alert, category, instance),
        priority=alert.priority,
        area=report.area,
        area_name=names.area(report.area),
        boundaries=report.boundaries,
        lat=lat,
        lon=lon,
        public_cell=None if shown is None else shown.cell,
        due=_due(alert.kind, report),
        occurred=report.occurred,
        days=report.days,
        parts=report.parts,
        has_text=report.has_text,
        place=names.place(lat, lon),
        tier=Tier(report.tier),
        news=_news(alert, event, instance.default_language),
        surge=None if alert.about is None else _surge(alert.about, instance),
        state=_state(alert.kind, report.status, instance.default_language),
        body=None if event is None else event.body,
        partner=None if event is None else event.partner,
        waits=report.status == Status.NEW and alert.kind not in OVERDUE,
    )


def partner_place(case: Case, instance: Instance) -> tuple[float, float] | None:
    """Return what an institution may know of where a case is, in degrees: see `services.partner_sight`."""
    sensitivity = instance.catalogue.categories[case.category].sensitivity
    given = partner_sight.place(case.lat, case.lon, sensitivity)
    return None if given is None else (given.lat, given.lon)


def _surge(about: str, instance: Instance) -> Surge:
    told, rule = About.read(about), instance.surge
    if rule is None:
        raise ValueError("a surge, where the instance knows none")
    return Surge(told.group, told.sources, rule.radius_m, rule.within // timedelta(hours=1))


def _named(alert: Alert, category: Category, instance: Instance) -> str:
    """Return the name of what is told of: a surge is of a whole group of categories."""
    if alert.about is None:
        return category.names[instance.default_language]
    (group,) = [group for group in instance.catalogue.groups if group.code == category.group]
    return group.names[instance.default_language]


def _due(kind: str, report: Told) -> datetime | None:
    """Return the deadline that the alert asks to keep; none of a case that has moved on before the alert was out."""
    if kind in OVERDUE:
        return report.due_take_up if report.status == Status.NEW else report.due_verify
    if report.status != _EXPECTED.get(kind):
        return None
    return {ACCEPTED: report.due_take_up, TRANSFERRED: report.due_take_up, REOPENED: report.due_verify}.get(kind)


def _event(alert: Alert) -> Event | None:
    if alert.kind not in NEWS:
        return None
    event = alerting.event(alert.report, alert.seq)
    if event is None:
        raise ValueError(f"nothing to tell of the event {alert.event}")
    return event


def _news(alert: Alert, event: Event | None, language: str) -> News | None:
    if event is None:
        return News(keys.moment(alert.at)) if alert.kind in OVERDUE or alert.kind == SURGE else None
    reason = None if event.reason is None else texts("reasons", language)[event.reason]
    return News(event.at, reason, event.answer)


def _state(kind: str, status: str, language: str) -> str | None:
    return None if status == _EXPECTED.get(kind) else texts("statuses", language)[status]
