"""Atom feeds (RFC 4287) of what has changed on the map, one for each unit and one for each powiat.

A feed holds the newest `MOST` reports of ordinary categories that stand on the map at the midnight of the night, by the
day of their last change, and what the map itself shows of them: never a word of a reporter. The feed of a unit with
others below it is that of all of them. Feeds have stable addresses and no builds: a feed is there from its first entry
on, and is written again only when something in it has changed. An index names those that are there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from heapq import nlargest
from itertools import product
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import DELAY
from chalicelib.hotspots.grid import name
from chalicelib.languages import texts
from chalicelib.services import place_names
from chalicelib.services.files import JSON, STABLE, File, compact, digest, packed, put, put_all
from chalicelib.services.points import Point, Stage
from chalicelib.services.state import State, Workshop
from chalicelib.store.objects import Objects

FOLDER = "data/feeds/"
INDEX = f"{FOLDER}index.json"
TEMPLATES = {
    "unit": f"/{FOLDER}unit/{{code}}.atom",
    "powiat": f"/{FOLDER}powiat/{{teryt}}.atom",
    "index": f"/{INDEX}",
}
"""Addresses, as the manifest names them."""

MOST = 50
REACH = timedelta(days=90)
"""What has not changed for so long is in no feed, however few there are."""

ATOM = "application/atom+xml; charset=utf-8"

_KNOWN = "state/feeds.json"

_RECENT = """
CREATE OR REPLACE TEMP TABLE recent AS
SELECT id, day, cell, category, status, tier, created, changed, unit, area
FROM read_parquet($1) JOIN shown USING (category, status, tier) WHERE changed >= $2 AND created <= $3
"""
_NEWEST = """
SELECT id, day::VARCHAR, cell, category, status, tier, created, changed, unit, area FROM recent WHERE rowid IN (
    SELECT unnest(max_by(rowid, (changed, day, id), $1)) FROM recent GROUP BY unit
    UNION SELECT unnest(max_by(rowid, (changed, day, id), $1)) FROM recent GROUP BY area
) ORDER BY id
"""


class Entry(NamedTuple):
    """A report in a feed: when the map last showed something new of it, and what the map shows."""

    updated: date
    point: Point
    unit: str
    area: str | None

    @property
    def order(self) -> tuple[date, str, str]:
        """What is greatest for the newest change, and then for the newest report."""
        return self.updated, self.point.day, self.point.id


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed but for the time of its last change: its head and its entries, as XML, and the day of that change."""

    language: str
    head: str
    entries: list[str]
    newest: date

    def xml(self, updated: str) -> bytes:
        """Return the whole; that without a time tells whether anything else has changed."""
        opening = (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
            f' xmlns:georss="http://www.georss.org/georss" xml:lang={quoteattr(self.language)}>'
        )
        return "".join([opening, _text("updated", updated), self.head, *self.entries, "</feed>\n"]).encode()


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds of an instance as of the midnight of a day."""

    instance: Instance
    site_url: str
    day: date
    _entry_texts: dict[str, str] = field(default_factory=dict)
    _kinds: dict[tuple[str, str], str] = field(default_factory=dict)

    def publish(self, shop: Workshop, site: Objects, work: Objects, state: State) -> dict[str, int]:
        """Write the feeds that differ from those of the last night; return how many there are and were written."""
        known: dict[str, str] = json.loads(work.get(_KNOWN) or b"{}")
        entries = list(self._entries(shop, [str(path) for path in shop.fetch(work, state.months).values()]))
        areas = _areas(site)
        feeds = {key: self.feed(key, areas, found) for key, found in self.by_feed(entries, known).items()}
        hashes = {key: digest(feed.xml("")) for key, feed in feeds.items()}
        changed = [key for key, sha256 in hashes.items() if known.get(key) != sha256]
        put_all(site, (self._file(key, feeds[key]) for key in changed))
        if changed or not known:
            put(site, packed(INDEX, compact(self._index(hashes, areas)), STABLE))
            work.put(_KNOWN, compact(hashes), JSON)
        return {"feeds": len(feeds), "written": len(changed)}

    def _entries(self, shop: Workshop, paths: list[str]) -> Iterator[Entry]:
        """Yield what may be in some feed: of each unit and of each area the newest ones, and perhaps some more."""
        if not paths:
            return
        stage, midnight = Stage(self.instance), day_bounds(self.day, self.instance.zone)[0]
        self._shown(shop, stage, midnight)
        oldest = day_bounds(self.day - REACH, self.instance.zone)[0]
        limits = [_naive(oldest), _naive(midnight - DELAY)]
        shop.database.execute(_RECENT, [paths, *limits])
        rows = shop.database.execute(_NEWEST, [MOST]).fetchall()
        shop.database.execute("DROP TABLE recent")
        for report, day, cell, category, status, tier, created, changed, unit, area in rows:
            moments = created.replace(tzinfo=UTC), changed.replace(tzinfo=UTC)
            point = stage.point(report, day, name(cell), category, status, tier, *moments)
            if point is not None and point.stands(int(midnight.timestamp())):
                appeared = datetime.fromtimestamp(point.begins, UTC)
                yield Entry(day_of(max(appeared, moments[1]), self.instance.zone), point, unit, area)

    def _shown(self, shop: Workshop, stage: Stage, midnight: datetime) -> None:
        """Make the table `shown`: which kinds of reports of ordinary categories the map shows at all."""
        kinds = [
            (category.code, status.value, tier.value)
            for category in self.instance.catalogue.categories.values()
            for status, tier in product(Status, Tier)
            if category.sensitivity is Sensitivity.ORDINARY
            and stage.span(category.code, status, tier, midnight, midnight) is not None
        ]
        shop.database.execute("CREATE OR REPLACE TEMP TABLE shown (category VARCHAR, status VARCHAR, tier INTEGER)")
        columns = [list(column) for column in zip(*kinds, strict=True)]
        shop.database.execute("INSERT INTO shown SELECT unnest($1), unnest($2), unnest($3)", columns)

    def by_feed(self, entries: Iterable[Entry], known: Iterable[str]) -> dict[str, list[Entry]]:
        """Return the entries of each feed by its key; feeds that were there before are there, if only empty."""
        found: dict[str, list[Entry]] = {key: [] for key in known}
        for entry in entries:
            keys = [_key("unit", code) for code in self._chain(entry.unit)]
            for key in [*keys, *([] if entry.area is None else [_key("powiat", entry.area)])]:
                found.setdefault(key, []).append(entry)
        return dict(sorted(found.items()))

    def _index(self, keys: Iterable[str], areas: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = {"unit": [], "powiat": []}
        for key in keys:
            kind, code = _parts(key)
            found[kind].append({"code": code, "name": self._name(kind, code, areas), "url": f"/{key}"})
        return found

    def feed(self, key: str, areas: Mapping[str, str], entries: Iterable[Entry]) -> Feed:
        """Return a feed; `areas` are the names of areas by code."""
        words, open_data = texts("feeds", self._language), self.instance.open_data
        publisher, (kind, code) = open_data.publisher[self._language], _parts(key)
        named, address = self._name(kind, code, areas), f"{self.site_url}/{key}"
        head = (
            _text("id", uuid5(NAMESPACE_URL, address).urn),
            _text("title", words[f"{kind}.title"].format(name=named)),
            _text("subtitle", words["subtitle"]),
            _link("self", address, "application/atom+xml"),
            _link("alternate", f"{self.site_url}/", "text/html"),
            f"<author>{_text('name', publisher)}{_text('uri', f'{self.site_url}/')}</author>",
            _text("rights", words["rights"].format(publisher=publisher, licence=open_data.licence.title)),
        )
        newest = nlargest(MOST, entries, key=lambda entry: entry.order)
        # A night that is made good later may know of later changes.
        last = max([self.day, *(entry.updated for entry in newest)])
        return Feed(self._language, "".join(head), [self._written(entry) for entry in newest], last)

    def _file(self, key: str, feed: Feed) -> File:
        return File(key, feed.xml(_instant(feed.newest, self.instance.zone)), ATOM, None, STABLE)

    def _written(self, entry: Entry) -> str:
        if entry.point.id not in self._entry_texts:
            self._entry_texts[entry.point.id] = self._entry(entry)
        return self._entry_texts[entry.point.id]

    def _entry(self, entry: Entry) -> str:
        """Return an entry; ids, times and numbers need no escaping, and this is done many thousand times a night."""
        words, point, zone = texts("feeds", self._language), entry.point, self.instance.zone
        where = {"lat": point.lat, "lon": point.lon, "unit": self._unit_name(entry.unit), "day": point.day}
        return (
            f"<entry><id>{uuid5(NAMESPACE_URL, f'urn:czujka:report:{point.id}').urn}</id>"
            f"<updated>{_instant(entry.updated, zone)}</updated>"
            f"<published>{_instant(date.fromisoformat(point.day), zone)}</published>"
            f"{self._kind(point.category, point.status)}"
            f"{_link('alternate', f'{self.site_url}/#/map?show={point.id}', 'text/html')}"
            f"{_text('summary', words['entry.summary'].format_map(where))}"
            f"<georss:point>{point.lat} {point.lon}</georss:point></entry>"
        )

    def _kind(self, code: str, status: str) -> str:
        """Return what all entries of a category and a status share."""
        if (code, status) not in self._kinds:
            category = self.instance.catalogue.categories[code].names[self._language]
            words = {"category": category, "status": texts("statuses", self._language)[status]}
            title = _text("title", texts("feeds", self._language)["entry.title"].format_map(words))
            self._kinds[code, status] = f"{title}<category term={quoteattr(code)} label={quoteattr(category)}/>"
        return self._kinds[code, status]

    def _chain(self, unit: str) -> tuple[str, ...]:
        units = self.instance.units
        return tuple(above.code for above in units.chain(unit)) if unit in units else (unit,)

    def _name(self, kind: str, code: str, areas: Mapping[str, str]) -> str:
        return self._unit_name(code) if kind == "unit" else areas.get(code) or code

    def _unit_name(self, code: str) -> str:
        return self.instance.units[code].name if code in self.instance.units else code

    @property
    def _language(self) -> str:
        return self.instance.default_language


def _key(kind: str, code: str) -> str:
    return f"{FOLDER}{kind}/{code}.atom"


def _parts(key: str) -> tuple[str, str]:
    kind, _, code = key.removeprefix(FOLDER).removesuffix(".atom").partition("/")
    return kind, code


def _areas(site: Objects) -> Mapping[str, str]:
    """Return the names of the areas by their code; none where the site has no gazetteer."""
    body = site.get(place_names.KEY)
    return {} if body is None else place_names.Gazetteer.from_document(json.loads(body)).areas


def _text(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def _link(relation: str, address: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href={quoteattr(address)}/>'


@lru_cache(maxsize=4096)
def _instant(day: date, zone: ZoneInfo) -> str:
    """Return the first instant of a local day, RFC 3339."""
    return day_bounds(day, zone)[0].astimezone(zone).isoformat()


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
