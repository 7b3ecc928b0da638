from datetime import date
from typing import Any

import pytest

from chalicelib.domain.catalogue import Catalogue, Sensitivity, as_document
from chalicelib.domain.errors import CategoryWithdrawn, Invalid
from chalicelib.domain.faults import Fault
from tests.unit.domain.conftest import MakeCategory


def document(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"version": "1", "groups": [{"code": "water", "names": {"pl": "Woda"}}], "categories": list(rows)}


def row(code: str, **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "names": {"pl": f"Nazwa {code}", "en": f"Name {code}"},
        "group": "water",
        "icon": "waves",
        "sensitivity": "ordinary",
        "priority": 1,
        "description_required": False,
        "duplicate_radius_m": 100,
        "take_up_days": 3,
        "verify_days": 7,
    } | changes


OLD_AND_NEW = document(
    row("old", valid_to="2020-01-01", successors=["new"]),
    row("new", valid_from="2020-01-02", names={"pl": "Żółć  na wodzie", "en": "New"}),
)


def test_category_is_read_whole() -> None:
    category = Catalogue.from_document(OLD_AND_NEW).categories["old"]
    assert category.sensitivity is Sensitivity.ORDINARY
    assert (category.valid_from, category.valid_to) == (None, date(2020, 1, 1))
    assert category.successors == ("new",)
    assert not category.public_after_confirmation


def test_public_form_reads_back_as_the_same_category() -> None:
    catalogue = Catalogue.from_document(OLD_AND_NEW)
    again = Catalogue.from_document(document(*map(as_document, catalogue.categories.values())))
    assert again.categories == catalogue.categories


@pytest.mark.parametrize(
    ("day", "valid"),
    [("2019-01-19", False), ("2019-01-20", True), ("2020-01-01", True), ("2020-01-02", False)],
)
def test_first_and_last_day_of_validity_both_count(make_category: MakeCategory, day: str, *, valid: bool) -> None:
    category = make_category(valid_from=date(2019, 1, 20), valid_to=date(2020, 1, 1))
    assert category.valid_on(date.fromisoformat(day)) is valid


def test_open_ended_category_is_always_valid(make_category: MakeCategory) -> None:
    assert make_category().valid_on(date.min)
    assert make_category().valid_on(date.max)


def test_R20_withdrawn_category_is_refused_with_its_successors() -> None:
    catalogue = Catalogue.from_document(OLD_AND_NEW)
    with pytest.raises(CategoryWithdrawn) as refusal:
        catalogue.choose("old", date(2020, 1, 2))
    assert refusal.value.successors == ("new",)
    assert catalogue.choose("old", date(2020, 1, 1)).code == "old"


def test_R20_withdrawn_category_is_not_offered_but_still_known() -> None:
    catalogue = Catalogue.from_document(OLD_AND_NEW)
    assert [category.code for category in catalogue.offered(date(2026, 11, 24))] == ["new"]
    assert "old" in catalogue.categories


def test_R02_unknown_category_is_a_fault_of_its_field() -> None:
    with pytest.raises(Invalid) as refusal:
        Catalogue.from_document(OLD_AND_NEW).choose("&/group:x", date(2026, 11, 24))
    [fault] = refusal.value.faults
    assert (fault.field, fault.code) == ("category", Fault.UNKNOWN_CATEGORY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("old", "old"),
        (" old ", "old"),
        ("Nazwa old", "old"),
        ("NAME OLD", "old"),
        ("Żółć na wodzie", "new"),
        ("żółć  NA wodzie", "new"),
        ("Z\u0307o\u0301łc\u0301 na wodzie", "new"),
    ],
)
def test_category_is_found_by_code_or_name_however_written(text: str, code: str) -> None:
    found = Catalogue.from_document(OLD_AND_NEW).find(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "Zolc na wodzie", "OLD", "x" * 10_000])
def test_what_is_no_category_is_not_found(text: str) -> None:
    assert Catalogue.from_document(OLD_AND_NEW).find(text) is None


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([row("a"), row("a", names={"pl": "Inna"})], "code stands twice"),
        ([row("a"), row("b", names={"pl": "NAZWA  a"})], "share a name"),
        ([row("a", group="fire")], "unknown group fire"),
        ([row("a", successors=["b"])], "unknown successor"),
    ],
)
def test_catalogue_that_contradicts_itself_is_refused(rows: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Catalogue.from_document(document(*rows))


def test_name_that_is_the_same_in_two_languages_is_no_contradiction() -> None:
    catalogue = Catalogue.from_document(document(row("a", names={"pl": "Quad", "en": "quad"})))
    assert catalogue.find("QUAD") is catalogue.categories["a"]
