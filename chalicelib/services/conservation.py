"""What a night must not lose or count twice, reckoned from what its steps have recorded: no rows are read for it.

A night that breaks one of these publishes nothing: readers stay with the map of the night before, which was whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.services.builds import Record
    from chalicelib.services.state import State, Workshop
    from chalicelib.store.objects import Objects


class NotConservedError(Exception):
    """Something was lost or counted twice; `args` name what, one each."""


def hold(found: list[str]) -> None:
    """Let a night go on that has broken nothing.

    Raises:
        NotConservedError: it has.
    """
    if found:
        raise NotConservedError(*found)


def lost(before: State, after: State) -> list[str]:
    """Return what a fold lost: reports are added to a month, and never leave it."""
    rows = {month: file.rows for month, file in after.months.items()}
    return [f"state {month}" for month, file in before.months.items() if rows.get(month, 0) < file.rows]


def altered(shop: Workshop, work: Objects, state: State) -> list[str]:
    """Return the files of the state that hold another number of reports than was written, by their last lines alone."""
    paths = shop.fetch(work, state.months)
    rows = {
        month: shop.database.execute("SELECT sum(num_rows) FROM parquet_file_metadata($1)", [str(path)]).fetchall()
        for month, path in paths.items()
    }
    return [f"file {month}" for month, file in state.months.items() if rows[month] != [(file.rows,)]]


def broken(state: State, records: Mapping[str, Record], without_area: Callable[[], int]) -> list[str]:
    """Return what the counts of a build's steps contradict each other in.

    `without_area` counts the reports of ordinary categories of the year that no area has; it is asked only where the
    sum of all areas is not what the cells have counted.
    """
    cells, areas, exports = (records[step].facts for step in ("cells", "areas", "exports"))
    found = [f"exports {month}" for month, fact in exports["months"].items() if not _fits(state, month, fact)]
    if areas["year"] != cells["ordinary"] and areas["year"] + without_area() != cells["ordinary"]:
        found.append("areas")
    return found


def _fits(state: State, month: str, fact: Mapping[str, Any]) -> bool:
    """Tell whether no more rows of a month are public than there are reports."""
    return month in state.months and 0 <= int(fact["rows"]) <= state.months[month].rows
