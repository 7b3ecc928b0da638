"""Taking cases up: many with one request, and one from the mail, on a page that nothing is done by looking at."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.errors import LinkExpired, NotFound
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.domain.take_up_link import LONGEST, TakeUpLink, derived, mint, read
from chalicelib.events import relay
from chalicelib.services.casework import Casework
from chalicelib.store import keys, step
from chalicelib.store.step import Current
from chalicelib.store.unit_items import UnitItem
from tests.http.world import World, errors
from tests.police.officers import Staff
from tests.police.test_acting import Hire, audit, do
from tests.receipt.cases import Held, held, held_at
from tests.receipt.test_told import deliver

PATH = "/v1/police/reports/take-up"
LINK = "/v1/police/take-up-link"
KEY = derived(b"secret")
TODAY = date(2026, 6, 10)


def link(world: World, case: Held, unit: str = "KSP", day: date = TODAY) -> str:
    """The token in a unit's mail."""
    return mint(world.box.secrets.keyring.take_up_links, case.id, unit, day)


def test_S07_many_are_taken_up_and_each_is_noted(world: World, staff: Hire) -> None:
    cases = [held(world) for _ in range(3)]
    body = {"ids": [case.id for case in cases], "versions": [1, 1, 1]}
    answer = staff().call("POST", PATH, body)
    assert answer.status == 200
    assert [(row["id"], row["status"], row["version"]) for row in answer.body["reports"]] == [
        (case.id, "verifying", 2) for case in cases
    ]
    assert sorted(audit(world)) == sorted(("subject-officer-KSP", "officer", "take_up", case.id) for case in cases)


def test_S07_one_that_is_in_the_way_is_named_and_none_is_taken_up(world: World, staff: Hire) -> None:
    cases = [held(world), held_at(world, Status.VERIFYING)]
    before = world.items("main")
    answer = staff().call("POST", PATH, {"ids": [case.id for case in cases], "versions": [1, 1]})
    assert (answer.status, answer.body["code"]) == (409, "stale")
    assert errors(answer) == {(f"ids.{cases[1].id}", "changed")}
    foreign = staff("KMP-RADOM").call("POST", PATH, {"ids": [cases[0].id], "versions": [1]})
    assert (foreign.status, errors(foreign)) == (422, {(f"ids.{cases[0].id}", "not_found")})
    assert world.items("main") == before


def test_a_list_that_is_sent_again_under_its_key_is_taken_up_once(world: World, staff: Hire) -> None:
    cases, key, officer = [held(world), held(world)], str(uuid4()), staff()
    body = {"ids": [case.id for case in cases], "versions": [1, 1]}
    first = officer.call("POST", PATH, body, Idempotency_Key=key)
    before = world.items("main")
    assert officer.call("POST", PATH, body, Idempotency_Key=key).body == first.body
    assert world.items("main") == before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"ids": [], "versions": []}, {("ids", "empty"), ("versions", "empty")}),
        ({"ids": ["0" * 21] * 2, "versions": [1, 1]}, {("ids", "repeated")}),
        ({"ids": ["0" * 21], "versions": [1, 1]}, {("versions", "out_of_range")}),
        ({"ids": [f"{number:021d}" for number in range(26)], "versions": [1]}, {("ids", "too_many")}),
        ({"ids": ["x y"], "versions": [0]}, {("ids.0", "mistyped"), ("versions.0", "out_of_range")}),
    ],
)
def test_lists_that_are_none_are_told_so(
    world: World, staff: Hire, body: dict[str, list[object]], expected: set[tuple[str, str]]
) -> None:
    assert world.box is not None
    answer = staff().call("POST", PATH, body)
    assert (answer.status, errors(answer)) == (422, expected)


def test_a_link_shows_its_case_and_looking_does_nothing(world: World) -> None:
    case = held(world, description="kanarek")
    before = world.items("main")
    answer = world.stranger().call("GET", LINK, Take_Up=link(world, case))
    assert answer.status == 200
    shown = answer.body
    assert (shown["id"], shown["status"], shown["may_take_up"], shown["valid_until"]) == (
        *(case.id, "new", True, "2026-06-17"),
    )
    assert not any(secret in answer.text for secret in ("kanarek", "52.23", "21.01", case.receipt))
    assert world.items("main") == before


def test_a_link_takes_its_case_up_once_and_says_who_it_was(world: World) -> None:
    case = held(world)
    token = link(world, case)
    first = world.stranger().call("POST", LINK, Take_Up=token)
    assert (first.status, first.body["status"], first.body["may_take_up"]) == (200, "verifying", False)
    before = world.items("main")
    assert world.stranger().call("POST", LINK, Take_Up=token).body == first.body
    assert world.items("main") == before
    assert audit(world) == [("mail-link", "mail-link", "take_up", case.id)]
    assert [noted["unit"]["S"] for noted in world.items("main", "A#")] == ["KSP"]
    assert world.current(case.id).version == 2


