"""What is asked of the figures: whose, of which days, in which rows."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.faults import Fault
from chalicelib.domain.roles import Officer
from chalicelib.domain.tally import By
from chalicelib.http.call import Query
from chalicelib.http.police.guard import codes_in_sight
from chalicelib.services.figures import Figures, Span

PARAMETERS = ("from", "to", "unit", "by")
MOST_DAYS = 400
"""The longest time that may be asked for at once."""

USUAL_DAYS = 28
EARLIEST = date(2000, 1, 1)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit with those below it, None for the nation; days, None where none are named; what the rows are."""

    unit: str | None
    first: date | None
    last: date | None
    by: By
    today: date

    def span(self, figures: Figures | None) -> Span:
        """Return the days that are meant: four weeks up to the last one that is counted, where nothing else is said."""
        usual = self.today - _DAY if figures is None else figures.last
        last = self.last or max(usual, self.first or usual)
        return Span(self.first or last - (USUAL_DAYS - 1) * _DAY, last)


def asked(query: Query, who: Officer, box: Container) -> Asked:
    """Read the parameters; what is wrong with them is told by `query.done`."""
    today = day_of(box.clock(), box.instance.zone)
    unit = query.chosen("unit", codes_in_sight(who, box))
    by = query.chosen("by", list(By))
    return Asked(unit or who.unit, *_days(query, today), By(by) if by else By.CATEGORY, today)


def below(unit: str | None, box: Container) -> frozenset[str]:
    """Return the codes of a unit and those below it; of all where there is none."""
    units = box.units
    return frozenset(
        each.code for each in units if unit is None or any(above.code == unit for above in units.chain(each.code))
    )


def _days(query: Query, today: date) -> tuple[date | None, date | None]:
    first, last = query.day("from"), query.day("to")
    for name, day in (("from", first), ("to", last)):
        if day is not None and not EARLIEST <= day <= today:
            query.fault(name, Fault.OUT_OF_RANGE, minimum=EARLIEST.isoformat(), maximum=today.isoformat())
    if first is not None:
        end = last or today
        if end < first:
            query.fault("to", Fault.EARLIER, other="from")
        elif Span(first, end).days > MOST_DAYS:
            query.fault("from", Fault.PERIOD_TOO_LONG, days=MOST_DAYS)
    return first, last
