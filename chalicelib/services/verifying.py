"""Proving the history: every case's chain in the table, and every day of the public ledger, reckoned anew.

What is found is a list of breaks. A break that the chain of a case shows names its report and event; one that only the
ledger shows names the day and, of an event that is gone from the table altogether, the hash that is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain import merkle
from chalicelib.domain.chain import Break
from chalicelib.services.daybook import Daybook, LaggingError, Page
from chalicelib.services.files import spread
from chalicelib.store.feed import Recorded
from chalicelib.store.proving import chained

_DAY = timedelta(days=1)


class Fault(StrEnum):
    """What can be wrong between the ledger and the table."""

    NO_PAGE = "no_page"
    """The ledger has no page of a day between others."""
    PAGE = "page"
    """The page's own hashes do not fit one another, or `latest.json` tells something else."""
    LINK = "link"
    """The page does not go on from the one before."""
    LAGGING = "lagging"
    """The feeds do not show all that an import wrote."""
    UNPUBLISHED = "unpublished"
    """The event is in the table, but not in the ledger of its day: it was changed, or added later."""
    LOST = "lost"
    """The ledger has a hash that no event of its day has: it was changed, or taken away."""


@dataclass(frozen=True, slots=True)
class Found:
    """One break: the day of the ledger, or the report and event, and what is wrong."""

    what: str
    day: str | None = None
    report: str | None = None
    event: int | None = None
    hash: str | None = None


@dataclass(slots=True)
class Proof:
    """What was looked at, and every break that was found."""

    days: int = 0
    events: int = 0
    unchained: int = 0
    reports: set[str] = field(default_factory=set)
    breaks: list[Found] = field(default_factory=list)


def verify(daybook: Daybook, today: date, day: date | None = None) -> dict[str, Any]:
    """Prove one day, or all of them and what has happened since; return what came of it, JSON-ready.

    `holds` is whether nothing is wrong, `root` and `chained` are those of the day or of the last one. A day that has no
    page yet has neither; its cases are looked at all the same.
    """
    proof, last = Proof(), daybook.latest()
    published = sorted({*daybook.days(), *([] if last is None else [last.day])})
    for each in _days(published, today) if day is None else [day]:
        page = daybook.page(each)
        if page is None and published and published[0] <= each <= published[-1]:
            proof.breaks.append(Found(Fault.NO_PAGE, each.isoformat()))
        if page is not None:
            proof.days += 1
            before = daybook.page(each - _DAY)
            proof.breaks += _of_page(page, before, is_first=each == published[0], last=last)
        _of_events(proof, daybook, each, page)
    proof.breaks += [found for many in spread(_of_report, sorted(proof.reports)) for found in many]
    told = last if day is None else daybook.page(day)
    return {
        "holds": not proof.breaks,
        "day": None if told is None else told.day.isoformat(),
        "root": None if told is None else told.root,
        "chained": None if told is None else told.chained,
        "days": proof.days,
        "events": proof.events,
        "reports": len(proof.reports),
        "unchained": proof.unchained,
        "breaks": [
            {name: value for name, value in asdict(found).items() if value is not None} for found in proof.breaks
        ],
    }


def _days(published: list[date], today: date) -> Iterator[date]:
    """Yield the days of the ledger and those since, the present one among them."""
    first = published[0] if published else today
    return (first + timedelta(days=number) for number in range((today - first).days + 1))


def _of_page(page: Page, before: Page | None, *, is_first: bool, last: Page | None) -> list[Found]:
    """Return what is wrong with a page as it is published."""
    faults: list[Fault] = []
    again = Page.of(page.day, list(page.leaves or ()), page.previous)
    if again != page or (last is not None and last.day == page.day and last != replace(page, leaves=None)):
        faults.append(Fault.PAGE)
    expected = merkle.FIRST_PREVIOUS if is_first else None if before is None else before.chained
    if page.previous != expected:
        faults.append(Fault.LINK)
    return [Found(fault, page.day.isoformat()) for fault in faults]


def _of_events(proof: Proof, daybook: Daybook, day: date, page: Page | None) -> None:
    """Compare a day's events with its page, and note whose they are."""
    name = day.isoformat()
    try:
        recorded = list(daybook.recorded(day))
    except LaggingError:
        proof.breaks.append(Found(Fault.LAGGING, name))
        return
    proof.events += len(recorded)
    proof.unchained += sum(event.chain is None for event in recorded)
    proof.reports.update(event.id for event in recorded)
    if page is not None:
        proof.breaks += _differences(name, recorded, frozenset(page.leaves or ()))


def _differences(day: str, recorded: Iterable[Recorded], leaves: frozenset[str]) -> Iterator[Found]:
    there = {event.chain: event for event in recorded if event.chain is not None}
    for chain in sorted(there.keys() - leaves):
        event = there[chain]
        yield Found(Fault.UNPUBLISHED, day, event.id, event.seq, chain)
    yield from (Found(Fault.LOST, day, hash=leaf) for leaf in sorted(leaves - there.keys()))


def _of_report(report_id: str) -> list[Found]:
    def told(found: Break) -> Found:
        return Found(found.breach, report=report_id, event=found.sequence)

    return [told(found) for found in chained(report_id).breaks()]
