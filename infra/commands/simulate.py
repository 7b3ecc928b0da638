"""`make simulate`: a day of 1, 10 and 100 times the national map's reports against the limits of AWS, and its bill.

A day like others, and one with an event: a fifth of a day's reports within ten minutes, all to one unit. It is a model
(infra/simulation.py says of what); `make load` is the real thing on one machine.
"""

import json
import sys

from infra.commands.cost import templates
from infra.costs import DAYS, Use, bill
from infra.simulation import REPORTS_A_DAY, Limits, simulate

FACTORS = (1, 10, 100)
VISITS_PER_REPORT = 10
SUBSCRIBERS, OFFICERS = 2_000, 500
"""Of the nation as it is; they grow with the reports."""


def main() -> int:
    """Print the days and the bills as JSON."""
    made = templates()
    limits = Limits.of(made["functions"])
    told = {}
    for factor in FACTORS:
        reports = round(REPORTS_A_DAY * DAYS * factor)
        use = Use(reports, reports * VISITS_PER_REPORT, SUBSCRIBERS * factor, OFFICERS)
        told[f"{factor}x"] = {
            "ordinary": simulate(limits, factor, event=False),
            "event": simulate(limits, factor, event=True),
            "dollars_a_month": round(sum(bill(made, use).values())),
        }
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
