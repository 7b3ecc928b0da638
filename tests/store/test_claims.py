"""Who may file how often, and where duplicates are asked about: the quota's providers under the use case."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from chalicelib.domain.errors import OutsideCountry, PossibleDuplicate, QuotaUsed
from chalicelib.domain.report import NewReport, Tier
from chalicelib.services.case import NewCase
from chalicelib.services.intake import Filed, Intake, Submission
from chalicelib.store.claims import Standing
from chalicelib.store.quota import DeviceQuota, KeyQuota, QuotaProvider, Salts
from tests.http.world import SEA, WARSAW, World
from tests.race.test_race import at_once
from tests.store.faults import conflict, faults, lost_after

LIMIT = 3


@dataclass(frozen=True)
class Key:
    """An API key as whoever files."""

    name: str = "waste app"
    key_version: int = 1


def intake(world: World, quota: QuotaProvider | None = None, **parts: Any) -> Intake:
    """The use case as an API key meets it."""
    box = world.box
    return Intake(box.instance, lambda: box.places, quota or KeyQuota(Salts(), LIMIT), world.clock(), **parts)


def file(world: World, case: Intake, filer: Any = None, key: UUID | None = None, lat: float = WARSAW[0]) -> Filed:
    """File a report of whoever it is."""
    submission = Submission.of(world.box.secrets.keyring, filer or Key(), key or uuid4())
    return case.file(submission, lambda: NewReport("illegal_dump", lat, WARSAW[1]))


def counted(world: World) -> list[str]:
    """What the counters of the day stand at."""
    return [item["n"]["N"] for item in world.items("quota", "Q#") if "n" in item]


def test_an_api_key_files_up_to_its_limit_and_is_told_when_it_may_again(world: World) -> None:
    for _ in range(LIMIT):
        assert file(world, intake(world)).new
    with pytest.raises(QuotaUsed) as refused:
        file(world, intake(world))
    assert (refused.value.limit, refused.value.resets_at.isoformat()) == (LIMIT, "2026-06-10T22:00:00+00:00")
    assert counted(world) == [str(LIMIT)]
    world.clock.pass_by(hours=12)
    assert file(world, intake(world)).new


def test_the_count_holds_where_the_look_was_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.store.claims.Count.look", lambda _: Standing.FREE)
    outcomes = [file(world, intake(world)).new for _ in range(LIMIT)]
    assert outcomes == [True] * LIMIT
    with pytest.raises(QuotaUsed):
        file(world, intake(world))
    assert world.census()["report"] == LIMIT


def test_a_submission_of_an_api_key_counts_once_however_often_it_comes(world: World) -> None:
    key = uuid4()
    first = file(world, intake(world), key=key)
    with faults(lost_after, conflict):
        file(world, intake(world))
    again = [file(world, intake(world), key=key) for _ in range(LIMIT)]
    assert {(filed.id, filed.new) for filed in again} == {(first.id, False)}
    assert counted(world) == ["2"]


def test_a_full_key_still_finds_what_it_has_filed(world: World) -> None:
    key = uuid4()
    first = file(world, intake(world), key=key)
    for _ in range(LIMIT - 1):
        file(world, intake(world))
    assert file(world, intake(world), key=key).id == first.id


def test_a_refused_report_of_an_api_key_is_not_counted(world: World) -> None:
    with pytest.raises(OutsideCountry):
        file(world, intake(world), lat=SEA[0])
    assert counted(world) == []


def test_keys_and_devices_of_one_name_do_not_share_a_count(world: World) -> None:
    file(world, intake(world))
    file(world, intake(world), replace(Key(), name="other"))
    file(world, intake(world, DeviceQuota(Salts())))
    assert counted(world) == ["1", "1"]
    assert world.census()["quota"] == 3


def test_L03_of_many_reports_of_a_key_at_once_as_many_as_allowed_are_accepted(world: World) -> None:
    assert world.box.places is not None

    def post(_: int) -> bool | None:
        try:
            return file(world, intake(world)).new
        except QuotaUsed:
            return None

    outcomes = at_once(post, 6)
    assert sorted(map(str, outcomes)) == ["None"] * (6 - LIMIT) + ["True"] * LIMIT
    assert counted(world) == [str(LIMIT)]


def asking(times: list[NewCase]) -> Callable[[NewCase], None]:
    """A check that finds a duplicate each time and notes what it was asked about."""

    def check(case: NewCase) -> None:
        times.append(case)
        raise PossibleDuplicate([])

    return check


def test_a_possible_duplicate_costs_nothing_and_counts_for_no_network(world: World) -> None:
    asked: list[NewCase] = []
    budget: list[Tier] = []

    def tier() -> Tier:
        budget.append(Tier.ORDINARY)
        return budget[-1]

    case = intake(world, refuse_duplicate=asking(asked), tier=tier)
    with pytest.raises(PossibleDuplicate):
        file(world, case)
    assert [(each.category.code, each.area) for each in asked] == [("illegal_dump", "1465")]
    assert (budget, counted(world), world.census()["report"]) == ([], [], 0)


def test_what_was_accepted_before_is_no_duplicate_of_itself(world: World) -> None:
    key = uuid4()
    first = file(world, intake(world), key=key)
    world.clock.pass_by(days=1)
    assert file(world, intake(world, refuse_duplicate=asking([])), key=key).id == first.id


def test_nobody_is_asked_about_duplicates_who_may_not_file_today(world: World) -> None:
    asked: list[NewCase] = []
    for _ in range(LIMIT):
        file(world, intake(world))
    with pytest.raises(QuotaUsed):
        file(world, intake(world, refuse_duplicate=asking(asked)))
    assert asked == []


def test_the_tier_stands_in_the_report_its_first_event_and_the_answer(world: World) -> None:
    key = uuid4()
    filed = file(world, intake(world, tier=lambda: Tier.HELD), key=key)
    assert filed.tier == Tier.HELD
    tiers = {item["t"]["S"]: item["tier"]["N"] for item in world.items("main", "R#")}
    assert tiers == {"report": "2", "event": "2"}
    assert file(world, intake(world), key=key).tier == Tier.HELD, "whatever the network does later"
