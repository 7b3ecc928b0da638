"""Atom feeds (RFC 4287) of what has changed on the map, one for each unit and one for each powiat.

A feed holds the newest `MOST` reports of ordinary categories that stand on the map at the midnight of the night, by the
day of their last change, and what the map itself shows of them: never a word of a reporter. The feed of a unit with
others below it is that of all of them. Feeds have stable addresses and no builds: a feed is there from its first entry
on, and is written again only when something in it has changed. An index names those that are there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import nsmallest
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.instance import Instance
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

_NAMESPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:georss": "http://www.georss.org/georss"}
_KNOWN = "state/feeds.json"

_NEWEST = """
SELECT id, day::VARCHAR AS day, cell, category, status, tier, created, changed, unit, area
FROM read_parquet($1) JOIN shown USING (category, status, tier)
WHERE changed >= $2 AND created <= $3
QUALIFY row_number() OVER (PARTITION BY unit ORDER BY changed DESC, day DESC, id) <= $4
    OR row_number() OVER (PARTITION BY area ORDER BY changed DESC, day DESC, id) <= $4
"""


class Entry(NamedTuple):
    """A report in a feed: when the map last showed something new of it, and what the map shows."""

    updated: date
    point: Point
    unit: str
    area: str | None

    @property
    def order(self) -> tuple[int, int, str]:
        """What sorts the newest change first, then the newest report."""
        return -self.updated.toordinal(), -date.fromisoformat(self.point.day).toordinal(), self.point.id


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds of an instance as of the midnight of a day."""

    instance: Instance
    site_url: str
    day: date

    def publish(self, shop: Workshop, site: Objects, work: Objects, state: State) -> dict[str, int]:
        """Write the feeds that differ from those of the last night; return how many there are and were written."""
        known: dict[str, str] = json.loads(work.get(_KNOWN) or b"{}")
        entries = list(self._entries(shop, [str(path) for path in shop.fetch(work, state.months).values()]))
        areas = _areas(site)
        feeds = {key: self.feed(key, areas, found) for key, found in self.by_feed(entries, known).items()}
        hashes = {key: digest(as_bytes(feed)) for key, feed in feeds.items()}
        changed = [key for key, sha256 in hashes.items() if known.get(key) != sha256]
        put_all(site, (File(key, as_bytes(feeds[key], self._midnight), ATOM, None, STABLE) for key in changed))
        if changed or not known:
            put(site, packed(INDEX, compact(self._index(hashes, areas)), STABLE))
            work.put(_KNOWN, compact(hashes), JSON)
        return {"feeds": len(feeds), "written": len(changed)}

    def _entries(self, shop: Workshop, paths: list[str]) -> Iterator[Entry]:
        """Yield what may be in some feed: of each unit and of each area the newest ones, and perhaps some more."""
        if not paths:
            return
        stage, midnight = Stage(self.instance), day_bounds(self.day, self.instance.zone)[0]
        self._shown(shop, paths, stage, midnight)
        limits = [_naive(midnight - REACH), _naive(midnight - DELAY), MOST]
        rows = shop.database.execute(_NEWEST, [paths, *limits]).fetchall()
        for report, day, cell, category, status, tier, created, changed, unit, area in rows:
            moments = created.replace(tzinfo=UTC), changed.replace(tzinfo=UTC)
            point = stage.point(report, day, name(cell), category, status, tier, *moments)
            if point is not None and point.stands(int(midnight.timestamp())):
                appeared = datetime.fromtimestamp(point.begins, UTC)
                yield Entry(day_of(max(appeared, moments[1]), self.instance.zone), point, unit, area)

    def _shown(self, shop: Workshop, paths: list[str], stage: Stage, midnight: datetime) -> None:
        """Make the table `shown`: which kinds of reports of ordinary categories the map shows at all."""
        kinds = shop.database.execute(
            "SELECT DISTINCT category, status, tier FROM read_parquet($1)", [paths]
        ).fetchall()
        shop.database.execute("CREATE OR REPLACE TABLE shown (category VARCHAR, status VARCHAR, tier INTEGER)")
        categories = self.instance.catalogue.categories
        for category, status, tier in kinds:
            ordinary = category in categories and categories[category].sensitivity is Sensitivity.ORDINARY
            if ordinary and stage.span(category, status, tier, midnight, midnight) is not None:
                shop.database.execute("INSERT INTO shown VALUES (?, ?, ?)", [category, status, tier])

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

    def feed(self, key: str, areas: Mapping[str, str], entries: Iterable[Entry]) -> Element:
        """Return a feed without the time of its last change; `areas` are the names of areas by code."""
        words, open_data = texts("feeds", self._language), self.instance.open_data
        publisher, (kind, code) = open_data.publisher[self._language], _parts(key)
        named, address = self._name(kind, code, areas), f"{self.site_url}/{key}"
        feed = Element("feed", {**_NAMESPACES, "xml:lang": self._language})
        _put(feed, "id", uuid5(NAMESPACE_URL, address).urn)
        _put(feed, "title", words[f"{kind}.title"].format(name=named))
        _put(feed, "subtitle", words["subtitle"])
        SubElement(feed, "updated")
        _link(feed, "self", address, "application/atom+xml")
        _link(feed, "alternate", f"{self.site_url}/", "text/html")
        author = SubElement(feed, "author")
        _put(author, "name", publisher)
        _put(author, "uri", f"{self.site_url}/")
        _put(feed, "rights", words["rights"].format(publisher=publisher, licence=open_data.licence.title))
        for entry in nsmallest(MOST, entries, key=lambda entry: entry.order):
            self._write(SubElement(feed, "entry"), entry)
        return feed

    def _write(self, element: Element, entry: Entry) -> None:
        words, point = texts("feeds", self._language), entry.point
        category = self.instance.catalogue.categories[point.category].names[self._language]
        status = texts("statuses", self._language)[point.status]
        where = {"lat": point.lat, "lon": point.lon, "unit": self._unit_name(entry.unit), "day": point.day}
        _put(element, "id", uuid5(NAMESPACE_URL, f"urn:czujka:report:{point.id}").urn)
        _put(element, "title", words["entry.title"].format(category=category, status=status))
        _put(element, "updated", _instant(entry.updated, self.instance.zone))
        _put(element, "published", _instant(date.fromisoformat(point.day), self.instance.zone))
        _link(element, "alternate", f"{self.site_url}/#/map?show={point.id}", "text/html")
        SubElement(element, "category", {"term": point.category, "label": category})
        _put(element, "summary", words["entry.summary"].format_map(where))
        _put(element, "georss:point", f"{point.lat} {point.lon}")

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

    @property
    def _midnight(self) -> str:
        return _instant(self.day, self.instance.zone)


def _key(kind: str, code: str) -> str:
    return f"{FOLDER}{kind}/{code}.atom"


def _parts(key: str) -> tuple[str, str]:
    kind, _, code = key.removeprefix(FOLDER).removesuffix(".atom").partition("/")
    return kind, code


def _areas(site: Objects) -> Mapping[str, str]:
    """Return the names of the areas by their code; none where the site has no gazetteer."""
    body = site.get(place_names.KEY)
    return {} if body is None else place_names.Gazetteer.from_document(json.loads(body)).areas


def as_bytes(feed: Element, updated: str | None = None) -> bytes:
    """Return a feed as XML; without the time of its last change it is what tells whether anything else has changed."""
    changed = feed.find("updated")
    if changed is not None:
        changed.text = updated
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _put(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, "link", {"rel": relation, "type": media_type, "href": address})


def _instant(day: date, zone: ZoneInfo) -> str:
    """Return the first instant of a local day, RFC 3339."""
    return day_bounds(day, zone)[0].astimezone(zone).isoformat()


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
