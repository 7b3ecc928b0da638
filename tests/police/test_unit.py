"""A unit's settings: who may see and keep them, on which version, and what comes of it for the mail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from pynamodb.exceptions import UpdateError

from chalicelib.domain.calendar import day_of
from chalicelib.services.mailboxes import Box, Mailboxes
from chalicelib.store import alerting, audit, flags, keys, unit_settings
from chalicelib.store.audit import Noted
from chalicelib.store.models import connection
from chalicelib.store.unit_items import UnitItem
from tests.alerts.world import hooked
from tests.http.gateway import Answer
from tests.http.world import World, errors
from tests.police.cases import FAR, UNIT
from tests.police.officers import Staff
from tests.store.faults import Fault, cancelled, faults, lost_after, lost_before, throttled

Hire = Callable[..., Staff]
PATH = "/v1/police/unit"
OWN, CHIEF = "dyzurny@krp1.example", "naczelnik@krp1.example"


def settings(*addresses: str, chief: tuple[str, ...] = (), mails: int = 20, version: int = 1) -> dict[str, Any]:
    """The body of a change."""
    return {
        "addresses": list(addresses),
        "escalation": {"chief": list(chief)},
        "budget": {"mails_per_hour": mails},
        "version": version,
    }


def noted(world: World) -> list[Noted]:
    """What the audit of the day says."""
    return list(audit.of_day(day_of(world.clock(), world.box.instance.zone)))


@pytest.fixture
def coordinator(staff: Hire) -> Staff:
    """The coordinator of `UNIT`."""
    return staff(UNIT, "coordinator")


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


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Call together: all have read the settings before any of them writes."""
    barrier = Barrier(len(calls))
    waited: list[int] = []

    def wait(**_: Any) -> None:
        if len(waited) < len(calls):
            waited.append(barrier.wait(30))

    client = connection().client
    event = "before-call.dynamodb.TransactWriteItems"
    with hooked(client, event, wait), ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(call) for call in calls]
        answers = [each.result(60) for each in running]
    assert len(waited) == len(calls)
    return answers


def test_of_two_that_write_at_once_one_is_told_what_the_other_wrote(world: World, coordinator: Staff) -> None:
    addresses = [f"a{number}@krp1.example" for number in range(4)]
    answers = at_once(*[lambda each=each: coordinator.call("PUT", PATH, settings(each)) for each in addresses])
    (won,) = [answer for answer in answers if answer.status == 200]
    lost = [answer for answer in answers if answer.status == 409]
    assert len(lost) == 3
    assert all(answer.body["current"] == won.body for answer in lost)
    assert coordinator.call("GET", PATH).body == won.body
    assert len(noted(world)) == 1


def test_of_two_that_write_the_same_at_once_both_are_right_and_one_is_noted(world: World, coordinator: Staff) -> None:
    answers = at_once(*[lambda: coordinator.call("PUT", PATH, settings(OWN))] * 2)
    assert [answer.status for answer in answers] == [200, 200]
    assert {answer.body["version"] for answer in answers} == {2}
    assert len(noted(world)) == 1


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
        (UNIT, "coordinator", "KSP", 404, 404),
        (UNIT, "coordinator", FAR, 404, 404),
        (UNIT, "coordinator", "NOWHERE", 404, 404),
        ("KSP", "coordinator", UNIT, 200, 200),
        ("KSP", "voivodeship", UNIT, 200, 200),
        ("KWP-BIALYSTOK", "voivodeship", UNIT, 404, 404),
        ("KWP-BIALYSTOK", "voivodeship", FAR, 200, 200),
        (None, "national", UNIT, 200, 403),
        (None, "national", "NOWHERE", 404, 403),
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


