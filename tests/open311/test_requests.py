"""Reading requests: what the map shows, in the standard's words, and nothing finer than a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.georeport import SPAN_DAYS, STATES, Period, State, instant_of, statuses_of
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN
from chalicelib.services import published
from chalicelib.store.objects import Objects
from tests.open311.client import Client, element, read, words

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


def test_pages_follow_one_another_newest_first(city: Client) -> None:
    yesterday = [filed(city, lat=52.1 + number / 10) for number in range(3)]
    city.world.clock.pass_by(hours=13)
    today = [filed(city, lat=52.4 + number / 10) for number in range(2)]
    shown(city)
    newest = sorted(today, reverse=True) + sorted(yesterday, reverse=True)
    assert ids(city) == newest
    assert [ids(city, page=page, page_size=2) for page in (1, 2, 3, 4)] == [newest[:2], newest[2:4], newest[4:], []]


def test_the_last_90_days_are_the_default(city: Client) -> None:
    old = filed(city)
    shown(city)
    city.world.clock.pass_by(days=90)
    assert ids(city) == [old]
    city.world.clock.pass_by(days=1)
    assert ids(city) == []
    assert ids(city, start_date="2026-06-01") == [old]


def test_M01_only_what_is_near_is_found(city: Client) -> None:
    near, far = filed(city), filed(city, lat=52.25)
    shown(city)
    assert ids(city, lat=52.23, long=21.01, radius=1000) == [near]
    assert set(ids(city, lat=52.23, long=21.01, radius=5000)) == {near, far}
    assert ids(city, lat=52.23, long=21.01) == [near]
    assert ids(city, lat=52.6, long=22) == []


REFUSED = [
    ({"lat": 52}, [("400", "missing")]),
    ({"long": 21}, [("400", "missing")]),
    ({"radius": 500}, [("400", "missing"), ("400", "missing")]),
    ({"lat": "x", "long": 21}, [("400", "wrong_type")]),
    ({"lat": 52, "long": 21, "radius": 10_001}, [("400", "out_of_range")]),
    ({"service_code": "aliens"}, [("400", "unknown_value")]),
    ({"status": "new"}, [("400", "unknown_value")]),
    ({"start_date": "yesterday"}, [("400", "not_a_time")]),
    ({"end_date": "2026-02-30"}, [("400", "not_a_time")]),
    ({"start_date": "2026-06-10T10:00:00"}, [("400", "not_a_time")]),
    ({"start_date": "2026-06-10", "end_date": "2026-06-09"}, [("400", "earlier")]),
    ({"start_date": "2026-01-01", "end_date": "2026-06-09"}, [("400", "period_too_long")]),
    ({"page": 0}, [("400", "out_of_range")]),
    ({"page": 1.5}, [("400", "wrong_type")]),
    ({"page": 101}, [("400", "out_of_range")]),
    ({"page_size": 1001}, [("400", "out_of_range")]),
    ({"page": [1, 2]}, [("400", "repeated")]),
    ({"jurisdiction_id": "de"}, [("404", "unknown_jurisdiction")]),
    ({"service_request_id": ",".join("0" * 26 for _ in range(101))}, [("400", "too_many")]),
    (
        {"service_code": "aliens", "page": 0, "lat": 52},
        [("400", "unknown_value"), ("400", "missing"), ("400", "out_of_range")],
    ),
]


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize(("query", "expected"), REFUSED, ids=lambda value: str(value)[:60])
def test_M02_M07_M09_every_fault_of_a_search_is_listed(
    api: Client, query: dict[str, Any], expected: list[tuple[str, str]], kind: str
) -> None:
    answer = api.get(f"requests.{kind}", **query)
    assert words(answer) == expected
    assert answer.status == int(expected[0][0])


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_O13_lists_agree_in_both_formats(city: Client, language: str) -> None:
    report = filed(city, **{"attribute[days][]": ["5", "1"], "attribute[parts][]": ["night"]})
    city.world.step(report, "verifying", "taken_up")
    filed(city, lat=52.3)
    shown(city)
    city.language = language
    for path in ("requests", f"requests/{report}"):
        answers = [city.get(f"{path}.{kind}", extensions="true") for kind in ("json", "xml")]
        assert read(answers[0]) == read(answers[1])
        assert len(read(answers[0])) in {1, 2}


def test_extended_attributes_come_when_asked_for(city: Client) -> None:
    report = filed(city, **{"attribute[days][]": ["5", "1"], "attribute[parts][]": ["night"]})
    (plain,) = city.get(f"requests/{report}.json").body
    (extended,) = city.get(f"requests/{report}.json", extensions="true").body
    more = extended.pop("extended_attributes")
    assert plain == extended
    assert (more["days"], more["parts"], more["sources"]) == ([1, 5], ["night"], 1)
    assert more["pattern"] == [{"day": 1, "part": "night", "count": 1}, {"day": 5, "part": "night", "count": 1}]


def test_an_empty_list_is_an_empty_element(api: Client) -> None:
    root = element(api.get("requests.xml"))
    assert (root.tag, len(root)) == ("service_requests", 0)
    assert api.get("requests.json").body == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, ("2026-03-12", "2026-06-10")),
        ("2026-06-01", None, ("2026-06-01", "2026-06-10")),
        ("2026-01-01", None, ("2026-01-01", "2026-04-01")),
        ("2026-07-01", None, ("2026-07-01", "2026-07-01")),
        (None, "2026-04-01", ("2026-01-01", "2026-04-01")),
        ("2026-01-01", "2026-04-01", ("2026-01-01", "2026-04-01")),
    ],
)
def test_a_period_reaches_over_90_days_at_most(start: str | None, end: str | None, expected: tuple[str, str]) -> None:
    given = [None if day is None else datetime.fromisoformat(f"{day}T12:00:00+00:00") for day in (start, end)]
    period = Period.of(given[0], given[1], date(2026, 6, 10), UTC)  # type: ignore[arg-type]  # any zone will do
    assert (period.first.isoformat(), period.last.isoformat()) == expected
    with pytest.raises(Invalid):
        Period.of(
            given[0] or datetime(2026, 1, 1, tzinfo=UTC),
            (given[0] or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(days=SPAN_DAYS + 1),
            date(2026, 6, 10),
            UTC,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    ("day", "offset"), [("2026-03-29", "+01:00"), ("2026-03-30", "+02:00"), ("2026-10-25", "+02:00")]
)
def test_O09_an_instant_has_the_offset_of_its_day(api: Client, day: str, offset: str) -> None:
    told = instant_of(date.fromisoformat(day), api.world.box.instance.zone)
    assert told == f"{day}T00:00:00{offset}"


def test_a_publication_that_is_swept_while_it_is_read_is_asked_for_again(city: Client) -> None:
    filed(city)
    shown(city)
    site = Objects(city.world.box.s3, city.world.stack.names["SITE_BUCKET"])
    swept = list[str]()

    def sweep(**_: Any) -> None:
        if not swept:
            swept.append("begun")
            keys = [key for key in site.list_keys("data/") if "/points/" in key]
            swept.extend(keys)
            site.delete_many(keys)

    events = site.s3.meta.events
    events.register_first("after-call.s3.ListObjectsV2", sweep)
    try:
        answer = city.get("requests.json")
    finally:
        events.unregister("after-call.s3.ListObjectsV2", sweep)
    assert len(swept) > 1
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
