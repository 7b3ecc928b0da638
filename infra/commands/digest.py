"""`make digest`: invoke the deployed function of the morning mails once and print its summary."""

import argparse
import sys
from datetime import date

from infra.commands.instance import connect, printing


def main() -> int:
    """Invoke; the exit code is 1 where no instance runs or the function fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=date.fromisoformat, help="run as if it were the morning of this day")
    day = parser.parse_args().day
    payload = {} if day is None else {"now": f"{day}T07:00:00+00:00"}
    return printing(lambda: connect().invoke("digest", payload))


if __name__ == "__main__":
    sys.exit(main())
