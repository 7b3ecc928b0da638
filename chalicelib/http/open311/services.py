"""Views of what may be reported: discovery, the list of services, and what each of them asks."""

from typing import Any

from chalicelib.container import Container
from chalicelib.domain.calendar import Part, day_of
from chalicelib.domain.catalogue import Category
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.instance import Instance
from chalicelib.domain.text import DESCRIPTION_LIMIT
from chalicelib.http.call import JSON, Call
from chalicelib.http.open311 import shapes
from chalicelib.http.open311.answer import AREA, PREFIX, answered, language_of, named
from chalicelib.http.open311.arguments import Arguments
from chalicelib.http.reply import SHARED, Reply
from chalicelib.languages import texts

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
PRODUCTION = "prod"
ATTRIBUTES = ("occurred_at", "days", "parts")
"""What a service asks beyond the standard's own fields: when it happened, or when it keeps happening."""


def discovery(call: Call, box: Container) -> Reply:
    """Say where this interface is, in which formats, and how to get a key."""
    language = language_of(call, box)
    words, settings, catalogue = texts(AREA, language), box.settings, box.instance.catalogue
    endpoint: shapes.Endpoint = {
        "specification": SPECIFICATION,
        "url": settings.site_url + PREFIX.rstrip("/"),
        "changeset": catalogue.version,
        "type": "production" if settings.stage == PRODUCTION else "test",
        "formats": ["text/xml", JSON],
    }
    document: shapes.Discovery = {
        "changeset": catalogue.version,
        "contact": words["discovery.contact"].format(site=settings.site_url, emergency=box.instance.emergency),
        "key_service": words["discovery.key_service"].format(jurisdiction=box.instance.code),
        "endpoints": [endpoint],
    }
    return answered(call, "discovery", document, language, cache=SHARED)


def services(call: Call, box: Container) -> Reply:
    """List what may be reported today."""
    _check_jurisdiction(call, box.instance)
    language, instance = language_of(call, box), box.instance
    offered = instance.catalogue.offered(day_of(box.clock(), instance.zone))
    document = [_service(category, instance, language) for category in offered]
    return answered(call, "services", document, language, cache=SHARED)


def definition(call: Call, box: Container) -> Reply:
    """Say what a service asks, and what whoever reports should know."""
    code = named(call)
    _check_jurisdiction(call, box.instance)
    if not code:
        raise Invalid([FieldFault("service_code", Fault.MISSING)])
    if code not in box.instance.catalogue.categories:
        raise NotFound
    category = box.instance.catalogue.choose(code, day_of(box.clock(), box.instance.zone))
    language = language_of(call, box)
    document: shapes.Definition = {"service_code": code, "attributes": _attributes(category, box.instance, language)}
    return answered(call, "service_definition", document, language, cache=SHARED)


def _check_jurisdiction(call: Call, instance: Instance) -> None:
    query = Arguments(call.query)
    query.jurisdiction(instance.code)
    query.done()


def _service(category: Category, instance: Instance, language: str) -> shapes.Service:
    words = texts(AREA, language)
    group = next(group for group in instance.catalogue.groups if group.code == category.group)
    known_as = [category.names[each] for each in instance.languages if each != language]
    return {
        "service_code": category.code,
        "service_name": category.names[language],
        "description": words["service.description"].format(name=category.names[language], emergency=instance.emergency),
        "metadata": True,
        "type": "realtime",
        # Commas separate keywords, so none may stand in one.
        "keywords": ", ".join(word.replace(",", " ") for word in [group.names[language], *known_as]),
        "group": group.names[language],
    }


def _attributes(category: Category, instance: Instance, language: str) -> list[shapes.Attribute]:
    words = texts(AREA, language)
    required = "required" if category.description_required else "optional"
    notes = [
        words[f"definition.place.{category.sensitivity}"],
        *([words["definition.after_confirmation"]] if category.public_after_confirmation else []),
        words["definition.emergency"].format(emergency=instance.emergency),
    ]
    weekdays = [(str(day), words[f"day.{day}"]) for day in range(1, 8)]
    parts = [(part.value, texts("parts", language)[part]) for part in Part]
    told: list[dict[str, Any]] = [
        {"code": "notes", "description": " ".join(notes)},
        {"code": "description", "description": words[f"definition.{required}"].format(limit=DESCRIPTION_LIMIT)},
    ]
    asked: list[dict[str, Any]] = [
        {"code": "occurred_at", "datatype": "datetime"},
        {"code": "days", "datatype": "multivaluelist", "values": _values(weekdays)},
        {"code": "parts", "datatype": "multivaluelist", "values": _values(parts)},
    ]
    rows = [
        *({"variable": False, "datatype": "string", "datatype_description": None, **row} for row in told),
        *(
            {
                "variable": True,
                "datatype_description": words[f"definition.{row['code']}.type"],
                "description": words[f"definition.{row['code']}"],
                **row,
            }
            for row in asked
        ),
    ]
    return [_attribute(row, order) for order, row in enumerate(rows, 1)]


def _attribute(row: dict[str, Any], order: int) -> shapes.Attribute:
    attribute: shapes.Attribute = {
        "variable": row["variable"],
        "code": row["code"],
        "datatype": row["datatype"],
        "required": False,
        "datatype_description": row["datatype_description"],
        "order": order,
        "description": row["description"],
    }
    if "values" in row:
        attribute["values"] = row["values"]
    return attribute


def _values(pairs: list[tuple[str, str]]) -> list[shapes.Value]:
    return [{"key": key, "name": name} for key, name in pairs]
