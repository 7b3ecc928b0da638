"""What a night says of its own exports: true of the very files, and valid for those who wrote the standards."""

import copy
import gzip
import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.services.describing import SERVED_AS
from chalicelib.services.stable import served_as
from tests.nightly.world import VULNERABLE, WARSAW, Night, days_ago, reach_back
from tests.support.validating import Checked, save, validate, validators

LATEST = "data/exports/latest/"
INDEXES = {"reports.json"}
DESCRIBE = "DESCRIBE FROM read_parquet($1, hive_partitioning = false)"
KINDS = {"string": "VARCHAR", "date": "DATE", "number": "DOUBLE", "yearmonth": "VARCHAR"}


@pytest.fixture(scope="module")
def published(shared_night: Night) -> Night:
    """One night over reports of all categories and of three months, some of them handled."""
    night, chance = shared_night, random.Random(5)
    categories = list(night.container.instance.catalogue.categories)
    places = [(52.2 + chance.random() / 20, 21 + chance.random() / 20) for _ in range(12)]
    rows = [(days_ago(chance.randrange(40)), chance.choice(places), chance.choice(categories), 1) for _ in range(120)]
    made = night.file_all(rows)
    night.load([(date(2026, 9, 3) + timedelta(days=n % 20), WARSAW, VULNERABLE) for n in range(40)], status="confirmed")
    night.step_all([(report, "verifying", "taken_up") for report in made[::3]])
    night.step_all([(report, "unconfirmed", "not_present") for report in made[::9]])
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch)
        night.run()
    return night


@pytest.fixture(scope="module")
def exports(published: Night) -> dict[str, bytes]:
    return {key.removeprefix(LATEST): body for key, body in published.objects(LATEST).items()}


@pytest.fixture(scope="module")
def package(exports: dict[str, bytes]) -> dict[str, Any]:
    return dict(json.loads(exports["datapackage.json"]))


@pytest.fixture(scope="module")
def catalogue(exports: dict[str, bytes]) -> dict[str, Any]:
    return dict(json.loads(exports["dcat.jsonld"]))


def spoil_a_status(exports: dict[str, bytes]) -> None:
    path = next(path for path in exports if path.endswith("reports.csv.gz"))
    exports[path] = gzip.compress(gzip.decompress(exports[path]).replace(b",confirmed,", b",lost,"))


def spoil_the_header(exports: dict[str, bytes]) -> None:
    text = gzip.decompress(exports["cells.csv.gz"]).replace(b"cell,resolution", b"resolution,cell")
    exports["cells.csv.gz"] = gzip.compress(text)


def spoil_one_byte(exports: dict[str, bytes]) -> None:
    exports["dictionary.csv"] = exports["dictionary.csv"].replace(b"gmina", b"gwina")


FILES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "constraint-error": spoil_a_status,
    "incorrect-label": spoil_the_header,
    "hash-count": spoil_one_byte,
}
"""What is done to the files, by the fault that it makes."""

PROPERTIES: dict[str, Callable[[dict[str, Any], list[dict[str, Any]]], Any]] = {
    "a title": lambda catalogue, _: catalogue.pop("dct:title"),
    "a description": lambda catalogue, _: catalogue.pop("dct:description"),
    "a publisher": lambda catalogue, _: catalogue.pop("dct:publisher"),
    "the publisher's name": lambda catalogue, _: catalogue["dct:publisher"].pop("foaf:name"),
    "a dataset's title": lambda _, datasets: datasets[0].pop("dct:title"),
    "a dataset's description": lambda _, datasets: datasets[0].pop("dct:description"),
    "an address": lambda _, datasets: datasets[0]["dcat:distribution"][0].pop("dcat:accessURL"),
    "a class": lambda _, datasets: [dataset["dcat:contactPoint"].pop("@type") for dataset in datasets],
}
"""What DCAT-AP wants of a catalogue, taken away one by one."""


@pytest.fixture(scope="module")
def checked(
    exports: dict[str, bytes], catalogue: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Checked], dict[str, list[str]]]:
    """What the validators find in the exports and the catalogue as they are, and spoilt."""
    sets, documents = {"whole": exports}, {"whole": catalogue}
    for fault, spoil in FILES.items():
        spoil(spoilt := dict(exports))
        assert spoilt != exports
        sets[fault] = spoilt
    for fault, take in PROPERTIES.items():
        whole, *datasets = (spoilt_catalogue := copy.deepcopy(catalogue))["@graph"]
        take(whole, datasets)
        documents[fault] = spoilt_catalogue
    folders = [save(files, "", tmp_path_factory.mktemp(name)) for name, files in sets.items()]
    packages, catalogues = validate(folders, list(documents.values()))
    return dict(zip(sets, packages, strict=True)), dict(zip(documents, catalogues, strict=True))


@validators
def test_frictionless_and_shacl_find_no_fault_in_what_a_night_wrote(
    checked: tuple[dict[str, Checked], dict[str, list[str]]], exports: dict[str, bytes], package: dict[str, Any]
) -> None:
    packages, catalogues = checked
    assert (packages["whole"].faults, catalogues["whole"]) == ([], [])
    rows = packages["whole"].rows
    assert rows.keys() == {resource["name"] for resource in package["resources"]}
    (index,) = [json.loads(gzip.decompress(exports["reports.json"]))]
    assert rows["reports"] == sum(month["rows"] for month in index["months"]) > 100
    assert rows["cells"] > 100
    assert (rows["areas"] > 50, rows["responses"] > 20) == (True, True)


