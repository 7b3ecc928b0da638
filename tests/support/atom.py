"""A strict reader of Atom: RFC 4287 as far as our feeds go, and nothing that is not in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree as ET

ATOM, GEORSS = "{http://www.w3.org/2005/Atom}", "{http://www.georss.org/georss}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

Allowed: TypeAlias = Mapping[str, tuple[int, int | None]]

# Element: how often at least and at most, § 4.1.1 and § 4.1.2; None for as often as one likes.
FEED: Allowed = {
    "id": (1, 1),
    "title": (1, 1),
    "updated": (1, 1),
    "author": (1, None),
    "link": (1, None),
    "entry": (0, None),
    "subtitle": (0, 1),
    "rights": (0, 1),
}
ENTRY: Allowed = {
    "id": (1, 1),
    "title": (1, 1),
    "updated": (1, 1),
    "link": (1, None),
    "published": (0, 1),
    "summary": (0, 1),
    "category": (0, None),
}
PERSON: Allowed = {"name": (1, 1), "uri": (0, 1)}


@dataclass(frozen=True)
class Entry:
    """An entry as a reader shows it."""

    id: str
    title: str
    updated: datetime
    published: datetime
    link: str
    category: str
    summary: str
    point: tuple[float, float]


@dataclass(frozen=True)
class Feed:
    """A feed as a reader shows it."""

    id: str
    title: str
    updated: datetime
    language: str
    links: dict[str, str]
    author: str
    rights: str
    entries: list[Entry]


def read(body: bytes) -> Feed:
    """Read a feed; an assertion fails where it breaks the standard."""
    root = ET.fromstring(body)  # noqa: S314 - our own file
    assert root.tag == f"{ATOM}feed"
    counted(root, FEED)
    entries = [_entry(element) for element in root.iterfind(f"{ATOM}entry")]
    assert len({entry.id for entry in entries}) == len(entries)
    (author,) = root.iterfind(f"{ATOM}author")
    counted(author, PERSON)
    return Feed(
        id=identifier(root),
        title=text(root, "title"),
        updated=moment(root, "updated"),
        language=root.attrib[LANGUAGE],
        links=links(root),
        author=text(author, "name"),
        rights=text(root, "rights"),
        entries=entries,
    )


def _entry(element: ET.Element) -> Entry:
    counted(element, ENTRY)
    (category,) = element.iterfind(f"{ATOM}category")
    assert set(category.attrib) == {"term", "label"}
    lat, lon = (element.findtext(f"{GEORSS}point") or "").split()
    found = links(element)
    assert set(found) == {"alternate"}
    return Entry(
        id=identifier(element),
        title=text(element, "title"),
        updated=moment(element, "updated"),
        published=moment(element, "published"),
        link=found["alternate"],
        category=category.attrib["term"],
        summary=text(element, "summary"),
        point=(float(lat), float(lon)),
    )


def counted(element: ET.Element, allowed: Allowed) -> None:
    """Every element as often as it may be, and none that is not of the standard (but a place)."""
    found = Counter(child.tag.removeprefix(ATOM) for child in element if child.tag != f"{GEORSS}point")
    assert found.keys() <= allowed.keys()
    for name, (least, most) in allowed.items():
        assert least <= found[name] <= (most or found[name]), name


def text(element: ET.Element, name: str) -> str:
    """The text of a child, which is plain and not empty."""
    (child,) = element.iterfind(f"{ATOM}{name}")
    assert not child.attrib
    assert not len(child)
    assert child.text
    assert child.text == child.text.strip()
    return child.text


def moment(element: ET.Element, name: str) -> datetime:
    """An instant with an offset (§ 3.3, RFC 3339)."""
    found = datetime.fromisoformat(text(element, name))
    assert found.tzinfo is not None
    return found


def identifier(element: ET.Element) -> str:
    """An absolute IRI (§ 4.2.6); ours are UUIDs."""
    found = text(element, "id")
    assert UUID(found.removeprefix("urn:uuid:")).urn == found
    return found


def links(element: ET.Element) -> dict[str, str]:
    """Absolute addresses by relation, one each (§ 4.2.7)."""
    found = [link.attrib for link in element.iterfind(f"{ATOM}link")]
    assert all(set(link) == {"rel", "type", "href"} for link in found)
    assert all(urlsplit(link["href"]).scheme in {"http", "https"} and urlsplit(link["href"]).netloc for link in found)
    by_relation = {link["rel"]: link["href"] for link in found}
    assert len(by_relation) == len(found)
    return by_relation