def test_a_flag_is_shown_with_its_reason_until_the_settings_are_written_again(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,)))
    world.clock.pass_by(minutes=5)
    assert flags.flag(UNIT, OWN, world.clock(), "bounce")
    assert flags.flag(UNIT, CHIEF.upper(), world.clock(), "complaint")
    shown = coordinator.call("GET", PATH).body
    since = keys.instant(world.clock())
    assert shown["flagged"] == [
        {"address": OWN, "since": since, "reason": "bounce"},
        {"address": CHIEF, "since": since, "reason": "complaint"},
    ]
    assert (shown["addresses"], shown["version"]) == ([OWN], 2)
    # Sent again by a connection that broke: it was thought out before the mail came back.
    assert coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,))).body == shown
    cleared = coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,), version=2)).body
    assert (cleared["flagged"], cleared["version"]) == ([], 3)
    assert flags.flag(UNIT, OWN, world.clock() + timedelta(hours=1), "bounce")
    assert len(coordinator.call("GET", PATH).body["flagged"]) == 1


def test_of_two_bounces_told_at_once_one_is_noted(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    barrier = Barrier(2)

    def told(_: int) -> bool:
        return flags.flag(UNIT, OWN, world.clock(), "bounce")

    def wait(**_: Any) -> None:
        barrier.wait(30)

    event = "before-call.dynamodb.UpdateItem"
    with (
        hooked(connection().client, event, wait),
        ThreadPoolExecutor(2) as pool,
    ):
        answers = list(pool.map(told, range(2)))
    assert sorted(answers) == [False, True]
    assert len(unit_settings.read(UNIT).flags) == 1


def test_mail_goes_to_the_address_again_once_the_coordinator_stands_by_it(world: World, coordinator: Staff) -> None:
    boxes = Mailboxes(world.box.instance, "fallback@police.example")
    coordinator.call("PUT", PATH, settings(OWN))
    flags.flag(UNIT, OWN, world.clock(), "bounce")
    assert boxes.of_unit(UNIT).addresses == ("fallback@police.example",)
    coordinator.call("PUT", PATH, settings(OWN, version=2))
    assert boxes.of_unit(UNIT).addresses == (OWN,)


def test_the_chief_hears_of_overdue_cases_and_bulletins_keep_to_the_budget(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,), mails=4))
    boxes = Mailboxes(world.box.instance, "fallback@police.example")
    assert (boxes.of_box(Box(UNIT)).addresses, boxes.of_box(Box(UNIT)).limit) == ((OWN,), 4)
    assert boxes.of_box(Box(UNIT, 1)).addresses == (CHIEF,)


def test_a_unit_written_before_it_was_loaded_is_whole(coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    item = UnitItem.get(keys.unit(UNIT), keys.META)
    assert (item.code, item.name) == (UNIT, "Komenda Rejonowa Policji Warszawa I")


BUSY = cancelled("TransactionConflict", "None")


@pytest.mark.parametrize("planned", [[BUSY], [lost_before], [lost_after], [throttled]])
def test_a_passing_fault_of_the_store_is_not_noticed(world: World, coordinator: Staff, planned: list[Fault]) -> None:
    with faults(*planned) as left:
        answer = coordinator.call("PUT", PATH, settings(OWN))
    assert (answer.status, answer.body["version"], left) == (200, 2, [])
    assert len(noted(world)) == 1


@pytest.mark.parametrize(
    "planned", [[BUSY] * 5, [throttled] * 3, [cancelled("ItemCollectionSizeLimitExceeded", "None")]]
)
def test_where_the_store_does_not_answer_nothing_is_written(
    world: World, coordinator: Staff, planned: list[Fault]
) -> None:
    before = world.items("main")
    with faults(*planned) as left:
        answer = coordinator.call("PUT", PATH, settings(OWN))
    assert (answer.status, answer.body["code"], left) == (503, "unavailable", [])
    assert world.items("main") == before


def test_a_bounce_that_cannot_be_noted_is_told_again(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    with faults(*[throttled] * 9, operation="UpdateItem"), pytest.raises(UpdateError):
        flags.flag(UNIT, OWN, world.clock(), "bounce")
