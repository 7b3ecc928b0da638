"""The verification card (karta weryfikacji) as a page of its own: one sheet of A4, facts above, a form to fill in.

The page needs nothing from anywhere and runs nothing: its policy allows its own style and no more. Whatever people
wrote is escaped. Of the reporter there is nothing to print.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path

from chalicelib.domain.calendar import Part
from chalicelib.domain.checks import Suggested
from chalicelib.domain.instance import Instance
from chalicelib.domain.sighting import Times
from chalicelib.http.check_words import named, why
from chalicelib.http.police.case_shapes import DueNext
from chalicelib.languages import texts
from chalicelib.notify.words import Words
from chalicelib.store import keys
from chalicelib.store.casefile import Casefile
from chalicelib.store.reports import Stored

STYLE = (Path(__file__).parent / "card.css").read_text("utf-8")

POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'",
        *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"),
    ]
)
"""Content-Security-Policy of the page: its one style sheet, by its hash, and nothing else."""

FINDINGS = ("confirmed", "not_present", "not_checkable", "not_a_threat", "joke", "other_body")
LAST_EVENTS = 4
"""How many of the newest changes of status are printed: more would not leave room for the form."""

MOST_CHECKED = 4
MOST_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed of a case: with what has been found out about its place and times, in one language."""

    case: Casefile
    due: DueNext
    place: str | None
    area_name: str | None
    times: Times
    sources: int
    suggested: list[Suggested]
    instance: Instance
    language: str
    now: datetime

    def page(self) -> str:
        """Return the page."""
        return (
            f'<!doctype html><html lang="{escape(self.language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{self._say('title')} {escape(self._report.id)}</title><style>{STYLE}</style></head>"
            f"<body><main>{self._head()}{self._facts()}{self._times()}{self._text()}{self._looked()}{self._form()}"
            f"<footer>{self._say('footer')}</footer></main></body></html>"
        )

    def _head(self) -> str:
        unit = self.instance.units[self._report.unit]
        printed = self._moment(self.now)
        return (
            f"<header><div><h1>{self._say('title')}</h1><p>{escape(unit.name)}</p></div>"
            f"<dl>{self._fact('number', self._report.id)}{self._fact('printed', printed)}</dl></header>"
        )

    def _facts(self) -> str:
        line, report = self.case.line, self._report
        category = self.instance.catalogue.categories[report.category]
        near = [] if self.place is None else [self._words("near", place=self.place)]
        place = ", ".join([*near, self.area_name or report.area])
        approximate = f"<p>{self._say('approximate')}</p>" if line.boundaries == "approximate" else ""
        return (
            f"<section><h2>{escape(category.names[self.language])}</h2><dl>"
            f"{self._fact('place', place)}{self._fact('point', f'{line.lat:.6f}, {line.lon:.6f}')}"
            f"{self._fact('status', self._state(report.status))}{self._fact('filed', self._moment(report.created))}"
            f"{self._fact('due', self._due())}{self._fact('sources', str(self.sources))}"
            f"{self._fact('photos', str(line.photos))}{self._fact('when', self._when())}</dl>{approximate}</section>"
        )

    def _due(self) -> str:
        at, kind = self.due["at"], self.due["kind"]
        if at is None or kind == "none":
            return self._words("due.none")
        when = self._words(f"due.{kind}", at=self._moment(keys.moment(at)))
        marks = [name for name in ("overdue", "paused") if self.due[name]]
        return ", ".join([when, *(self._words(name) for name in marks)])

    def _when(self) -> str:
        report, words = self._report, Words.of(self.language, self.instance.zone)
        if report.occurred is not None:
            return self._words("occurred", at=self._moment(keys.moment(report.occurred)))
        if report.days:
            return self._words("recurs", days=words.weekdays(report.days), parts=words.parts(report.parts))
        return self._words("not_said")

    def _times(self) -> str:
        words = Words.of(self.language, self.instance.zone)
        days = "".join(f'<th scope="col">{escape(words.weekdays([day]))}</th>' for day in range(1, 8))
        rows = "".join(
            f'<tr><th scope="row">{escape(words.parts([part]))}</th>'
            + "".join(f"<td>{self.times.get((day, part)) or ''}</td>" for day in range(1, 8))
            + "</tr>"
            for part in Part
        )
        table = f"<table><thead><tr><td></td>{days}</tr></thead><tbody>{rows}</tbody></table>"
        return self._part("half", "pattern", table)

    def _text(self) -> str:
        text = self.case.text
        said = f"<blockquote>{escape(text)}</blockquote>" if text else f"<p>{self._say('no_text')}</p>"
        return self._part("half", "text", said)

    def _looked(self) -> str:
        zone = self.instance.zone
        checked = [named(window, self.language, zone) for window in self._report.checked[-MOST_CHECKED:]]
        suggested = [
            f"{named((each.day, each.part), self.language, zone)}. {why(each, self.language)}"
            for each in self.suggested[:MOST_SUGGESTED]
        ]
        changes = [event for event in self.case.events if event.from_status is not None][-LAST_EVENTS:]
        history = [f"{self._moment(event.at)}: {self._state(event.status)}" for event in changes]
        return (
            f"{self._list('suggested', suggested)}"
            f"{self._list('checked', checked or [self._words('nothing_checked')])}{self._list('history', history)}"
        )

    def _list(self, title: str, lines: Iterable[str]) -> str:
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return self._part("third", title, f"<ul>{items}</ul>") if items else ""

    def _part(self, width: str, title: str, body: str) -> str:
        return f'<section class="{width}"><h3>{self._say(title)}</h3>{body}</section>'

    def _form(self) -> str:
        fields = "".join(self._field(name) for name in ("day", "time", "who"))
        findings = "".join(f"<li>{self._say(f'finding.{name}')}</li>" for name in FINDINGS)
        return (
            f'<section class="form"><h2>{self._say("form")}</h2><div class="fields">{fields}</div>'
            f'<h3>{self._say("form.finding")}</h3><ul class="boxes">{findings}</ul>'
            f'<h3>{self._say("form.remarks")}</h3><div class="lines"></div>{self._field("signature")}</section>'
        )

    def _field(self, name: str) -> str:
        return f'<div class="field {name}"><span>{self._say(f"form.{name}")}</span></div>'

    @property
    def _report(self) -> Stored:
        return self.case.line.report

    def _fact(self, name: str, value: str) -> str:
        return f"<div><dt>{self._say(name)}</dt><dd>{escape(value)}</dd></div>"

    def _state(self, status: str) -> str:
        return texts("statuses", self.language)[status]

    def _moment(self, moment: datetime) -> str:
        return Words.of(self.language, self.instance.zone).long(moment)

    def _say(self, name: str) -> str:
        return escape(self._words(name))

    def _words(self, name: str, **values: str) -> str:
        return texts("card", self.language)[name].format(**values)