def test_a_link_is_its_units_alone(world: World, staff: Hire) -> None:
    case = held(world)
    token = link(world, case)
    do(staff(), case, "transfer", {"unit": "KMP-RADOM"})
    before = world.items("main")
    for method in ("GET", "POST"):
        assert world.stranger().call(method, LINK, Take_Up=token).status == 404
    assert world.items("main") == before


@pytest.mark.parametrize("status", [Status.JOKE, Status.WITHDRAWN, Status.ELIMINATED])
def test_a_case_that_is_closed_is_not_taken_up_by_an_old_mail(world: World, status: Status) -> None:
    case = held_at(world, status)
    before = world.items("main")
    answer = world.stranger().call("POST", LINK, Take_Up=link(world, case))
    assert (answer.status, answer.body["code"], answer.body["case_status"]) == (409, "too_late", status)
    assert world.items("main") == before


@pytest.mark.parametrize(("moment", "status"), [("2026-06-17T23:59:59+02:00", 200), ("2026-06-18T00:00:00+02:00", 410)])
def test_a_link_works_to_the_end_of_the_seventh_local_day(world: World, moment: str, status: int) -> None:
    case = held(world)
    token = link(world, case)
    world.clock.now = datetime.fromisoformat(moment).astimezone(UTC)
    assert world.stranger().call("GET", LINK, Take_Up=token).status == status


def test_a_link_that_is_missing_or_forged_opens_nothing(world: World) -> None:
    case = held(world)
    assert errors(world.stranger().call("GET", LINK)) == {("Take-Up", "missing")}
    forged = mint(derived(b"other"), case.id, "KSP", TODAY)
    for token in (forged, "x", "ą.ż", link(world, case)[:-1], link(world, case) + "=", "." * 500):
        assert world.stranger().call("POST", LINK, Take_Up=token).status in {400, 404}, token
    assert world.current(case.id).version == 1


def test_every_character_of_a_token_counts() -> None:
    token = mint(KEY, "a" * 21, "KSP", TODAY)
    assert read(KEY, token, TODAY) == TakeUpLink("a" * 21, "KSP", TODAY + timedelta(days=7))
    assert len(token) < LONGEST
    refused = 0
    for place in range(len(token)):
        for letter in "Aa0-_.":
            changed = token[:place] + letter + token[place + 1 :]
            if changed != token:
                with pytest.raises(NotFound):
                    read(KEY, changed, TODAY)
                refused += 1
    assert refused > 5 * len(token)


def test_what_is_longer_than_any_link_is_not_even_read() -> None:
    with pytest.raises(NotFound):
        read(KEY, mint(KEY, "a" * 21, "U" * LONGEST, TODAY), TODAY)


def test_an_old_token_is_told_from_a_forged_one() -> None:
    with pytest.raises(LinkExpired):
        read(KEY, mint(KEY, "a" * 21, "KSP", TODAY), TODAY + timedelta(days=8))


def test_two_clicks_at_one_moment_take_up_once(world: World) -> None:
    from tests.acts.test_bulk import at_once

    case = held(world)
    token = link(world, case)
    answers = at_once(*[lambda: world.stranger().call("POST", LINK, Take_Up=token)] * 4)
    assert {(answer.status, answer.body["status"]) for answer in answers} == {(200, "verifying")}
    assert (world.current(case.id).version, len(audit(world))) == (2, 1)


def test_an_officer_needs_no_link(staff: Hire, world: World) -> None:
    assert isinstance(staff(), Staff)
    assert errors(staff().call("POST", LINK)) == {("Take-Up", "missing")}
    assert world.items("main", "A#") == []


def test_the_link_of_a_mail_that_was_sent_opens_its_case_and_opening_changes_nothing(world: World) -> None:
    UnitItem(keys.unit("KSP"), keys.META, code="KSP", addresses=["warszawa@police.example"]).save()
    relay.alerts.cache_clear()
    case = held(world)
    (told,) = deliver(world, case)
    (token,) = re.findall(r"/policja/#/przyjmij/([\w.-]+)", told["BodyText"])
    before = world.items("main")
    for _ in range(3):
        assert world.stranger().call("GET", LINK, Take_Up=token).body["may_take_up"] is True
    assert world.items("main") == before
    taken = world.stranger().call("POST", LINK, Take_Up=token)
    assert (taken.status, taken.body["status"]) == (200, "verifying")


def test_a_case_that_is_always_written_by_somebody_else_is_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = held(world)
    plain = Casework.take_step

    def late(casework: Casework, *given: Any, **also: Any) -> Current:
        before = world.current(case.id)
        event = world.casework.event(before, "note", Actor.POLICE)
        world.casework.write([step.Change(before, event)])
        return plain(casework, *given, **also)

    monkeypatch.setattr(Casework, "take_step", late)
    answer = world.stranger().call("POST", LINK, Take_Up=link(world, case))
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert world.current(case.id).status == "new"
