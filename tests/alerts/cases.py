"""Facts to word in tests, and a reader of HTML that sees what a person sees."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.notify.case import Case
from chalicelib.notify.mail import Mail, render
from chalicelib.notify.words import Words

WARSAW = ZoneInfo("Europe/Warsaw")
SITE = "https://czujka.example"

CASE = Case(
    event="7Q3M-1",
    report="7Q3M",
    seq=1,
    kind="accepted",
    at=datetime(2026, 11, 21, 13, 5, tzinfo=UTC),
    unit="KMP-LOMZA",
    unit_name="Komenda Miejska Policji w Łomży",
    unit_short="KMP Łomża",
    garrison="KWP-BIALYSTOK",
    category="illegal_parking",
    category_name="Nieprawidłowe parkowanie",
    priority=3,
    area="2062",
    area_name="Łomża",
    boundaries="exact",
    lat=53.1784,
    lon=22.0593,
    public_cell="8b1f51c13766fff",
    due=datetime(2026, 11, 24, 13, 5, tzinfo=UTC),
    place="Łomża",
)


def mail(language: str = "pl", **changes: Any) -> Mail:
    """The mail about a case that differs from `CASE` in `changes`."""
    return render(replace(CASE, **changes), Words.of(language, WARSAW), language, SITE)


class Seen(HTMLParser):
    """What a reader meets in a page: words, links, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._link = ""
        self._hidden = False
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """All visible words, spaced once."""
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag in {"style", "title"}
        if tag == "a":
            self._link = dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words.append(data)
        if self._link:
            self.links[data] = self._link
