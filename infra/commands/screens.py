"""`make screens [ONLY=report]`: pictures of the running site's main states, as different visitors see them.

They go to test-results/screens/, to be looked at: no test can tell whether a page is beautiful.
"""

import argparse
import sys

from playwright.sync_api import Error

from chalicelib.domain.roles import Role
from infra.commands.instance import NotRunning, Running, connect
from infra.commands.officer import Pool
from infra.demo.screens import NoBrowser, pictures
from infra.local.emulator import ROOT

UNIT = "KSP"
FOLDER = ROOT / "test-results" / "screens"


def main() -> int:
    """Take them; 1 with the reason where nothing runs, or a state cannot be reached."""
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("--only", default="", help="part of the name of the states to look at")
    only = parser.parse_args().only
    try:
        running = connect()
        for picture in pictures(running.base_url, _token(running), FOLDER, only):
            print(picture.relative_to(ROOT))
    except (NotRunning, NoBrowser, Error) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _token(running: Running) -> str:
    """Log in as the capital's officer, who has most to look at."""
    pool, name = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"]), "screens"
    pool.enter(name, Role.OFFICER, UNIT)
    return pool.token(name, running.names["OFFICER_CLIENT"])


if __name__ == "__main__":
    sys.exit(main())
