"""The step of the night that tells of areas: tables for analysts, and a file for each area."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from chalicelib.domain.areas import COUNTRY
from chalicelib.domain.instance import Instance
from chalicelib.services import area_tellings, outlines, summary
from chalicelib.services.area_counts import gather
from chalicelib.services.area_files import AreaFiles
from chalicelib.services.area_tables import areas_table, responses_table
from chalicelib.services.builds import CSV_GZ, PARQUET, Build, Record
from chalicelib.services.files import HTML, File, compact, packed, put_all
from chalicelib.services.manifest import build_prefix
from chalicelib.services.place_names import KEY
from chalicelib.services.regions import region
from chalicelib.services.state import Workshop
from chalicelib.store.objects import Objects


def names(site: Objects, instance: Instance) -> dict[str, str]:
    """Return the names of areas by code: the gazetteer's, the instance's own, and the country's."""
    body = site.get(KEY)
    listed = [] if body is None else json.loads(body)["areas"]
    known = {area["code"]: area["name"] for area in listed if area["name"]}
    return {**known, **instance.area_names, COUNTRY: instance.names[instance.default_language]}


def write(build: Build, shop: Workshop, paths: Sequence[Path]) -> Record:
    """Write all that a build tells of areas; the record knows how many reports of the last year all areas have.

    Raises:
        PointerMoved: another run was faster; nothing was published.
    """
    instance, prefix = build.instance, build_prefix(build.name)
    land = region(build.work, instance.statistics_resolution)
    told = area_tellings.tell(shop, build.work, paths, instance.catalogue, build.day, land)
    found = gather(shop, paths, instance.catalogue, build.day)
    people, units = instance.population, {unit.code: unit.name for unit in instance.units}
    tables = {
        "areas": areas_table(shop, found, told, build.names, people, build.day),
        "responses": responses_table(shop, found, units),
    }
    written = put_all(
        build.site,
        [
            file
            for name, table in tables.items()
            for file in (
                File(f"{prefix}exports/{name}.csv.gz", table.csv, CSV_GZ),
                File(f"{prefix}exports/{name}.parquet", table.parquet, PARQUET),
            )
        ],
    )
    written += put_all(
        build.site,
        (
            File(f"{prefix}exports/{name}", body, HTML)
            for name, body in summary.pages(instance, found, build.names, build.day)
        ),
    )
    documents = AreaFiles(found, told, build.names, people, build.day).documents(shop)
    written += put_all(
        build.site, (packed(f"{prefix}areas/{area}.json", compact(document)) for area, document in documents)
    )
    if land is not None:
        written += outlines.write(build.site, land, build.names)
    facts = {"year": int(found.year[:, 0].sum()), "outlines": land and outlines.version(land, build.names)}
    return build.recorded("areas", written, facts)


def template(build: str) -> str:
    """Return the template of the address of an area's file."""
    return f"/{build_prefix(build)}areas/{{area}}.json"
