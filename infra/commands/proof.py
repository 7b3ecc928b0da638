"""`make proof LEVEL=2`: switches the proof of work while the map runs; functions go by it within a minute.

Level 0 asks for none, 1 is for ordinary days, 2 and 3 are for an attack; `default` leaves it to the deployment again.
Challenges that are out already are good for what is left of their 20 minutes, whatever their level.

Works on the running local instance; where MAIN_TABLE and QUOTA_TABLE are set, on those tables of an AWS account.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from chalicelib.domain.proof import OFF, is_level
from chalicelib.store import control, models
from infra.commands.instance import NotRunning, connect

DEFAULT = "default"


def main(arguments: list[str] | None = None) -> int:
    """Switch and print what stands now; 1 and a word of advice where no instance runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("level", type=level_of, help=f"{OFF} to 3, or {DEFAULT}")
    level = parser.parse_args(arguments).level
    if "MAIN_TABLE" not in os.environ:
        try:
            os.environ.update(connect().environment())
        except NotRunning as refusal:
            print(refusal, file=sys.stderr)
            return 1
    models.bind(os.environ["MAIN_TABLE"], os.environ["QUOTA_TABLE"])
    control.set_level(control.PROOF, level)
    print(json.dumps({"level": DEFAULT if level is None else level}))
    return 0


def level_of(given: str) -> int | None:
    """Return the level that is asked for, None for the deployment's own; `ValueError` for any other text."""
    if given == DEFAULT:
        return None
    level = int(given)
    if not is_level(level):
        raise ValueError(given)
    return level


if __name__ == "__main__":
    sys.exit(main())
