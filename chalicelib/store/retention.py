"""Erasing what is left of closed cases: by the list of the day on which they were closed, never by a scan.

A night that erases, and a reporter who opens the case again at the same moment:

    night    ── list of the day ── look ──────────────────── erase ✘ (it has left the list) ── nothing is lost
    reporter ─────────────────────────── step ✔ ─────────────

A case that is opened again leaves the list of its day in the transaction of that step, and one that is closed again
enters another day's; so that it is still on the list is the one condition of whatever is erased here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.location import centre
from chalicelib.domain.retention import Kept
from chalicelib.store import keys, wire
from chalicelib.store.conditional import held
from chalicelib.store.failures import code
from chalicelib.store.models import JobItem, MainItem, ReportItem, TombstoneItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

JOB = "retention"

DELETES = 90
"""Items deleted in one transaction, which may hold a hundred."""

_REACHED = "reached"
_LAST = "U~"
"""Follows every sort key of what belongs to a report and is not an event."""

_REFUSED = "ConditionalCheckFailed"

Photos = Callable[[str], int]
"""Deletes every file of a report's photos, and tells how many there were."""


class Reopened(Exception):
    """The case is no longer on the list of the day: nothing of it has been erased."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is still kept of a closed case.

    `listed` is the day on whose list it was found, `closed` the one on which it was closed, which only differ for
    imported cases; `day` is that of acceptance. `beside` are the sort keys of the items beside the report.
    """

    id: str
    listed: date
    closed: date
    day: str
    status: str
    has_text: bool
    has_place: bool
    is_losing_photos: bool
    cell: str
    beside: tuple[str, ...]

    def held(self, part: Kept) -> int:
        """Return how many things of a kind are still there."""
        match part:
            case Kept.TEXT:
                return int(self.has_text) + len(self.words)
            case Kept.PHOTO:
                return max(len(self.keys("U#")), int(self.is_losing_photos))
            case Kept.PLACE:
                return int(self.has_place)
            case _:
                return 1

    @property
    def words(self) -> list[str]:
        """The sort keys of words beside events, and of what institutions see of the case, which holds words too."""
        return [*self.keys("T#"), *self.keys("TP#")]

    def keys(self, prefix: str) -> list[str]:
        """Return the sort keys beside the report that begin so."""
        return [key for key in self.beside if key.startswith(prefix)]


def is_still_listed(day: date) -> Condition:
    """Return the condition that a case is still on the list of the cases closed on a day: see the module's race."""
    return cast("Condition", ReportItem.g2pk == keys.closed(day.isoformat()))


def closed_on(day: date) -> Iterator[str]:
    """Yield the ids of the cases on the list of a day, oldest closing first: half a read unit for each 4 KB."""
    return (item.id for item in ReportItem.gsi2.query(keys.closed(day.isoformat())) if isinstance(item, ReportItem))


def look(report_id: str, listed: date) -> Case | None:
    """Return what is kept of a case, or None where it is not on that list any more: one consistent query."""
    items = list(_beside(report_id))
    report = next((item for item in items if item["SK"]["S"] == keys.REPORT), None)
    if report is None or report.get("G2PK", {}).get("S") != keys.closed(listed.isoformat()):
        return None
    cell = report["cell"]["S"]
    place = tuple(int(report[name]["N"]) for name in ("lat6", "lon6"))
    return Case(
        id=report_id,
        listed=listed,
        closed=date.fromisoformat(report.get("closed", {}).get("S") or listed.isoformat()),
        day=report["day"]["S"],
        status=report["status"]["S"],
        has_text="text" in report,
        has_place="kv" in report or place != centre(cell),
        is_losing_photos="erasing" in report,
        cell=cell,
        beside=tuple(item["SK"]["S"] for item in items if item is not report),
    )


