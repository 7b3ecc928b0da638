"""Reading a case with all that happened to it, for whoever holds its receipt."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.checks import Window, windows
from chalicelib.domain.sighting import Sighting
from chalicelib.store import keys, uploads
from chalicelib.store.models import EventItem, MainItem, ReportItem, TextItem
from chalicelib.store.reports import Stored, sightings_of, stored_of
from chalicelib.store.step import Current, current_of
from chalicelib.store.upload_items import UploadItem
from chalicelib.store.uploads import Upload


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a report's history; `at` is an instant.

    `by` is whose step it was, `answer` which answer of the reporter's. `text` are the words beside it that the reporter
    may read: never the notes of the police. `checked` are the windows in which they looked, `until` is until when they
    look once more, or a pause ends. `addressee` is the body that the case was passed on to. `unit_from` and `unit_to`
    are codes of units, of an event that handed it over; `chain` is the hash of the event.
    """

    sequence: int
    type: str
    at: datetime
    from_status: str | None
    status: str
    reason: str | None
    by: str | None
    answer: str | None
    text: str | None
    checked: tuple[Window, ...] = ()
    until: datetime | None = None
    chain: str | None = None
    addressee: str | None = None
    unit_from: str | None = None
    unit_to: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A report with all that happened to it, oldest first; `case` is what a next step builds on."""

    report: Stored
    case: Current
    events: tuple[Happened, ...]
    due_take_up: datetime | None
    due_verify: datetime | None
    uploads: tuple[Upload, ...] = ()
    sightings: tuple[Sighting, ...] = ()


def history(report_id: str) -> History | None:
    """Return a report with its events, or None: one consistent query, so that its reporter never misses it."""
    items = list(MainItem.query(keys.report(report_id), consistent_read=True))
    report = next((item for item in items if isinstance(item, ReportItem)), None)
    if report is None:
        return None
    texts = {item.sk.removeprefix(keys.TEXT): item.text for item in items if isinstance(item, TextItem)}
    events = tuple(
        _happened(item, texts.get(item.sk.removeprefix(keys.EVENT))) for item in items if isinstance(item, EventItem)
    )
    return History(
        report=stored_of(report),
        case=current_of(report),
        events=events,
        due_take_up=_moment(report.due_take_up),
        due_verify=_moment(report.due_verify),
        uploads=tuple(uploads.view(item) for item in items if isinstance(item, UploadItem)),
        sightings=sightings_of(items),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else keys.moment(text)


def _happened(item: EventItem, text: str | None) -> Happened:
    return Happened(
        sequence=int(item.seq),
        type=item.type,
        at=keys.moment(item.at),
        from_status=item.from_status,
        status=item.status,
        reason=item.reason,
        by=item.by,
        answer=item.answer,
        text=text,
        checked=windows(item.checked or ()),
        until=_moment(item.until),
        chain=item.chain,
        addressee=item.addressee,
        unit_from=item.other_unit,
        unit_to=None if item.other_unit is None else item.unit,
    )
