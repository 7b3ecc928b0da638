"""`make rotate`: puts a new version of the signing keys into service, and takes old ones out, without a moment's pause.

    now ─────────── in 15 minutes ────────── a year later ───────── a year after that
    new keys known  devices minted under it  its tokens end         its receipts end, it is taken out

Run it once a year, or whenever somebody leaves who has seen the keys. Each run does what is due: it adds a version that
begins when every process has read it, retires versions that another has followed for a year (their devices are given
new tokens), and takes those out under which no receipt can open anything any more. Receipts and links of mails go on
working, and nobody has to file anything again.

`NOW=1` is for keys that somebody else has got hold of: the new version begins at once and all others end. For up to
five minutes a process that has not read it yet may refuse a new token; whoever has filed keeps their receipt.

Works on the running local instance; where SECRETS_PARAM is set, on that parameter of an AWS account.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from botocore.session import get_session

from chalicelib.clock import system_clock
from chalicelib.domain.retention import RECEIPT_MONTHS
from chalicelib.store.keys import instant, moment
from chalicelib.store.secrets import FRESH, new_row
from infra.commands.instance import NotRunning, connect

LEAD = 3 * FRESH
"""How long every process has to read a new version before anything is made under it."""

SERVICE = timedelta(days=365)
"""How long the tokens of a version are believed that another has followed."""

RECEIPTS = timedelta(days=31 * RECEIPT_MONTHS)
"""How long a version opens receipts after its tokens have ended: at least as long as any of them opens its case."""

VERSIONS = 32
"""Numbers of versions; a receipt has one character for it."""

LARGEST = 4096
"""Characters that an ordinary parameter holds."""

Document = dict[str, Any]
Row = dict[str, Any]


class RotationRefused(Exception):
    """The keys stay as they are; the message says why, and what to do."""


class Rotated(NamedTuple):
    """A document with what was changed in it: numbers of versions."""

    document: Document
    added: int
    retired: list[int]
    removed: list[int]


def rotated(document: Mapping[str, Any], now: datetime, *, at_once: bool) -> Rotated:
    """Return the document with everything done that is due.

    Raises:
        RotationRefused: while an earlier version has not begun, or where the versions are too many.
    """
    rows: list[Row] = [dict(row) for row in document["keys"]]
    if not at_once and (waiting := [row for row in rows if _since(row) > instant(now)]):
        raise RotationRefused(f"Version {waiting[-1]['version']} begins at {waiting[-1]['since']}; run it after that.")
    removed = [row for row in rows if "retired" in row and moment(row["retired"]) + RECEIPTS <= now]
    rows = [row for row in rows if row not in removed]
    retired = [row for row in _followed(rows, now, at_once=at_once) if "retired" not in row]
    for row in retired:
        row["retired"] = instant(now)
    added = new_row(_free(rows)) | {"since": instant(now if at_once else now + LEAD)}
    result = {**document, "keys": [*rows, added]}
    if len(json.dumps(result)) > LARGEST:
        raise RotationRefused("The parameter is full: there are more versions than receipts need. Wait until some end.")
    return Rotated(result, added["version"], _numbers(retired), _numbers(removed))


def rotate(ssm: Any, name: str, now: datetime, *, at_once: bool) -> Rotated:
    """Write what `rotated` makes of the parameter.

    Raises:
        RotationRefused: as there, and where somebody else has written the parameter meanwhile.
    """
    read = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    done = rotated(json.loads(read["Value"]), now, at_once=at_once)
    value = json.dumps(done.document)
    written = ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)["Version"]
    # The store has no condition for this. Nothing was made yet under what the other has added.
    if written != read["Version"] + 1:
        raise RotationRefused("Somebody else has changed the keys at this moment. Look at both, and run it once more.")
    return done


def main(arguments: list[str] | None = None) -> int:
    """Rotate and print which versions were added, retired and removed; 1 and a word of advice where that is refused."""
    parser = argparse.ArgumentParser(prog="make rotate", description=__doc__)
    parser.add_argument("--now", action="store_true", help="begin at once and end all others: the keys are known")
    at_once = parser.parse_args(arguments).now
    try:
        if "SECRETS_PARAM" not in os.environ:
            os.environ.update(connect().environment())
        now = system_clock()
        done = rotate(get_session().create_client("ssm"), os.environ["SECRETS_PARAM"], now, at_once=at_once)
    except (NotRunning, RotationRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps({"added": done.added, "retired": done.retired, "removed": done.removed}))
    print("Keep a copy of the parameter: without it no receipt can be read.", file=sys.stderr)
    return 0


def _since(row: Row) -> str:
    return str(row.get("since", ""))


def _followed(rows: Sequence[Row], now: datetime, *, at_once: bool) -> list[Row]:
    """The versions whose tokens end now: all, or those that another has followed for `SERVICE`."""
    if at_once:
        return list(rows)
    return [row for row, after in pairwise(rows) if _since(after) <= instant(now - SERVICE)]


def _free(rows: Sequence[Row]) -> int:
    """The number after the newest one's that nothing is under any more."""
    used = set(_numbers(rows))
    newest = int(rows[-1]["version"])
    following = ((newest + step) % VERSIONS for step in range(1, VERSIONS))
    return next(number for number in following if number not in used)


def _numbers(rows: Sequence[Row]) -> list[int]:
    return [row["version"] for row in rows]


if __name__ == "__main__":
    sys.exit(main())
