"""`make reroute`: brings open cases to the units that answer for their places, after boundaries or units have changed.

Counts only, until `--apply`. What officers have handed over by hand stays. It may be broken off and run again: what has
moved is in its place already. Each unit hears of what it gets as of any transfer, and has a day at least to take it up.

Works on the running local instance; where MAIN_TABLE, QUOTA_TABLE and WORK_BUCKET are set, on those of an AWS account,
with INSTANCE as the folder under `instances/`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter

import boto3

from chalicelib.clock import system_clock
from chalicelib.services.rerouting import Outcome, Rerouting
from chalicelib.services.routing import Routing
from chalicelib.store import models
from chalicelib.store.places import PlacesPack
from infra.commands.instance import NotRunning, connect
from infra.commands.replay import read_instance
from infra.local.emulator import ROOT


def main(arguments: list[str] | None = None) -> int:
    """Look, move and print the counts; 1 where no instance runs, or where cases changed meanwhile: run it again."""
    parser = argparse.ArgumentParser(prog="make reroute", description=__doc__)
    parser.add_argument("--apply", action="store_true", help="move them; else they are only counted")
    apply = parser.parse_args(arguments).apply
    code = os.environ.get("INSTANCE", "pl")
    if "MAIN_TABLE" not in os.environ:
        try:
            running = connect()
        except NotRunning as refusal:
            print(refusal, file=sys.stderr)
            return 1
        os.environ.update(running.environment())
        code = running.instance
    models.bind(os.environ["MAIN_TABLE"], os.environ["QUOTA_TABLE"])
    now = system_clock()
    places = PlacesPack(boto3.client("s3"), os.environ["WORK_BUCKET"]).current(now)
    counts: Counter[str] = Counter()
    moves: Counter[str] = Counter()
    for each in Rerouting(Routing(read_instance(ROOT / "instances" / code), now), places).run(apply=apply):
        counts[each.outcome] += 1
        if each.outcome is Outcome.MOVES:
            moves[f"{each.unit} > {each.to}"] += 1
    told = {outcome.value: counts[outcome] for outcome in Outcome}
    print(
        json.dumps({"applied": apply, "boundaries": places.boundaries, **told, "by_units": dict(moves.most_common())})
    )
    return 1 if counts[Outcome.CHANGED] else 0


if __name__ == "__main__":
    sys.exit(main())
