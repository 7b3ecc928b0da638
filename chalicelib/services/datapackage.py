"""The Data Package of the exports (Frictionless, version 2 of the standard, https://datapackage.org/standard/).

Each table is one resource: its CSV with a schema. The same rows in other formats are listed with it as `copies`; the
monthly files of one table are one resource of many paths, of which `parts` tells size and hash, for the standard has
room for one hash only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.domain.instance import Instance
from chalicelib.languages import texts
from chalicelib.services.columns import TABLES, Column, Kind, TableOfData
from chalicelib.services.dictionary import allowed, describe, summary, title
from chalicelib.services.files import Written
from chalicelib.services.published_tables import Copy, Published

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

LANGUAGE = "en"
"""Data packages speak one language; the dictionary beside them speaks three."""


def package(
    instance: Instance, site_url: str, day: date, tables: Iterable[Published], dictionary: Written
) -> dict[str, Any]:
    """Return the descriptor of a build's exports; `dictionary` is the dictionary as a table, path as theirs."""
    words, open_data = texts("dictionary", LANGUAGE), instance.open_data
    place = instance.names.get(LANGUAGE, instance.names[instance.default_language])
    publisher = open_data.publisher.get(LANGUAGE, open_data.publisher[instance.default_language])
    return {
        "$schema": PROFILE,
        "name": f"czujka-{instance.code}",
        "title": words["package.title"].format(place=place),
        "description": words["package.summary"],
        "homepage": f"{site_url}/",
        "version": day.isoformat(),
        "licenses": [{"name": open_data.licence.code, "title": open_data.licence.title, "path": open_data.licence.url}],
        "contributors": [{"title": publisher, "path": f"{site_url}/", "roles": ["publisher"]}],
        "sources": [
            {"title": words["source.reports"], "path": f"{site_url}/"},
            *({"title": source.title, "path": source.url} for source in open_data.sources),
        ],
        "keywords": words["keywords"].split(", "),
        "resources": [*(_resource(table, instance) for table in tables), _dictionary(dictionary)],
    }


def _resource(table: Published, instance: Instance) -> dict[str, Any]:
    described = TABLES[table.name]
    return {
        "name": table.name,
        "type": "table",
        "title": title(described, LANGUAGE),
        "description": summary(described, LANGUAGE),
        **_files(table.csv),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(described, instance),
        "copies": [
            {**_files(copy), "format": copy.format.name, "mediatype": copy.format.media_type}
            for copy in table.copies
            if copy is not table.csv
        ],
    }


def _files(copy: Copy) -> dict[str, Any]:
    parts = [_file(file) for file in copy.files]
    if len(parts) == 1 and "/" not in copy.files[0].key:
        return parts[0]
    return {"path": [part["path"] for part in parts], "parts": parts}


def _file(file: Written) -> dict[str, Any]:
    return {"path": file.key, "bytes": file.size, "hash": f"sha256:{file.sha256}"}


def _schema(table: TableOfData, instance: Instance) -> dict[str, Any]:
    return {
        "$schema": SCHEMA_PROFILE,
        "fields": [_field(table, column, instance) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }


def _field(table: TableOfData, column: Column, instance: Instance) -> dict[str, Any]:
    limits = {
        "required": column.required or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "pattern": column.pattern,
        "enum": [int(value) if column.kind is Kind.INTEGER else value for value in allowed(column, instance)] or None,
    }
    constraints = {name: limit for name, limit in limits.items() if limit is not None}
    return {
        "name": column.name,
        "type": column.kind.value,
        "description": describe(table, column, LANGUAGE),
        **({} if column.unit is None else {"unit": column.unit}),
        **({"constraints": constraints} if constraints else {}),
    }


def _dictionary(file: Written) -> dict[str, Any]:
    return {
        "name": "dictionary",
        "type": "table",
        "title": "Data dictionary",
        **_file(file),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
