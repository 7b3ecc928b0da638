"""What a build says about its own exports: data dictionary, Data Package and DCAT-AP catalogue.

They are stored as they are, not gzipped: harvesters that ask for them do not all unpack.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.domain.instance import Instance
from chalicelib.services import dcat, dictionary
from chalicelib.services.datapackage import package
from chalicelib.services.files import JSON, File, Written, compact
from chalicelib.services.published_tables import published
from chalicelib.services.tables import safe

CSV = "text/csv; charset=utf-8"
JSON_LD = "application/ld+json"

SERVED_AS = {"dictionary.json": JSON, "dictionary.csv": CSV, "datapackage.json": JSON, "dcat.jsonld": JSON_LD}
"""The files by their names, and what they are served as."""


def descriptions(
    instance: Instance, site_url: str, day: date, prefix: str, written: Iterable[Written], months: Iterable[str]
) -> list[File]:
    """Return the files that describe the exports of a build of `day`, which lie under `prefix`.

    `written` are all of its files, `months` the months of the rows of reports, as their step recorded them.
    """
    tables = published(day, prefix, written, months)
    names = [table.name for table in tables]
    sheet = _sheet(dictionary.rows(names, instance))
    listed = File("dictionary.csv", sheet).written()
    bodies = {
        "dictionary.json": compact(dictionary.document(names, instance)),
        "dictionary.csv": sheet,
        "datapackage.json": compact(package(instance, site_url, day, tables, listed)),
        "dcat.jsonld": compact(dcat.catalogue(instance, site_url, day, tables)),
    }
    return [File(f"{prefix}{name}", body, SERVED_AS[name]) for name, body in bodies.items()]


def _sheet(rows: Iterable[tuple[Any, ...]]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(dictionary.HEADER)
    writer.writerows(safe(row) for row in rows)
    return target.getvalue().encode()
