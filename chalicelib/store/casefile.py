"""A case as the police see it: the exact place, what was said to it and beside it, and all that happened.

Of whoever reported it nothing is kept, so that nothing can be shown.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.checks import Window, windows
from chalicelib.domain.location import degrees
from chalicelib.domain.sighting import Sighting
from chalicelib.store import keys, uploads
from chalicelib.store.models import EventItem, MainItem, ReportItem, TextItem, connection
from chalicelib.store.reports import LAST_SIGHTING, SEARCHERS, Stored, sightings_of, stored_of
from chalicelib.store.upload_items import UploadItem
from chalicelib.store.uploads import Upload


@dataclass(frozen=True, slots=True)
class Line:
    """One case without any words. `due` is when the next thing is due, None where nothing is, or the case is closed.

    `lat` and `lon` are exact degrees; `photos` counts those kept; `paused` says since when the clock stands.
    """

    report: Stored
    version: int
    lat: float
    lon: float
    boundaries: str
    photos: int
    has_text: bool
    asked: int | None
    answered: int | None
    into: str | None
    due: datetime | None
    paused: datetime | None
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One event, with the words beside it: `text` for the reporter or of theirs, `note` for the police alone.

    `addressee` names whom the case was passed on to, or who answers, `partner` is its code where it is a partner;
    `brief` is what was written to it, `whose` whom it names in its place. Of a transfer `unit`
    is the unit that the case went to, `other_unit` the one that it came from.
    """

    sequence: int
    type: str
    at: datetime
    from_status: str | None
    status: str
    reason: str | None
    by: str | None
    answer: str | None
    other: str | None
    checked: tuple[Window, ...]
    until: str | None
    addressee: str | None
    partner: str | None
    unit: str | None
    other_unit: str | None
    text: str | None
    note: str | None
    brief: str | None
    whose: str | None


@dataclass(frozen=True, slots=True)
class Casefile:
    """A case with all that is kept of it; `events` are in their order, `text` are the reporter's own words."""

    line: Line
    text: str | None
    events: tuple[Told, ...]
    uploads: tuple[Upload, ...]

    @property
    def has_words(self) -> bool:
        """Tell whether anybody's words are in it."""
        return self.text is not None or any(event.text or event.note for event in self.events)


def lines(report_ids: Sequence[str]) -> list[Line]:
    """Return the cases of these ids that are there, in their order: half a read unit for each 4 KB of each.

    One query a case, some at once: it brings the sightings with the report, which nothing else counts.
    """
    # The client is made here, if it is not there yet: else every thread would make one.
    connection().client.meta  # noqa: B018
    with ThreadPoolExecutor(SEARCHERS) as pool:
        return [line for line in pool.map(_found, report_ids) if line is not None]


def casefile(report_id: str) -> Casefile | None:
    """Return a case with all that is kept of it, or None: one consistent query."""
    items = list(MainItem.query(keys.report(report_id), consistent_read=True))
    report = _report(items)
    if report is None:
        return None
    words = {item.sk.removeprefix(keys.TEXT): item for item in items if isinstance(item, TextItem)}
    return Casefile(
        line=_line(report, items),
        text=report.text,
        events=tuple(
            _told(item, words.get(item.sk.removeprefix(keys.EVENT))) for item in items if isinstance(item, EventItem)
        ),
        uploads=tuple(uploads.view(item) for item in items if isinstance(item, UploadItem)),
    )


def _found(report_id: str) -> Line | None:
    span = MainItem.sk.between(keys.REPORT, keys.sighting(LAST_SIGHTING))
    items = list(MainItem.query(keys.report(report_id), span))
    report = _report(items)
    return None if report is None else _line(report, items)


def _report(items: Iterable[MainItem]) -> ReportItem | None:
    return next((item for item in items if isinstance(item, ReportItem)), None)


def _line(item: ReportItem, items: Iterable[MainItem]) -> Line:
    return Line(
        report=stored_of(item),
        version=int(item.v),
        lat=degrees(int(item.lat6)),
        lon=degrees(int(item.lon6)),
        boundaries=item.boundaries,
        photos=int(item.photos or 0),
        has_text=item.text is not None,
        asked=_number(item.asked),
        answered=_number(item.answered),
        into=item.into,
        due=_due(item),
        paused=_moment(item.paused),
        sightings=sightings_of(items),
    )


def _due(item: ReportItem) -> datetime | None:
    """Return the time by which the open queue orders a case: it is the one truth about what is due."""
    at = (item.g2sk or "").partition("#")[0]
    return None if item.resolved is not None or at in {"", keys.NO_DUE} else keys.moment(at)


def _told(item: EventItem, words: TextItem | None) -> Told:
    return Told(
        sequence=int(item.seq),
        type=item.type,
        at=keys.moment(item.at),
        from_status=item.from_status,
        status=item.status,
        reason=item.reason,
        by=item.by,
        answer=item.answer,
        other=item.other,
        checked=windows(item.checked or ()),
        until=item.until,
        addressee=item.addressee,
        partner=item.partner,
        unit=item.unit,
        other_unit=item.other_unit,
        text=None if words is None else words.text,
        note=None if words is None else words.note,
        brief=None if words is None else words.brief,
        whose=None if words is None else words.whose,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else keys.moment(text)


def _number(value: int | None) -> int | None:
    return None if value is None else int(value)
