"""Reading requests: what the map shows, in the standard's words, and nothing finer than a day."""

from typing import Any

import pytest

from chalicelib.domain.georeport import STATES, State, statuses_of
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN
from chalicelib.services import published
from tests.open311.client import Client, read, words

DAY = "2026-06-10T00:00:00+02:00"
STANDARD = [
    *("service_request_id", "status", "status_notes", "extended_status", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime", "updated_datetime"),
    *("expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"),
]
LIVES: list[tuple[list[tuple[str, str]], str | None]] = [
    ([], "open"),
    ([("verifying", "taken_up")], "open"),
    ([("verifying", "taken_up"), ("confirmed", "seen_at_check")], "open"),
    ([("verifying", "taken_up"), ("confirmed", "seen_at_check"), ("passed_on", "other_body")], "open"),
    ([("verifying", "taken_up"), ("unconfirmed", "not_present")], "closed"),
    ([("verifying", "taken_up"), ("confirmed", "seen_at_check"), ("eliminated", "gone")], "closed"),
    ([("joke", "joke")], None),
]


def filed(client: Client, **fields: Any) -> str:
    """File a request and return its id."""
    answer = client.post(**fields)
    assert answer.status == 200, answer.text
    return str(answer.body[0]["service_request_id"])


def shown(client: Client) -> None:
    """Let time pass until what is filed is on the map."""
    client.world.clock.pass_by(hours=2)
    client.publish()


def ids(client: Client, **query: Any) -> list[str]:
    """Return the ids of a list."""
    answer = client.get("requests.json", **query)
    assert answer.status == 200, answer.text
    return [each["service_request_id"] for each in answer.body]


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_O07_one_request_is_a_list_of_one(city: Client, kind: str) -> None:
    report = filed(city)
    (request,) = read(city.get(f"requests/{report}.{kind}"))
    assert list(request) == STANDARD
    assert request["service_request_id"] == report
    assert request["requested_datetime"] == request["updated_datetime"] == DAY
    assert request["expected_datetime"] == "2026-06-20T00:00:00+02:00"
    assert (request["status"], request["extended_status"], request["status_notes"]) == ("open", "new", None)
    assert [name for name in STANDARD if request[name] is None] == [
        *("status_notes", "description", "address", "address_id", "zipcode", "media_url")
    ]


@pytest.mark.parametrize("report", ["0" * 26, "x", "a%2Fb", "%00", "ż"])
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_O07_an_unknown_request_is_not_found(api: Client, report: str, kind: str) -> None:
    assert words(api.get(f"requests/{report}.{kind}")) == [("404", "not_found")]


def test_O07_a_request_without_an_id_is_told_so(api: Client) -> None:
    assert words(api.get("requests/.json")) == [("400", "missing")]


def test_a_hidden_request_is_found_nowhere(city: Client) -> None:
    report = filed(city, service_code="drug_use")
    shown(city)
    assert city.get(f"requests/{report}.json").status == 404
    assert ids(city) == ids(city, service_request_id=report) == []


def test_O08_every_status_is_told_by_one_state_and_back() -> None:
    assert STATES.keys() == set(Status)
    assert {status for status, state in STATES.items() if state is State.OPEN} == OPEN
    for state in State:
        assert {STATES[status] for status in statuses_of(frozenset({state}))} == {state}
    assert statuses_of(frozenset(State)) == set(Status)


def test_O08_a_case_is_told_by_its_state_its_own_status_and_the_reason(city: Client) -> None:
    expected: dict[str, tuple[str, str]] = {}
    for number, (steps, state) in enumerate(LIVES):
        report = filed(city, lat=52.1 + number / 20)
        for to, reason in steps:
            city.world.step(report, to, reason)
        if state is not None:
            expected[report] = (state, steps[-1][0] if steps else "new")
    shown(city)
    listed = city.get("requests.json").body
    assert {each["service_request_id"]: (each["status"], each["extended_status"]) for each in listed} == expected
    for each in listed:
        assert (each["status_notes"] is None) is (each["extended_status"] == "new")
        assert (each["expected_datetime"] is None) is (each["extended_status"] not in {"new", "verifying"})
    for state in ("open", "closed"):
        assert set(ids(city, status=state)) == {report for report, (told, _) in expected.items() if told == state}
    assert set(ids(city, status="open,closed")) == expected.keys()


def test_the_minute_of_filing_cannot_be_read(city: Client) -> None:
    city.world.clock.pass_by(minutes=17, seconds=43)
    report = filed(city)
    shown(city)
    for answer in (city.get(f"requests/{report}.json", extensions="true"), city.get("requests.xml", extensions="true")):
        assert "10:17" not in answer.text
        assert "12:17" not in answer.text
        assert DAY in answer.text


def test_a_list_shows_what_the_map_shows_and_when(city: Client) -> None:
    report, coarse = filed(city), filed(city, service_code="begging")
    city.publish()
    assert ids(city) == []
    assert ids(city, service_request_id=report) == [report]
    shown(city)
    assert ids(city) == [report]
    city.world.clock.pass_by(hours=12)
    city.publish()
    assert set(ids(city)) == {report, coarse}
    (request,) = city.get("requests.json", service_request_id=coarse).body
    assert abs(request["lat"] - 52.23) < 0.006
    assert (request["lat"], request["long"]) != (52.23, 21.01)


def test_what_has_left_since_the_publication_is_left_out(city: Client) -> None:
    report = filed(city)
    shown(city)
    city.world.step(report, "joke", "joke")
    assert ids(city) == []


def test_a_new_publication_is_noticed(city: Client) -> None:
    first = filed(city)
    shown(city)
    assert ids(city) == [first]
    second = filed(city, lat=52.3)
    other_tile = filed(city, lat=52.6, long=22.3)
    shown(city)
    assert set(ids(city)) == {first, second, other_tile}
    city.world.step(second, "joke", "joke")
    city.publish()
    assert set(ids(city)) == {first, other_tile}


def test_tiles_beyond_what_is_kept_are_read_each_time(city: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "KEPT_POINTS", 1)
    reports = {filed(city), filed(city, lat=52.6, long=22.3)}
    shown(city)
    assert set(ids(city)) == set(ids(city)) == reports
    assert len(city.world.box.points._kept) == 1


def test_M08_filters_join(city: Client) -> None:
    dump, parked = filed(city), filed(city, service_code="illegal_parking", lat=52.3)
    city.world.step(parked, "verifying", "taken_up")
    city.world.step(parked, "unconfirmed", "not_present")
    shown(city)
    assert ids(city, service_code="illegal_dump") == [dump]
    assert set(ids(city, service_code="illegal_dump,illegal_parking")) == {dump, parked}
    assert ids(city, service_code="illegal_parking", status="open") == []
    assert ids(city, start_date="2026-06-10T23:59:00+02:00", end_date="2026-06-10", status="open") == [dump]
    assert ids(city, start_date="2026-06-11T00:00:00+02:00") == []
    assert ids(city, start_date="2026-06-10T22:30:00Z") == []
    assert set(ids(city, end_date="2026-06-09T22:30:00Z")) == {dump, parked}


def test_M08_a_plus_sign_that_was_not_escaped_is_understood(city: Client) -> None:
    report = filed(city)
    shown(city)
    answer = city.send("GET", "requests.json?start_date=2026-06-10T00:00:00+02:00")
    assert [each["service_request_id"] for each in answer.body] == [report]


def test_ids_override_all_other_arguments(city: Client) -> None:
    first, second = filed(city), filed(city, lat=52.3)
    wanted = f"{second},{'0' * 26},{first}"
    assert ids(city, service_request_id=wanted, status="closed", page="7") == [second, first]
