"""The Atom feeds: what the map shows of ordinary categories, by unit and powiat, and written only when it changes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.location import cell_at
from chalicelib.domain.units import Units
from chalicelib.services.feeds import MOST, Entry, Feeds
from chalicelib.services.points import Point
from chalicelib.store.feed import Feed
from tests.nightly.world import (
    AFTER_CONFIRMATION,
    HIDDEN,
    NOON,
    ORDINARY,
    VULNERABLE,
    WARSAW,
    Night,
    days_ago,
    reach_back,
)
from tests.support import atom

LOMZA = (53.178, 22.059)
SEJNY = (54.106, 23.347)
AUGUSTOW = (53.843, 22.98)


def file_at(night: Night, unit: str, area: str, number: int = 1, place: tuple[float, float] = LOMZA) -> list[str]:
    """Record acceptances of yesterday by another unit."""
    made = night.file_all((days_ago(1), place, ORDINARY, 1) for _ in range(number))
    for report in made:
        item = night._event(night.reports[report], days_ago(1).date().isoformat())
        item.unit, item.area = unit, area
        item.save()
    return made


def feed(night: Night, kind: str, code: str) -> atom.Feed:
    """A feed by the manifest's template."""
    template = night.manifest()["feeds"][kind]
    key = template.format(code=code, teryt=code).removeprefix("/")
    return atom.read(night.s3.get_object(Bucket=night.site, Key=key)["Body"].read())


def shown(feed: atom.Feed) -> dict[str, atom.Entry]:
    """The entries by the report that they lead to."""
    return {entry.link.rpartition("=")[2]: entry for entry in feed.entries}