@validators
@pytest.mark.parametrize("fault", FILES)
def test_frictionless_finds_files_that_are_not_as_described(
    checked: tuple[dict[str, Checked], dict[str, list[str]]], fault: str
) -> None:
    assert fault in {kind for kind, *_ in checked[0][fault].faults}


@validators
@pytest.mark.parametrize("fault", PROPERTIES)
def test_the_shapes_miss_nothing_that_is_taken_away(
    checked: tuple[dict[str, Checked], dict[str, list[str]]], fault: str
) -> None:
    assert checked[1][fault] != []


def test_every_file_is_in_the_package_once_with_its_true_size_and_hash(
    exports: dict[str, bytes], package: dict[str, Any]
) -> None:
    told: dict[str, tuple[int, str]] = {}
    for resource in package["resources"]:
        for files in (resource, *resource.get("copies", [])):
            parts = files.get("parts", [files])
            assert files["path"] in (parts[0]["path"], [part["path"] for part in parts])
            told |= {part["path"]: (part["bytes"], part["hash"]) for part in parts}
    # The folders for those who read one as a table hold copies.
    files = {path for path in exports if not path.startswith("tables/") and not path.endswith(".html")}
    described = files - (SERVED_AS.keys() - {"dictionary.csv"}) - INDEXES
    assert told == {path: (len(exports[path]), f"sha256:{sha256(exports[path]).hexdigest()}") for path in described}
    assert len([path for path in told if "month=" in path]) == 6


def test_parquet_has_the_columns_and_types_of_the_schema(
    exports: dict[str, bytes], package: dict[str, Any], tmp_path: Path
) -> None:
    save(exports, "", tmp_path)
    checked = 0
    for resource in package["resources"][:-1]:
        wanted = [(field["name"], field["type"]) for field in resource["schema"]["fields"]]
        for copied in (files for files in resource["copies"] if files["format"] == "parquet"):
            for part in copied.get("parts", [copied]):
                found = duckdb.execute(DESCRIBE, [str(tmp_path / part["path"])]).fetchall()
                assert [row[0] for row in found] == [column for column, _ in wanted]
                for (_, kind), (_, stored, *_) in zip(wanted, found, strict=True):
                    assert stored in {KINDS.get(kind), *(("INTEGER", "BIGINT") if kind == "integer" else ())}
                checked += 1
    assert checked >= 6


def test_the_catalogue_leads_to_files_that_are_there(
    published: Night, exports: dict[str, bytes], catalogue: dict[str, Any]
) -> None:
    site = published.container.settings.site_url
    found = set()
    for dataset in catalogue["@graph"][1:]:
        for distribution in dataset["dcat:distribution"]:
            path = distribution["dcat:accessURL"]["@id"].removeprefix(f"{site}/{LATEST}")
            assert path in exports
            found.add(path)
            if "dcat:downloadURL" in distribution:
                body = exports[path]
                assert distribution["dcat:byteSize"]["@value"] == str(len(body))
                assert distribution["spdx:checksum"]["spdx:checksumValue"]["@value"] == sha256(body).hexdigest()
        assert {title["@language"] for title in dataset["dct:title"]} == {"pl", "en", "uk"}
    assert found == {
        "reports.json",
        *(f"{name}.{kind}" for name in ("cells", "areas", "responses") for kind in ("csv.gz", "parquet")),
        "cells.geojson.gz",
    }


def test_the_catalogue_says_whose_the_data_is_and_about_when_and_where(catalogue: dict[str, Any]) -> None:
    whole, *datasets = catalogue["@graph"]
    assert {name["@value"] for name in whole["dct:publisher"]["foaf:name"]} >= {"Operator of the Czujka safety map"}
    assert whole["dct:license"]["@id"].endswith("/licence/CC_BY_4_0")
    assert whole["dct:spatial"][0]["@id"].endswith("/country/POL")
    assert "POLYGON((14.07 48.99, 24.2 48.99, 24.2 54.9" in whole["dct:spatial"][1]["dcat:bbox"]["@value"]
    periods = {
        dataset["@id"].split("#")[1]: [dataset["dct:temporal"][f"dcat:{end}Date"]["@value"] for end in ("start", "end")]
        for dataset in datasets
    }
    assert periods["reports"] == ["2026-09-01", "2026-11-21"]
    assert periods["cells"] == ["2025-11-22", "2026-11-21"]
    assert all(dataset["dct:accrualPeriodicity"]["@id"].endswith("/DAILY") for dataset in datasets)


@pytest.mark.parametrize(
    ("name", "served"),
    [
        *((name, (kind, None)) for name, kind in SERVED_AS.items()),
        ("reports.json", ("application/json", "gzip")),
        ("cells.csv.gz", ("application/gzip", None)),
        ("cells.parquet", ("application/vnd.apache.parquet", None)),
    ],
)
def test_stable_addresses_may_be_kept_for_five_minutes_and_builds_for_ever(
    published: Night, name: str, served: tuple[str, str | None]
) -> None:
    built = published.manifest()["exports"][name].removeprefix("/")
    for key, rule in ((f"{LATEST}{name}", "public, max-age=300"), (built, "public, max-age=31536000, immutable")):
        answer = published.s3.head_object(Bucket=published.site, Key=key)
        assert (answer["ContentType"], answer.get("ContentEncoding")) == served
        assert answer["CacheControl"] == rule
    # The emulator keeps an encoding that a copy does not name; the real store drops it.
    assert served_as(name) == (served[0], "public, max-age=300", served[1])
