"""Pseudonyms of devices by area and window, in the table `quota`: which saw or reported something there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import h3
from pynamodb.transactions import TransactWrite

from chalicelib.domain.window import expires_at, pseudonym, window_of
from chalicelib.store import quota_keys
from chalicelib.store.quota import shared_salt
from chalicelib.store.quota_items import SourceItem

COUNTED_RESOLUTION = 9
"""Cells in which distinct devices are counted when a window closes."""

REPORTED = "R"
"""What stands for the sighting's mark where a device has filed the report itself."""

_AT_THE_MOMENT = "moment"

REPORT, SIGHTING = "report", "sighting"

# A device that reports or sees one case again in the same window is one source all the same.
SOURCE_IS_NEW = SourceItem.pk.does_not_exist()


@dataclass(frozen=True, slots=True)
class Witness:
    """One device in the area of one case, for one window."""

    window: date
    pseudonym: str
    cell: str
    day: date
    expires: datetime
    pseudonym_in: Callable[[str], str]
    """Gives the device's name in an area around the case's, for hours: so that on a border nobody counts twice.

    It is another than the pseudonym, and nothing but the window's salt leads from the one to the other.
    """

    def has_reported(self, report_id: str) -> bool:
        """Tell whether the device has filed the report itself in this window: half a read unit."""
        try:
            SourceItem.get(self._partition, quota_keys.source(self.pseudonym, report_id, REPORTED))
        except SourceItem.DoesNotExist:
            return False
        return True

    def join_report(self, transaction: TransactWrite, report_id: str, category: str) -> None:
        """Count the device among those who reported something here."""
        self._join(transaction, report_id, REPORTED, category, REPORT)

    def join_sighting(self, transaction: TransactWrite, report_id: str, mark: str, category: str) -> None:
        """Count the device among those who saw something here."""
        self._join(transaction, report_id, mark, category, SIGHTING)

    def _join(self, transaction: TransactWrite, report_id: str, mark: str, category: str, kind: str) -> None:
        item = SourceItem(
            self._partition,
            quota_keys.source(self.pseudonym, report_id, mark),
            cell=str(h3.cell_to_parent(self.cell, COUNTED_RESOLUTION)),
            category=category,
            kind=kind,
            day=self.day.isoformat(),
            ttl=self.expires,
        )
        transaction.save(item, SOURCE_IS_NEW)

    @property
    def _partition(self) -> str:
        return quota_keys.sources(self.window.isoformat(), self.pseudonym)


class Windows:
    """The salt of the window that this process is in: one is kept, so that no deleted salt outlives its window."""

    def __init__(self) -> None:
        self._held: tuple[date, bytes] | None = None

    def witness(self, device: str, cell: str, day: date, zone: ZoneInfo) -> Witness:
        """Return a device in the area of a cell, making the window's salt where there is none yet."""
        window = window_of(day)
        expires = expires_at(window, zone)
        held = self._held
        if held is None or held[0] != window:
            held = self._held = (window, shared_salt(quota_keys.window_salt(window.isoformat()), expires))
        salt, at_the_moment = held[1], f"{_AT_THE_MOMENT}\0{device}"
        return Witness(
            window,
            pseudonym(salt, device, cell),
            cell,
            day,
            expires,
            lambda area: pseudonym(salt, at_the_moment, area)[:16],
        )
