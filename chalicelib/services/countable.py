"""Which reports count for commanders, as a table for the database."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.tally import counts
from chalicelib.services.row_table import table_of
from chalicelib.services.state import Workshop


def countable(shop: Workshop, paths: Sequence[str]) -> None:
    """Make the table `countable`: the statuses, reasons and tiers in these files of the state with which one counts.

    There are a few dozen of them at most, so that the rule itself stays where it is: `chalicelib.domain.tally`.
    """
    database = shop.database
    found = database.execute("SELECT DISTINCT status, reason, tier FROM read_parquet($1)", [list(paths)]).fetchall()
    columns = {"status": "VARCHAR", "reason": "VARCHAR", "tier": "INTEGER"}
    table_of(database, "countable", columns, (row for row in found if counts(*row)))
