"""What figures for commanders cost: the nation's year beside the year before, and a garrison's.

Two years of a thousand reports a day, all handled, in 400 units and 380 powiats. Files lie in memory, as the interface
reads them: measured is its own work, and how many files and bytes it asks for.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import process_time
from typing import Any

from chalicelib.domain.tally import By, Row, Tally, merge, tabulate, total
from chalicelib.services import packs
from chalicelib.services.figures import Figures, Span, current
from chalicelib.services.figures_files import NATION, POINTER, Index
from chalicelib.services.files import compact

LAST = date(2026, 11, 21)
DAYS, REPORTS = 730, 1_000
UNITS, POWIATS, CATEGORIES = 400, 380, 24
GARRISON = 25
STATUSES = ("verifying", "confirmed", "unconfirmed", "unconfirmed", "eliminated")


@dataclass
class Memory:
    """A bucket in memory that counts what is read."""

    stored: dict[str, bytes] = field(default_factory=dict)
    reads: int = 0
    size: int = 0

    def get(self, key: str) -> bytes | None:
        """Return an object as a bucket does."""
        body = self.stored.get(key)
        self.reads += 1
        self.size += len(body or b"")
        return body

    def get_range(self, key: str, first: int, size: int) -> bytes:
        """Return some bytes of an object."""
        self.reads += 1
        self.size += size
        return self.stored[key][first : first + size]

    def keep(self, pack: str, documents: dict[str, Any]) -> None:
        """Write a pack."""
        made = packs.files(pack, (([name], compact(document)) for name, document in documents.items()))
        self.stored.update({each.key: each.body for each in made})


def run() -> dict[str, Any]:
    """CPU seconds, reads and bytes of the longest questions, whose periods end and begin within a month."""
    memory = Memory()
    began = process_time()
    _fill(memory)
    made = process_time() - began
    return {
        "reports": DAYS * REPORTS,
        "rows_and_sums_of_two_years_cpu_s": round(made, 1),
        "stored_mb": round(sum(map(len, memory.stored.values())) / 1e6, 1),
        **{f"nation_year_by_{by}": _asked(memory, NATION, by) for by in By},
        "garrison_year_by_unit": _asked(memory, "G", By.UNIT),
    }


def _asked(memory: Memory, scope: str, by: By) -> dict[str, Any]:
    memory.reads = memory.size = 0
    began = process_time()
    figures = current(memory)  # type: ignore[arg-type]
    if not isinstance(figures, Figures):
        raise TypeError
    year = Span(LAST - timedelta(days=364), LAST - timedelta(days=3))
    now, before = figures.periods(scope, by, [year, year.before()])
    found = now.total.reports + before.total.reports
    return {
        "cpu_s": round(process_time() - began, 2),
        "reads": memory.reads,
        "read_mb": round(memory.size / 1e6, 2),
        "rows": len(now.table),
        "reports": found,
    }


def _fill(memory: Memory) -> None:
    """Keep the files of both years, as the night does."""
    chance, months = random.Random(3), dict[str, list[Row]]()
    for back in range(DAYS):
        day = (LAST - timedelta(days=back)).isoformat()
        months.setdefault(day[:7], []).extend(_row(chance, day, number) for number in range(REPORTS))
    index = Index("", min(months) + "-01", LAST.isoformat(), dict.fromkeys(months, "v"), {m[:4]: "v" for m in months})
    sums: dict[tuple[str, By], dict[str, dict[str, Any]]] = {}
    for month, rows in months.items():
        scopes = {NATION: rows, "G": [row for row in rows if int(row.unit) < GARRISON]}
        memory.keep(index.month_pack(month), scopes)
        for scope, some in scopes.items():
            for by in By:
                halves = [tabulate(some[::2], by), tabulate(some[1::2], by)]
                table = {key: tally.document() for key, tally in merge({}, halves).items()}
                sums.setdefault((month[:4], by), {}).setdefault(scope, {})[month] = table
    for (year, by), documents in sums.items():
        memory.keep(index.year_pack(year, by), documents)
    memory.stored[POINTER] = index.dump()
    checked = total(Tally.of_document(row) for row in sums["2025", By.UNIT][NATION]["2025-12"].values())
    if checked.reports != 31 * REPORTS:
        raise AssertionError


def _row(chance: random.Random, day: str, number: int) -> Row:
    unit = chance.randrange(UNITS)
    took = [int(chance.lognormvariate(7, 1)) for _ in range(3)]
    return Row(
        f"{day}-{number}",
        day,
        str(chance.randrange(CATEGORIES)),
        str(unit * POWIATS // UNITS),
        str(unit),
        chance.choice(STATUSES),
        None,
        took[0],
        took[1],
        took[2],
        int(took[0] > 4320),
        int(took[1] > 10080),
        0,
    )