def erase(case: Case, parts: frozenset[Kept], photos: Photos) -> None:
    """Erase parts of a case; doing it again is harmless, and completes what was cut off.

    Raises `Reopened` where the case has left the list of its day meanwhile.
    """
    # The report first, on the condition, with a mark that its files are being deleted; then the files, which no
    # transaction holds; last the mark, by which the next night finds what this one left behind.
    if any(case.held(part) for part in parts - {Kept.ROW}):
        _strip(case, parts)
    if Kept.PHOTO in parts and case.held(Kept.PHOTO):
        photos(case.id)
        _guarded(case, case.keys("U#"), [ReportItem.erasing.remove()])
    if Kept.ROW in parts:
        _bury(case)


def reached() -> date | None:
    """Return the last night up to which everything has been erased; None before the first."""
    try:
        return date.fromisoformat(JobItem.get(keys.job(JOB, _REACHED), keys.LEASE, consistent_read=True).day)
    except JobItem.DoesNotExist:
        return None


def reach(night: date) -> None:
    """Record that everything has been erased up to a night; an earlier one changes nothing."""
    item = JobItem(keys.job(JOB, _REACHED), keys.LEASE, name=JOB, day=night.isoformat())
    # Only forward: a run that slept must not call back what a later one has finished.
    is_later = JobItem.pk.does_not_exist() | (JobItem.day < night.isoformat())
    held(item.save, is_later)


def _beside(report_id: str) -> Iterator[dict[str, Any]]:
    # Raw, because the models of all that may lie beside a report need not be loaded here.
    beside = MainItem.sk.between(keys.REPORT, _LAST)
    return wire.items(keys.report(report_id), range_key_condition=beside, consistent_read=True)


def _strip(case: Case, parts: frozenset[Kept]) -> None:
    actions: list[Action] = []
    if Kept.TEXT in parts and case.has_text:
        actions += [ReportItem.text.remove(), ReportItem.text_salt.remove()]
    if Kept.PHOTO in parts and case.held(Kept.PHOTO):
        actions += [ReportItem.erasing.set("photos"), ReportItem.photos.remove()]
    if Kept.PLACE in parts and case.has_place:
        lat6, lon6 = centre(case.cell)
        actions += [ReportItem.lat6.set(lat6), ReportItem.lon6.set(lon6), ReportItem.kv.remove()]
    _guarded(case, case.words if Kept.TEXT in parts else [], actions)


def _guarded(case: Case, deletes: list[str], actions: Sequence[Action] = ()) -> None:
    """Change the report and delete items beside it, each transaction on the condition that the case is still listed."""
    report, listed = ReportItem(keys.report(case.id), keys.REPORT), is_still_listed(case.listed)
    with _refusals():
        if actions and not deletes:
            # Alone it costs half of what a transaction does.
            report.update(list(actions), condition=listed)
        for chunk in _chunks(deletes):
            with TransactWrite(connection=connection()) as transaction:
                if actions:
                    transaction.update(report, list(actions), listed)
                else:
                    transaction.condition_check(ReportItem, report.pk, report.sk, listed)
                _delete(transaction, case, chunk)


def _bury(case: Case) -> None:
    """Put a tombstone in the report's place and delete all that lies beside it; its events stay."""
    *most, last = _chunks(case.keys("")) or [[]]
    for chunk in most:
        _guarded(case, chunk)
    tombstone = TombstoneItem(keys.report(case.id), keys.REPORT, id=case.id, day=case.day)
    with _refusals(), TransactWrite(connection=connection()) as transaction:
        transaction.save(tombstone, is_still_listed(case.listed))
        _delete(transaction, case, last)


def _delete(transaction: TransactWrite, case: Case, chunk: list[str]) -> None:
    for key in chunk:
        transaction.delete(MainItem(keys.report(case.id), key))


def _chunks(sort_keys: list[str]) -> list[list[str]]:
    return [sort_keys[start : start + DELETES] for start in range(0, len(sort_keys), DELETES)]


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn the refusal of the one condition into `Reopened`; whatever else the store raises goes through."""
    try:
        yield
    except UpdateError as error:
        if code(error).startswith(_REFUSED):
            raise Reopened from error
        raise
    except TransactWriteError as error:
        if any(reason is not None and reason.code == _REFUSED for reason in error.cancellation_reasons):
            raise Reopened from error
        raise
