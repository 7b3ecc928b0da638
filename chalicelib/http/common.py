"""Views without a person behind them: health, catalogue, rules, units, the description of the interface."""

from datetime import datetime

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.catalogue import as_document
from chalicelib.domain.rules import rules as rules_document
from chalicelib.domain.units import Unit
from chalicelib.http import shapes
from chalicelib.http.call import Call, Query
from chalicelib.http.reply import SHARED, Reply
from chalicelib.services.networks import CallersNetwork
from chalicelib.store import reports


def health(_call: Call, box: Container) -> Reply:
    """Say which build answers, after asking both tables; 503 by whatever they raise."""
    reports.ask()
    body: shapes.Health = {
        "status": "ok",
        "build": box.settings.build,
        "version": box.settings.version,
        "boundaries": box.places.boundaries,
    }
    return Reply(body)


def catalogue(_call: Call, box: Container) -> Reply:
    """List every category that ever was; the days of validity say which are offered."""
    known = box.instance.catalogue
    body = {
        "version": known.version,
        "groups": [{"code": group.code, "names": dict(group.names)} for group in known.groups],
        "partner_kinds": [{"code": kind.code, "names": dict(kind.names)} for kind in known.partner_kinds.values()],
        "categories": [as_document(category) for category in known.categories.values()],
    }
    return Reply(body, cache=SHARED)


def rules(_call: Call, box: Container) -> Reply:
    """Serve the tables that the code obeys."""
    return Reply(rules_document(box.instance), cache=SHARED)


def openapi(_call: Call, box: Container) -> Reply:
    """Describe this interface in OpenAPI 3.1."""
    from chalicelib.http.openapi import document

    return Reply(document(box.settings.version, box.settings.site_url), cache=SHARED)


def locate(call: Call, box: Container) -> Reply:
    """Name the unit that answers for a point today."""
    query = Query(call, "lat", "lon")
    lat, lon = query.number("lat", -90, 90), query.number("lon", -180, 180)
    query.done()
    places = box.places
    located = places.locate(lat, lon)
    units = box.instance.units
    unit = units.unit_for(located.finest, day_of(box.clock(), box.instance.zone))
    teryt: shapes.Teryt = {"wojewodztwo": located.parent_area, "powiat": located.area}
    if located.gmina is not None:
        teryt["gmina"] = located.gmina
    body: shapes.Locate = {
        "unit": unit_ref(unit),
        "parent": None if unit.parent is None else unit_ref(units[unit.parent]),
        "teryt": teryt,
        "boundaries": places.boundaries,
    }
    return Reply(body, cache=SHARED)


def callers_network(call: Call, box: Container, now: datetime) -> CallersNetwork:
    """Return the budgets on which a caller draws at a moment."""
    source = call.source(box.secrets.keyring.seals if box.settings.behind_distribution else ())
    return CallersNetwork(box.instance, box.salts, source, now)


def unit_ref(unit: Unit) -> shapes.UnitRef:
    """Return how answers name a unit."""
    return {"code": unit.code, "name": unit.name}
