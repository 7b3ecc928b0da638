"""Soft budgets of networks: over them a report is taken and held, and nobody talks their way around them."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from chalicelib import container as composition
from chalicelib.container import Container
from chalicelib.domain.network import IPV4_LIMIT, Kind
from chalicelib.domain.proof import HELD_FACTOR, LEVELS
from chalicelib.http.call import Call
from chalicelib.services.networks import CallersNetwork
from chalicelib.services.proof import Asked
from chalicelib.store.budgets import Tally
from tests.http.gateway import event
from tests.http.world import SEA, Citizen, World
from tests.store.faults import faults, throttled

HOME = "2001:db8:1:2::1"
FEW = 3


def tiers(world: World, *addresses: str | None, **headers: str) -> list[int]:
    """File one report of a new device from each address and return the tiers; every one must be accepted."""
    found = []
    for address in addresses:
        citizen = world.citizen()
        citizen.address = address
        answer = citizen.call("POST", "/v1/reports", body(), Idempotency_Key=str(uuid4()), **headers)
        assert answer.status == 201, answer.text
        found.append(answer.body["tier"])
    return found


PLACES = count()


def body() -> dict[str, Any]:
    """A report of a place of its own, so that none repeats another."""
    return {"category": "illegal_dump", "lat": round(52.2 + 0.001 * next(PLACES) % 0.3, 6), "lon": 21.01}


def test_over_the_budget_of_its_64_a_report_is_taken_and_held(world: World) -> None:
    assert tiers(world, *[HOME] * (FEW + 2)) == [1, 1, 1, 2, 2]


def test_a_neighbour_in_the_same_64_shares_the_budget_and_another_64_does_not(world: World) -> None:
    assert tiers(world, HOME, "2001:db8:1:2:ffff::9", HOME, "2001:db8:1:2::77", "2001:db8:1:3::1") == [1, 1, 1, 2, 1]


def test_many_networks_of_one_48_share_its_budget(world: World) -> None:
    found = tiers(world, *[f"2001:db8:1:{number:x}::1" for number in range(IPV4_LIMIT + 2)])
    assert found == [1] * IPV4_LIMIT + [2, 2]


def test_an_ipv4_address_has_twenty_and_its_neighbour_twenty_more(world: World) -> None:
    assert tiers(world, *["198.51.100.7"] * IPV4_LIMIT, "::ffff:198.51.100.7", "198.51.100.8") == [
        *[1] * IPV4_LIMIT,
        2,
        1,
    ]


def test_the_budget_is_anothers_the_next_day(world: World) -> None:
    assert tiers(world, *[HOME] * (FEW + 1))[-1] == 2
    world.clock.pass_by(days=1)
    assert tiers(world, HOME) == [1]


@pytest.mark.parametrize("address", ["", None, "unknown", "198.51.100.7, 203.0.113.1"])
def test_without_an_address_the_least_budget_holds_for_all_together(world: World, address: str | None) -> None:
    assert tiers(world, *[address] * FEW, "nonsense") == [1] * FEW + [2]


FORGED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CloudFront-Viewer-Address", "True-Client-IP", "X-Client-IP")


@pytest.mark.parametrize("header", FORGED)
def test_what_the_caller_says_of_its_address_counts_for_nothing(world: World, header: str) -> None:
    found = []
    for number in range(FEW + 1):
        found += tiers(world, HOME, **{header.replace("-", "_"): f"203.0.113.{number}:80"})
    assert found == [1, 1, 1, 2]


def test_behind_the_distribution_its_word_counts_and_without_it_nobodys(world: World) -> None:
    settings = world.stack.settings(BEHIND_DISTRIBUTION="true")
    composition.install(Container(settings, world.clock, world.box._resources))
    edge, (seal,) = "198.51.100.200", world.box.secrets.keyring.seals
    headers = {"CloudFront_Viewer_Address": f"{HOME}:443", "X_Forwarded_For": "203.0.113.5", "Czujka_Seal": seal}
    assert tiers(world, *[edge] * (FEW + 1), **headers) == [1, 1, 1, 2]
    assert tiers(world, edge, **headers | {"CloudFront_Viewer_Address": "198.51.100.9:443"}) == [1]
    assert tiers(world, *[edge] * (FEW + 1), Czujka_Seal=seal) == [1, 1, 1, 2], "a distribution that names nobody"


@pytest.mark.parametrize("seal", [None, "", "0" * 64, "é"])
def test_who_goes_past_the_distribution_is_taken_for_who_they_are_whatever_they_say(
    world: World, seal: str | None
) -> None:
    settings = world.stack.settings(BEHIND_DISTRIBUTION="true")
    composition.install(Container(settings, world.clock, world.box._resources))
    shown = {} if seal is None else {"Czujka_Seal": seal}
    found = []
    for number in range(FEW + 1):
        found += tiers(world, HOME, CloudFront_Viewer_Address=f"203.0.113.{number}:80", **shown)
    assert found == [1, 1, 1, 2]


def test_a_declared_network_has_its_own_limit(world: World) -> None:
    assert tiers(world, *["127.0.0.1"] * (IPV4_LIMIT + 1)) == [1] * (IPV4_LIMIT + 1)


def test_L02_a_refused_report_does_not_count_for_its_network(world: World) -> None:
    citizen = world.citizen(HOME)
    for _ in range(FEW):
        assert citizen.file(lat=SEA[0], lon=SEA[1]).status == 422
    citizen.file()
    for _ in range(FEW):
        assert citizen.file().status == 429
    assert tiers(world, HOME, HOME, HOME) == [1, 1, 2]


def test_the_same_submission_again_is_not_counted_again(world: World) -> None:
    citizen, key = world.citizen(HOME), str(uuid4())
    answers = [citizen.file(key) for _ in range(FEW + 1)]
    assert {answer.body["tier"] for answer in answers} == {1}
    assert tiers(world, HOME, HOME, HOME) == [1, 1, 2]


def test_a_held_report_is_not_public_and_its_reporter_follows_it(world: World) -> None:
    for _ in range(FEW):
        world.citizen(HOME).file()
    held = world.citizen(HOME).file().body
    world.clock.pass_by(days=1)
    assert world.stranger().call("GET", f"/v1/reports/{held['id']}").status == 404
    near = world.stranger().call("GET", "/v1/reports?lat=52.23&lon=21.01&radius_m=2000").body["reports"]
    assert held["id"] not in {each["id"] for each in near}
    assert len(near) == FEW
    followed = world.stranger().call("GET", "/v1/receipt", Receipt=held["receipt"])
    assert (followed.status, followed.body["tier"], followed.body["public"]) == (200, 2, False)


def test_a_budget_that_cannot_be_asked_is_503_and_leaves_the_device_free(world: World) -> None:
    citizen = world.citizen(HOME)
    with faults(*[throttled] * 3, operation="UpdateItem"):
        answer = citizen.file()
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert world.census()["report"] == 0
    assert citizen.file().status == 201


def test_a_full_network_is_asked_for_four_times_the_work(world: World) -> None:
    world.box._resources.proof = Asked(1, lambda: None)
    try:
        citizen = world.citizen(HOME)

        def most() -> int:
            answer = citizen.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4())})
            return int(answer.body["challenge"]["parameters"]["data"]["most"])

        assert most() == LEVELS[1].most
        network = CallersNetwork(world.box.instance, world.box.salts, _source(HOME), world.clock())
        assert [network.spend(Kind.REPORT) for _ in range(FEW + 1)] == [True] * FEW + [False]
        assert most() == LEVELS[1].most * HELD_FACTOR
    finally:
        vars(world.box._resources).pop("proof")


def _source(text: str) -> Any:
    return Call.of(event("GET", "/v1/health", source=text)).source()


def test_kinds_and_subjects_are_counted_apart(world: World) -> None:
    network = CallersNetwork(world.box.instance, world.box.salts, _source("198.51.100.7"), world.clock())
    assert [network.spend(Kind.HINT, "one case") for _ in range(4)] == [True, True, True, False]
    assert network.is_full(Kind.HINT, "one case")
    assert network.spend(Kind.HINT, "another case")
    assert not network.is_full(Kind.REPORT)


def test_a_kind_of_which_none_is_allowed_is_always_full() -> None:
    day, what = date(2026, 6, 10), ("report", "10.0.0.0/8", "")
    tally = Tally.of((b"salt", datetime(2026, 6, 11, tzinfo=UTC)), day, what, 0)
    assert (tally.is_full(), tally.spend()) == (True, False)


def test_no_address_is_in_any_table(world: World) -> None:
    addresses = ["198.51.100.7", HOME, "203.0.113.77"]
    tiers(world, *addresses, X_Forwarded_For="203.0.113.99")
    everything = str(world.items("main") + world.items("quota"))
    for trace in (*addresses, "2001:db8:1", "203.0.113.99", "198.51"):
        assert trace not in everything


def test_nothing_else_than_filing_counts(world: World) -> None:
    citizen: Citizen = world.citizen(HOME)
    for _ in range(FEW + 1):
        citizen.call("GET", "/v1/catalogue")
        citizen.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4())})
    assert tiers(world, HOME) == [1]
