"""What a receipt opens: the whole case as its reporter may know it, and what may be done about it now."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain import answers
from chalicelib.domain.answers import Answer, Asks, Deed, Standing
from chalicelib.domain.calendar import day_of
from chalicelib.domain.catalogue import Category
from chalicelib.domain.errors import NotFound
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import PublicLocation, public_location
from chalicelib.domain.photo import State
from chalicelib.domain.receipt import Receipt, report_id
from chalicelib.domain.report import Status
from chalicelib.domain.sighting import Seen
from chalicelib.domain.steps import OPEN
from chalicelib.domain.units import Unit
from chalicelib.services.casework import STATUS
from chalicelib.services.followup import publicly_sighted, stands_on_map
from chalicelib.store.history import Happened, History, history
from chalicelib.store.reports import Stored
from chalicelib.store.secrets import Keyring
from chalicelib.store.uploads import Upload

LONGEST_CHAIN = 5
"""Mergers that are followed from one case to the next; nobody merges so often."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question that is open now.

    `text` are the police's words, None where the map asks whether the threat is gone; `asked` is since when, `until`
    when it ends by time alone.
    """

    asks: Asks
    text: str | None
    asked: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Merged:
    """The case that this one went into, from the merger on.

    Its steps are told by their days: the times of another reporter's deeds are that reporter's. `page` is its id where
    it has a public page, else None.
    """

    status: str
    reason: str | None
    unit: Unit
    steps: tuple[tuple[date, str, str | None], ...]
    page: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A case in the hands of its reporter; `expires` is when the receipt ends to open it.

    `sighted` is no more than the public knows: when exactly somebody else was there is not the reporter's to know.
    """

    receipt: Receipt
    history: History
    category: Category
    unit: Unit
    location: PublicLocation | None
    public: bool
    may: tuple[Deed, ...]
    question: Question | None
    expires: datetime
    photos: tuple[Upload, ...]
    merged: Merged | None
    sighted: Seen

    @property
    def report(self) -> Stored:
        """The report itself."""
        return self.history.report


def opened(code: Receipt, keyring: Keyring, instance: Instance, now: datetime) -> Opened:
    """Return what a receipt opens; raises `NotFound` for one that opens nothing, or nothing any more."""
    found = case_of(code, keyring, instance, now)
    report, zone = found.report, instance.zone
    category = instance.catalogue.categories[report.category]
    standing = standing_of(found)
    return Opened(
        receipt=code,
        history=found,
        category=category,
        unit=instance.units[report.unit],
        location=public_location(report.cell, category.sensitivity),
        public=stands_on_map(report, instance, now),
        may=answers.may(standing, now, zone),
        question=_question(found, standing, instance, now),
        expires=answers.expires(report.created, zone),
        photos=tuple(each for each in found.uploads if each.state is not State.ISSUED or each.expires >= now),
        merged=_merged(found, instance, now),
        sighted=publicly_sighted(report, found.sightings, instance, now),
    )


def case_of(code: Receipt, keyring: Keyring, instance: Instance, now: datetime) -> History:
    """Return the case of a receipt with its history; raises `NotFound`."""
    key = keyring.receipt_key(code.key_version)
    found = None if key is None else history(report_id(key, code))
    if found is None or now >= answers.expires(found.report.created, instance.zone):
        raise NotFound
    return found


def standing_of(found: History) -> Standing:
    """Return what the rules of answers look at in a case."""
    closing = max((event.sequence for event in found.events if _closes(event)), default=0)
    return Standing(
        status=Status(found.case.status),
        changed=found.report.changed,
        asked=found.case.asked is not None,
        answered=found.case.answered is not None,
        gone=any(event.answer == Answer.GONE and event.sequence > closing for event in found.events),
    )


def _closes(event: Happened) -> bool:
    return event.type == STATUS and Status(event.status) not in OPEN


def _question(found: History, standing: Standing, instance: Instance, now: datetime) -> Question | None:
    match answers.asks(standing, now, instance.zone):
        case Asks.POLICE:
            asked = next(event for event in found.events if event.sequence == found.case.asked)
            return Question(Asks.POLICE, asked.text, asked.at, None)
        case Asks.GONE:
            since = answers.begins(Deed.GONE, standing, instance.zone) or standing.changed
            return Question(Asks.GONE, None, since, answers.until(Deed.GONE, standing, instance.zone))
        case _:
            return None


def _merged(found: History, instance: Instance, now: datetime) -> Merged | None:
    since, target = found.report.changed, found
    for _ in range(LONGEST_CHAIN):
        further = None if target.case.into is None else history(target.case.into)
        if further is None:
            break
        target = further
    if target is found:
        return None
    report, zone = target.report, instance.zone
    steps = (event for event in target.events if event.type == STATUS and event.at >= since)
    return Merged(
        status=report.status,
        reason=report.reason,
        unit=instance.units[report.unit],
        steps=tuple((day_of(event.at, zone), event.status, event.reason) for event in steps),
        page=report.id if stands_on_map(report, instance, now) else None,
    )
