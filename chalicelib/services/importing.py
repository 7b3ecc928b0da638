"""Bulk import: rows of a file become reports, in batches that can be cut off anywhere and taken up again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Invalid, OutsideCountry
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.importrow import ImportRow, Reader, imported_id
from chalicelib.services.imported import Recorder

if TYPE_CHECKING:
    from chalicelib.store.bulk import BulkStore, ImportedReport

BATCH = 1000
"""Rows of a batch: one index partition for the nightly fold, one line in the ledger."""

Line = tuple[int, Mapping[str | None, str | list[str] | None]]
"""A line's number in the file, and its cells by column as `csv.DictReader` gives them."""

Reject = Callable[[int, list[FieldFault]], None]


@dataclass(slots=True)
class Summary:
    """What became of the rows: `written` are new, `known` were there, `rejected` are in the rejects file."""

    rows: int = 0
    written: int = 0
    known: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Importer:
    """Imports one file.

    `reject` is called for each bad row with its faults, `progress` with the number of rows that are settled.
    """

    store: BulkStore
    reader: Reader
    recorder: Recorder
    key: bytes
    zone: ZoneInfo
    now: datetime
    reject: Reject
    progress: Callable[[int], object]
    _seen: Counter[bytes] = field(default_factory=Counter)

    def run(self, lines: Iterable[Line]) -> Summary:
        """Import every line; running it again with the same lines writes nothing.

        Raises `store.bulk.Unprocessed` where the table keeps refusing; what is written stays written.
        """
        summary = Summary()
        good = self._good(lines, summary)
        # One batch is written while the next is read: reading and serialising cost as much as the table does.
        with ThreadPoolExecutor(1) as writer:
            written: Future[int] | None = None
            while batch := list(islice(good, BATCH)):
                self._account(written, summary)
                written = writer.submit(self._settle, batch)
            self._account(written, summary)
        summary.known = summary.rows - summary.rejected - summary.written
        return summary

    @staticmethod
    def _account(written: Future[int] | None, summary: Summary) -> None:
        if written is not None:
            summary.written += written.result()

    def _good(self, lines: Iterable[Line], summary: Summary) -> Iterator[ImportedReport]:
        for number, cells in lines:
            summary.rows += 1
            try:
                yield self._record(cells)
            except Invalid as invalid:
                faults = list(invalid.faults)
            except OutsideCountry:
                faults = [FieldFault("lat", Fault.OUTSIDE_COUNTRY)]
            else:
                continue
            summary.rejected += 1
            self.reject(number, faults)
            self.progress(1)

    def _record(self, cells: Mapping[str | None, str | list[str] | None]) -> ImportedReport:
        row = self.reader.row(_whole(cells))
        return self.recorder.record(row, self._id(row))

    def _id(self, row: ImportRow) -> str:
        digest = hashlib.blake2b(row.identity, digest_size=12).digest()
        self._seen[digest] += 1
        return imported_id(self.key, row.identity, self._seen[digest])

    def _settle(self, batch: list[ImportedReport]) -> int:
        name = hashlib.sha256("".join(row.report.id for row in batch).encode()).hexdigest()[:16]
        today = day_of(self.now, self.zone).isoformat()
        begun = self.store.begin(name, today, self.recorder.at)
        if begun.done:
            self.progress(len(batch))
            return 0
        for row in batch:
            self.recorder.file_under(row, begun, self.key)
        written = self.store.write(batch)
        self.store.complete(begun, written.in_feed, today)
        self.progress(len(batch))
        return written.new


def _whole(cells: Mapping[str | None, str | list[str] | None]) -> dict[str, str]:
    """Return the cells of a record that has just as many as the header; `Invalid` for any other."""
    whole = {name: value for name, value in cells.items() if name is not None and isinstance(value, str)}
    if None in cells or len(whole) < len(cells):
        raise Invalid([FieldFault("row", Fault.WRONG_TYPE, {"expected": "as many cells as the header"})])
    return whole
