"""`make verify [DAY=YYYY-MM-DD]`: prove the history of all cases against the published ledger, or that of one day.

Prints what was looked at, the hash of the day and every break as JSON.
"""

import argparse
import datetime as dt
import json
import sys

from chalicelib.clock import system_clock
from chalicelib.domain.calendar import day_of
from chalicelib.services.daybook import Daybook
from chalicelib.services.verifying import verify
from chalicelib.store.objects import Objects
from infra.commands.importing import container_of
from infra.commands.instance import NotRunning, Running, connect


def main() -> int:
    """Prove; 1 where something is wrong, or no instance runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=dt.date.fromisoformat, help="the local day to prove; all days without it")
    day = parser.parse_args().day
    try:
        told = verify_instance(connect(), day)
    except NotRunning as absent:
        print(absent, file=sys.stderr)
        return 1
    print(json.dumps(told, indent=1))
    return 0 if told["holds"] else 1


def verify_instance(running: Running, day: dt.date | None = None) -> dict[str, object]:
    """Prove the history of a running instance; only its table and its published files are read."""
    container = container_of(running)
    zone = container.instance.zone
    site = Objects(container.s3, running.names["SITE_BUCKET"])
    return verify(Daybook(site, container.feed, zone), day_of(system_clock(), zone), day)


if __name__ == "__main__":
    sys.exit(main())
