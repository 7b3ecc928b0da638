"""`make nightly`: invoke the deployed nightly function once, as the scheduler would, and print its summary."""

import argparse
import datetime as dt
import sys

from infra.commands.instance import connect, printing


def main() -> int:
    """Invoke; the exit code is 1 where no instance runs or the function fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=dt.date.fromisoformat, help="the day to run for: statistics end before it")
    day = parser.parse_args().day
    return printing(lambda: connect().invoke("nightly", {"day": day.isoformat()} if day else {}))


if __name__ == "__main__":
    sys.exit(main())
