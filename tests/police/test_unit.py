"""A unit's settings: who may see and keep them, and on which version."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.store import alerting, flags, keys
from chalicelib.store.audit import Noted
from chalicelib.store.unit_items import UnitItem
from tests.http.world import World, errors
from tests.police.cases import FAR, UNIT
from tests.police.officers import Staff
from tests.police.unit_settings import CHIEF, OWN, PATH, noted, settings

Hire = Callable[..., Staff]


def test_settings_that_nobody_has_written_are_empty(coordinator: Staff) -> None:
    answer = coordinator.call("GET", PATH)
    assert answer.status == 200
    assert answer.body == {
        "unit": {
            "code": UNIT,
            "name": "Komenda Rejonowa Policji Warszawa I",
            "short": answer.body["unit"]["short"],
        },
        "addresses": [],
        "flagged": [],
        "escalation": {"chief": []},
        "budget": {"mails_per_hour": 20},
        "version": 1,
    }


def test_what_a_coordinator_writes_is_kept_and_noted(world: World, coordinator: Staff) -> None:
    answer = coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,), mails=12))
    assert answer.status == 200, answer.text
    assert (answer.body["addresses"], answer.body["version"]) == ([OWN], 2)
    assert coordinator.call("GET", PATH).body == answer.body
    assert alerting.mailbox(UNIT) == alerting.Mailbox((OWN,), (CHIEF,), 12)
    (entry,) = noted(world)
    assert entry == Noted(
        world.clock().replace(microsecond=123_000),
        f"subject-coordinator-{UNIT}",
        "coordinator",
        UNIT,
        "unit_write",
        about=UNIT,
    )


def test_addresses_are_kept_as_mail_goes_to_them(coordinator: Staff) -> None:
    answer = coordinator.call("PUT", PATH, settings(" Dyzurny@KRP1.Example "))
    assert answer.body["addresses"] == ["Dyzurny@krp1.example"]


def test_the_same_again_changes_nothing(world: World, coordinator: Staff) -> None:
    first = coordinator.call("PUT", PATH, settings(OWN))
    before = world.items("main")
    for version in (1, 2):
        again = coordinator.call("PUT", PATH, settings(OWN, version=version))
        assert (again.status, again.body) == (200, first.body)
    assert world.items("main") == before


def test_what_was_thought_out_on_an_old_version_is_refused_with_what_stands_now(
    world: World, coordinator: Staff
) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    before = world.items("main")
    answer = coordinator.call("PUT", PATH, settings("other@krp1.example"))
    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert answer.body["current"] == coordinator.call("GET", PATH).body
    assert world.items("main") == before


BAD: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    (
        {},
        {(each, "missing") for each in ("addresses", "escalation", "budget", "version")},
    ),
    (settings("kowalski", OWN, "a@b@c.pl"), {("addresses.0", "not_an_address"), ("addresses.2", "not_an_address")}),
    (settings(OWN, OWN.upper()), {("addresses.1", "repeated")}),
    (settings(*[f"a{n}@krp1.example" for n in range(11)]), {("addresses", "too_many")}),
    (settings(f"{'a' * 300}@krp1.example"), {("addresses.0", "too_long")}),
    (settings(f"{'a' * 2000}@krp1.example"), {("addresses.0", "too_long")}),
    (settings(OWN, chief=tuple(f"a{n}@krp1.example" for n in range(6))), {("escalation.chief", "too_many")}),
    (settings(OWN, chief=("x", CHIEF)), {("escalation.chief.0", "not_an_address")}),
    (settings(OWN, chief=(CHIEF, CHIEF)), {("escalation.chief.1", "repeated")}),
    (settings(OWN, mails=0), {("budget.mails_per_hour", "out_of_range")}),
    (settings(OWN, mails=21), {("budget.mails_per_hour", "out_of_range")}),
    (settings(OWN, version=0), {("version", "out_of_range")}),
    (
        {**settings("x", 5, mails=0), "unit": UNIT},  # type: ignore[arg-type]
        {
            ("addresses.0", "not_an_address"),
            ("addresses.1", "wrong_type"),
            ("budget.mails_per_hour", "out_of_range"),
            ("unit", "unknown_field"),
        },
    ),
    (settings(), {("addresses", "empty")}),
]


@pytest.mark.parametrize(("body", "expected"), BAD)
def test_bad_settings_are_told_all_their_faults_and_change_nothing(
    world: World, coordinator: Staff, body: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    before = world.items("main")
    answer = coordinator.call("PUT", PATH, body)
    assert (answer.status, errors(answer)) == (422, expected)
    assert world.items("main") == before


def test_as_many_as_allowed_are_taken(coordinator: Staff) -> None:
    many = [f"a{n}@krp1.example" for n in range(10)]
    answer = coordinator.call("PUT", PATH, settings(*many, chief=tuple(many[:5]), mails=1))
    assert (answer.status, answer.body["addresses"]) == (200, many)


def test_a_unit_may_do_without_an_address_where_the_unit_above_takes_its_mail(staff: Hire, coordinator: Staff) -> None:
    staff("KSP", "voivodeship").call("PUT", PATH, settings("ksp@ksp.example"))
    answer = coordinator.call("PUT", PATH, settings())
    assert (answer.status, answer.body["addresses"]) == (200, [])


def test_but_not_where_the_unit_above_takes_none_itself(world: World, staff: Hire, coordinator: Staff) -> None:
    staff("KSP", "voivodeship").call("PUT", PATH, settings("ksp@ksp.example"))
    assert flags.flag("KSP", "ksp@ksp.example", world.clock(), "bounce")
    assert errors(coordinator.call("PUT", PATH, settings())) == {("addresses", "empty")}


def test_a_garrison_never_does_without(staff: Hire) -> None:
    answer = staff("KSP", "voivodeship").call("PUT", PATH, settings())
    assert errors(answer) == {("addresses", "empty")}


@pytest.mark.parametrize(
    ("home", "role", "unit", "reads", "writes"),
    [
        (UNIT, "officer", UNIT, 403, 403),
        (UNIT, "coordinator", UNIT, 200, 200),
        (UNIT, "coordinator", "KSP", 422, 422),
        (UNIT, "coordinator", FAR, 422, 422),
        (UNIT, "coordinator", "NOWHERE", 422, 422),
        ("KSP", "coordinator", UNIT, 200, 200),
        ("KSP", "voivodeship", UNIT, 200, 200),
        ("KWP-BIALYSTOK", "voivodeship", UNIT, 422, 422),
        ("KWP-BIALYSTOK", "voivodeship", FAR, 200, 200),
        (None, "national", UNIT, 200, 403),
        (None, "national", "NOWHERE", 422, 403),
    ],
)
def test_L13_settings_are_of_those_who_lead_the_unit_or_one_above(
    world: World, staff: Hire, home: str | None, role: str, unit: str, reads: int, writes: int
) -> None:
    somebody = staff(home, role)
    assert somebody.call("GET", f"{PATH}?unit={unit}").status == reads
    before = world.items("main")
    assert somebody.call("PUT", f"{PATH}?unit={unit}", settings(OWN)).status == writes
    assert (world.items("main") == before) is (writes != 200)
    mailed = somebody.call("POST", f"{PATH}/test-mail", {"unit": unit})
    assert mailed.status == (202 if writes == 200 else writes)


def test_the_nation_has_no_unit_of_its_own(staff: Hire) -> None:
    assert errors(staff(None, "national").call("GET", PATH)) == {("unit", "missing")}


def test_what_is_asked_for_besides_is_told(coordinator: Staff) -> None:
    assert errors(coordinator.call("GET", f"{PATH}?city=x")) == {("city", "unknown_field")}


def test_a_unit_written_before_it_was_loaded_is_whole(coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    item = UnitItem.get(keys.unit(UNIT), keys.META)
    assert (item.code, item.name) == (UNIT, "Komenda Rejonowa Policji Warszawa I")