@pytest.fixture(scope="module")
def told(shared_night: Night) -> Night:
    """A night ahead over reports of all classes and tiers, handled in all ways, and of units below another."""
    night = shared_night
    kinds = (ORDINARY, "speeding", VULNERABLE, HIDDEN, AFTER_CONFIRMATION)
    made = night.file_all((days_ago(1 + n % 3), WARSAW, kinds[n % 5], 1 + n // 5 % 2) for n in range(40))
    file_at(night, "KMP-LOMZA", "2062")
    (second,) = file_at(night, "KPP-AUGUSTOW", "2001", place=AUGUSTOW)
    (first, *_) = file_at(night, "KPP-SEJNY", "2009", MOST + 5, SEJNY)
    night.step_all((report, "verifying", "taken_up") for report in (first, second))
    ends = [("confirmed", "seen_at_check"), ("joke", "joke"), ("eliminated", "gone"), ("unconfirmed", "not_present")]
    night.step_all([(report, *ends[n % 4]) for n, report in enumerate(made[::3])])
    night.load([(date(2026, 8, 24), WARSAW, ORDINARY), (date(2026, 8, 25), WARSAW, ORDINARY)])
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch)
        night.run(day="2026-11-23")
    return night


def test_feeds_tell_what_the_map_shows_of_ordinary_categories(told: Night) -> None:
    ordinary = {
        report: (point["lat"], point["lon"])
        for report, point in told.points().items()
        if told.sensitivity(point["category"]) == "ordinary" and told.reports[report].cell != cell_at(*SEJNY)
    }
    found = shown(feed(told, "powiat", "1465")) | shown(feed(told, "powiat", "2062"))
    found |= shown(feed(told, "powiat", "2001"))
    # Ninety days before the night nothing is news any more, though the map shows it.
    forgotten = {report: place for report, place in ordinary.items() if told.reports[report].day < date(2026, 8, 25)}
    assert len(forgotten) == 1
    news = {report: place for report, place in ordinary.items() if report not in forgotten}
    assert {report: entry.point for report, entry in found.items()} == news
    assert len(found) >= 12
    assert {entry.category for entry in found.values()} == {ORDINARY, "speeding", AFTER_CONFIRMATION}
    for report, entry in found.items():
        filed = told.reports[report]
        assert entry.published.date() == filed.day
        assert entry.updated.date() == (date(2026, 11, 22) if filed.seq > 1 else filed.day)
        assert entry.link == f"{told.container.settings.site_url}/#/map?show={report}"
    titles = {told.reports[report].status: entry.title for report, entry in found.items()}
    assert titles["eliminated"].endswith("Stan: Potwierdzone (wyeliminowane)")
    assert titles.keys() == {"new", "verifying", "confirmed", "eliminated", "unconfirmed"}


def test_a_feed_says_whose_it_is_and_where_it_lies(told: Night) -> None:
    found, site = feed(told, "unit", "KMP-LOMZA"), told.container.settings.site_url
    assert found.title == f"Zgłoszenia: {told.container.instance.units['KMP-LOMZA'].name}"
    assert found.links == {"self": f"{site}/data/feeds/unit/KMP-LOMZA.atom", "alternate": f"{site}/"}
    assert (found.author, found.language) == ("Operator mapy zagrożeń Czujka", "pl")
    assert "Creative Commons Attribution 4.0" in found.rights
    (entry,) = found.entries
    assert "Prowadzi: Komenda" in entry.summary
    answer = told.s3.head_object(Bucket=told.site, Key="data/feeds/unit/KMP-LOMZA.atom")
    served = answer["ContentType"], answer["CacheControl"]
    assert served == ("application/atom+xml; charset=utf-8", "public, max-age=300")


def test_an_index_names_the_feeds_that_are_there(told: Night) -> None:
    index = told.document(told.manifest()["feeds"]["index"])
    urls = [row["url"].removeprefix("/") for kind in ("unit", "powiat") for row in index[kind]]
    assert set(urls) == {key for key in told.objects("data/feeds/") if key.endswith(".atom")}
    assert [row["code"] for row in index["powiat"]] == ["1465", "2001", "2009", "2062"]


def test_a_unit_with_others_below_it_has_the_feed_of_all_of_them(told: Night) -> None:
    codes = ("KMP-LOMZA", "KPP-AUGUSTOW", "KPP-SEJNY")
    below = {report: entry for code in codes for report, entry in shown(feed(told, "unit", code)).items()}
    above = shown(feed(told, "unit", "KWP-BIALYSTOK"))
    assert above.items() <= below.items()
    assert (len(above), len(below)) == (MOST, MOST + 2)
    assert {entry.point for entry in list(above.values())[:2]} == {
        entry.point for code in codes[1:] for entry in feed(told, "unit", code).entries[:1]
    }


def test_a_feed_holds_the_newest_changes_first_and_no_more_than_it_may(told: Night) -> None:
    entries = feed(told, "powiat", "2009").entries
    assert len(entries) == MOST
    assert [entry.updated.date() for entry in entries] == [date(2026, 11, 22)] + [date(2026, 11, 21)] * (MOST - 1)
    assert told.reports[entries[0].link.rpartition("=")[2]].status == "verifying"


def test_only_feeds_that_changed_are_written_again_and_one_that_is_empty_stays(night: Night) -> None:
    (here,) = file_at(night, "KMP-LOMZA", "2062")
    file_at(night, "KPP-AUGUSTOW", "2001")
    night.run()
    before = night.objects("data/feeds/")
    night.now += timedelta(days=1)
    night.step(here, "joke", "joke")
    summary = night.run()
    after = night.objects("data/feeds/")
    changed = {key.removeprefix("data/feeds/") for key in before if before[key] != after[key]}
    assert changed == {"unit/KMP-LOMZA.atom", "unit/KWP-BIALYSTOK.atom", "powiat/2062.atom"}
    assert summary["feeds"] == {"feeds": 5, "written": 3}
    emptied, old = feed(night, "unit", "KMP-LOMZA"), atom.read(before["data/feeds/unit/KMP-LOMZA.atom"])
    assert (emptied.entries, emptied.id) == ([], old.id)
    assert (old.updated.isoformat(), emptied.updated.isoformat()) == (
        "2026-11-22T00:00:00+01:00",
        "2026-11-23T00:00:00+01:00",
    )


def test_names_are_text_whatever_they_look_like(told: Night) -> None:
    named = 'Komenda <b>&amp;</b> "Łomża" ]]>'
    unit = {"code": "KMP-LOMZA", "name": named, "areas": ["2062"]}
    renamed = replace(
        told.container.instance, units=Units.from_document({"version": "1", "garrisons": [unit], "units": []})
    )
    feeds = Feeds(renamed, "https://map.example", date(2026, 11, 22))
    point = Point("r1", ORDINARY, "new", "2026-11-21", *LOMZA, 0, None)
    entries = [Entry(date(2026, 11, 21), point, "KMP-LOMZA", "2062"), Entry(date(2026, 11, 21), point, "OLD", None)]
    found = feeds.by_feed(entries, [])
    assert list(found) == [f"data/feeds/{path}.atom" for path in ("powiat/2062", "unit/KMP-LOMZA", "unit/OLD")]
    of_area, of_unit, of_old = (
        atom.read(feeds.feed(key, {"2062": "<Łomża>"}, rows).xml("2026-11-22T00:00:00Z")) for key, rows in found.items()
    )
    assert of_area.title == "Zgłoszenia w obszarze: <Łomża>"
    assert (of_unit.title, of_old.title) == (f"Zgłoszenia: {named}", "Zgłoszenia: OLD")
    assert named in of_unit.entries[0].summary
    assert of_unit.links["self"] == "https://map.example/data/feeds/unit/KMP-LOMZA.atom"


@pytest.mark.parametrize(
    "fault",
    [
        lambda root: root.remove(root.find(f"{atom.ATOM}updated")),
        lambda root: root.remove(root.find(f"{atom.ATOM}author")),
        lambda root: root.append(root.find(f"{atom.ATOM}entry")),
        lambda root: root.append(ET.Element(f"{atom.ATOM}description")),
    ],
    ids=["no time", "no author", "an entry twice", "an element of RSS"],
)
def test_the_reader_is_strict(fault: Any) -> None:
    root = ET.fromstring(SMALL)  # noqa: S314 - our own text
    atom.read(ET.tostring(root))
    fault(root)
    with pytest.raises(AssertionError):
        atom.read(ET.tostring(root))


SMALL = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="pl">
<id>urn:uuid:171f526f-4a8b-5a79-9709-32144b42a2a3</id><title>T</title><updated>2026-11-22T00:00:00+01:00</updated>
<author><name>A</name></author><rights>R</rights><link rel="self" type="t" href="https://map.example/"/>
<entry><id>urn:uuid:b211639b-94dd-58e2-9c55-541ea467fa43</id><title>T</title><updated>2026-11-22T00:00:00Z</updated>
<published>2026-11-22T00:00:00Z</published><link rel="alternate" type="t" href="https://map.example/"/>
<category term="t" label="T"/><summary>S</summary><georss:point>1 2</georss:point></entry></feed>"""


def test_a_feed_that_cannot_be_read_says_why(night: Night) -> None:
    feed = Feed.connect(night.stack.access.client("dynamodb"), "no-such-table")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        list(feed.day_events(NOON.date()))
