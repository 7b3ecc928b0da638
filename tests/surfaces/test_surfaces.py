"""One report of each class, status, tier and age, and every surface of the public at once."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.http.routes import ANYTHING_ELSE, PARTNER, POLICE, ROUTES
from chalicelib.services.changes import changes, days_between
from chalicelib.services.duplicates import similar
from tests.http.world import World
from tests.nightly.world import Night
from tests.support import atom
from tests.support.thorough import least, some
from tests.surfaces import oracle
from tests.surfaces.people import CANARY, NIGHT, NOW, Person, settle

Places = dict[str, tuple[float, float] | None]


@dataclass
class Public:
    """Everything that was filed, published by a night and by a live run, at one told moment."""

    world: World
    night: Night
    people: list[Person]
    folder: Path

    def expected(self, shows: Callable[[Person], bool]) -> Places:
        """The places that the oracle lets a surface show, by report."""
        return {person.id: oracle.place(person) for person in self.people if shows(person)}

    def pages(self) -> Places:
        """What `GET /v1/reports/{id}` answers."""
        found: Places = {}
        for person in self.people:
            answer = self.world.stranger().call("GET", f"/v1/reports/{person.id}")
            assert answer.status in {200, 404}, person.name
            if answer.status == 200:
                found[person.id] = _place(answer.body["location"])
        return found

    def nearby(self) -> Places:
        """What a search finds around the true place of each report."""
        found: Places = {}
        for person in self.people:
            # Within a coarse cell whatever the public place is.
            lat, lon = person.place
            answer = self.world.stranger().call("GET", f"/v1/reports?lat={lat}&lon={lon}&radius_m=700")
            found |= {row["id"]: _place(row["location"]) for row in answer.body["reports"]}
        return found

    def duplicates(self) -> Places:
        """What somebody is shown who reports the same at the same place."""
        instance, found = self.world.box.instance, Places()
        for person in self.people:
            category = instance.catalogue.categories[person.category]
            found |= {case.id: oracle.place(person) for case in similar(*person.place, category, instance, NOW)}
        return found

    def points(self) -> Places:
        """The points that the manifest leads to."""
        return {report: (row["lat"], row["lon"]) for report, row in self.night.points().items()}

    def subscriptions(self) -> Places:
        """What the daily mails would be made of, were all these days to be told."""
        days = days_between(date(2026, 10, 1), date(2026, 11, 22))
        found = changes(self.world.box.feed, self.world.box.instance, days, NOW)
        return {change.report: (change.lat, change.lon) for change in found}

    def requests(self) -> Places:
        """What Open311 answers about single requests."""
        found: Places = {}
        for person in self.people:
            answer = self.world.stranger().call("GET", f"/open311/v2/requests/{person.id}.json")
            assert answer.status in {200, 404}, person.name
            if answer.status == 200:
                found |= _requests(answer.body)
        return found

    def lists_of_requests(self) -> Places:
        """What Open311 lists."""
        found, page = Places(), 1
        while True:
            query = f"start_date=2026-10-01T00:00:00Z&page_size=25&page={page}"
            listed = _requests(self.world.stranger().call("GET", f"/open311/v2/requests.json?{query}").body)
            if not listed:
                return found
            found, page = found | listed, page + 1

    def csv_rows(self) -> Places:
        """The rows of the monthly CSV files."""
        found: Places = {}
        for body in self._exports(".csv.gz"):
            for row in csv.DictReader(io.StringIO(gzip.decompress(body).decode())):
                found[row["id"]] = (float(row["lat"]), float(row["lon"]))
        return found

    def parquet_rows(self) -> Places:
        """The rows of the monthly Parquet files."""
        found: Places = {}
        for body in self._exports(".parquet"):
            path = self.folder / "rows.parquet"
            path.write_bytes(body)
            rows = duckdb.execute("SELECT id, lat, lon FROM read_parquet($1)", [str(path)]).fetchall()
            found |= {report: (lat, lon) for report, lat, lon in rows}
        return found

    def feeds(self) -> Places:
        """What the Atom feeds tell: of ordinary categories alone."""
        found: Places = {}
        for key, body in self.night.objects("data/feeds/").items():
            if key.endswith(".atom"):
                for entry in atom.read(body).entries:
                    found[entry.link.rpartition("=")[2]] = entry.point
        return found

    def _exports(self, suffix: str) -> Iterator[bytes]:
        for key, body in self.night.objects("data/exports/latest/reports/").items():
            if key.endswith(suffix):
                yield body


SURFACES: Mapping[str, tuple[Callable[[Public], Places], Callable[[Person], bool]]] = {
    "page": (Public.pages, oracle.page),
    "nearby": (Public.nearby, oracle.on_map),
    "duplicates": (Public.duplicates, oracle.on_map),
    "request": (Public.requests, oracle.page),
    "requests": (Public.lists_of_requests, oracle.on_map),
    "points": (Public.points, oracle.on_map),
    "subscriptions": (Public.subscriptions, oracle.on_map),
    "feeds": (Public.feeds, oracle.feed),
    "csv": (Public.csv_rows, oracle.row),
    "parquet": (Public.parquet_rows, oracle.row),
}
"""Every surface on which the public meets single reports: how it is read, and what it may show."""

PUBLIC_ROUTES = {
    "/v1/reports/{id}": "page",
    "/v1/reports": "nearby",
    "/v1/reports/{id}/corroborations": "page",
    "/v1/subscriptions": "subscriptions",
    "/open311/v2/requests.json": "requests",
    "/open311/v2/requests.xml": "requests",
    "/open311/v2/requests/{document}": "request",
}
NOT_PUBLIC = {
    *("/v1/health", "/v1/catalogue", "/v1/rules", "/v1/openapi.json", "/v1/units/locate", "/v1/challenge"),
    *("/v1/receipt", "/v1/receipt/answers", "/v1/receipt/withdraw", "/v1/receipt/uploads"),
    *(f"/open311/v2/{path}.{kind}" for path in ("discovery", "services") for kind in ("json", "xml")),
    *(
        "/open311/v2/services/{document}",
        "/v1/subscriptions/{token}/confirm",
        "/v1/subscriptions/{token}/unsubscribe",
        ANYTHING_ELSE,
    ),
    *(path for path in ROUTES if path.startswith((POLICE, PARTNER))),
}
"""Routes that show no report, or one only to whoever holds its receipt, has logged in, or was asked to act."""


@pytest.fixture
def public(world: World, tmp_path: Path) -> Public:
    """All reports, published."""
    world.clock.now = NOW
    people = settle(world)
    night = Night(world.stack, NIGHT)
    night.run()
    night.now = NOW
    night.publish()
    return Public(world, night, people, tmp_path)


def test_V01_V02_V03_every_surface_shows_just_what_the_table_lets_it_show(public: Public) -> None:
    names = {person.id: person.name for person in public.people}
    assert len(names) == len(some(range(3 * 9 * 2 * 6)))
    for surface, (read, shows) in SURFACES.items():
        expected, found = public.expected(shows), read(public)
        assert {names[report] for report in found.keys() ^ expected.keys()} == set(), surface
        assert found == expected, surface
        assert len(expected) >= least(50), surface
    _counts(public)
    _receipts(public)
    _members(public)
    _no_secrets(public)


def _counts(public: Public) -> None:
    counted = [person for person in public.people if oracle.counted(person)]
    ordinary = Counter(oracle.cell(person, 9) for person in counted if person.sensitivity == "ordinary")
    fine = public.night.cells(9)
    assert {cell: row["by_category"]["illegal_dump"][0] for cell, row in fine.items()} == ordinary
    assert all(set(row["by_category"]) == {"illegal_dump"} for row in fine.values())
    coarse = public.night.cells(5)
    # All of them are of the period that is still open.
    assert not any("begging" in row["by_category"] for row in coarse.values())
    assert not any("drug_use" in row["by_category"] for row in coarse.values())


def _receipts(public: Public) -> None:
    for person in public.people[::7]:
        answer = public.world.stranger().call("GET", "/v1/receipt", Receipt=person.receipt)
        assert answer.status == 200, person.name
        assert answer.body["public"] is oracle.on_map(person), person.name
        found = answer.body["location"]
        assert (None if found is None else _place(found)) == oracle.place(person), person.name


def _members(public: Public) -> None:
    person = next(person for person in public.people if oracle.on_map(person))
    body: dict[str, Any] = public.world.stranger().call("GET", f"/v1/reports/{person.id}").body
    members = "id category status reason unit area created_day occurred_day part days parts resolved_day location"
    assert set(body) == {*members.split(), "sources", "pattern", "checked", "recheck_day", "addressee"}
    assert set(body["location"]) == {"lat", "lon", "cell", "precision_m"}


def _no_secrets(public: Public) -> None:
    published = {key: _plain(body) for key, body in public.night.objects("data/").items()}
    assert len(published) > 20
    for person in public.people:
        page = (
            public.world.stranger().call("GET", f"/v1/reports/{person.id}").text
            if person.age.name == "next day"
            else ""
        )
        for secret in (f"{person.place[0]:.6f}", f"{person.place[1]:.6f}", CANARY):
            assert secret not in page, person.name
    for key, text in published.items():
        assert CANARY not in text, key
        assert not any(str(person.place[0]) in text for person in public.people), key


@pytest.mark.parametrize("path", ROUTES)
def test_V03_every_route_has_a_line_among_the_surfaces(path: str) -> None:
    assert (path in PUBLIC_ROUTES) != (path in NOT_PUBLIC)
    assert PUBLIC_ROUTES.get(path, "page") in SURFACES


def _place(location: Mapping[str, Any]) -> tuple[float, float]:
    return location["lat"], location["lon"]


def _requests(listed: list[dict[str, Any]]) -> Places:
    return {row["service_request_id"]: (row["lat"], row["long"]) for row in listed}


def _plain(body: bytes) -> str:
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("utf-8", "replace")
