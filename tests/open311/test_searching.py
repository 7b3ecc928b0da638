"""Searching by circle, page, period and format: what is found, and every fault of a search."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.georeport import SPAN_DAYS, Period, instant_of
from chalicelib.store.objects import Objects
from tests.open311.client import Client, element, read, words
from tests.open311.test_requests import filed, ids, shown


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
