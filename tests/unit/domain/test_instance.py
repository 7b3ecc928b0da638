from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest

from chalicelib.domain.instance import Instance


def build(documents: dict[str, Any], **changes: Any) -> Instance:
    return Instance.from_documents(documents["instance"] | changes, documents["catalogue"], documents["units"])


def test_instance_is_read_whole(documents: dict[str, Any]) -> None:
    instance = build(documents)
    assert (instance.code, instance.zone.key, instance.emergency) == ("pl", "Europe/Warsaw", "112")
    assert (instance.languages, instance.default_language) == (("pl", "en", "uk"), "pl")
    assert instance.bounds == (14.07, 48.99, 24.2, 54.9)
    assert instance.centre == (52.1, 19.4)
    assert instance.country_buffer_m == 5000
    assert instance.names["uk"] == "Польща"
    assert instance.units["KSP"].name == "Komenda Stołeczna Policji"
    assert instance.catalogue.version == documents["catalogue"]["version"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"centre": [19.4, 52.1]}, "centre"),
        ({"centre": [52.1, 24.2]}, "centre"),
        ({"centre": [52.1, 14.07]}, "centre"),
        ({"centre": [54.9, 19.4]}, "centre"),
        ({"centre": [48.99, 19.4]}, "centre"),
        ({"statistics_resolution": 6}, "resolution 7 to 9"),
        ({"statistics_resolution": 10}, "resolution 7 to 9"),
        ({"default_language": "de"}, "default language"),
        ({"languages": ["pl", "de"]}, "name is missing"),
        ({"names": {"pl": "Polska"}}, "name is missing"),
    ],
)
def test_instance_that_contradicts_itself_is_refused(
    documents: dict[str, Any], changes: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        build(documents, **changes)


@pytest.mark.parametrize("part", ["groups", "categories"])
def test_every_name_of_the_catalogue_is_needed_in_every_language(documents: dict[str, Any], part: str) -> None:
    rows = [*documents["catalogue"][part]]
    rows[3] = rows[3] | {"names": {"pl": rows[3]["names"]["pl"]}}
    catalogue = documents["catalogue"] | {part: rows}
    with pytest.raises(ValueError, match="name is missing"):
        Instance.from_documents(documents["instance"], catalogue, documents["units"])


def test_unknown_zone_is_refused(documents: dict[str, Any]) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        build(documents, zone="Europe/Atlantis")
