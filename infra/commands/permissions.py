"""`make permissions`: holds each function's policy to what the function really asks of AWS, and prints what differs.

Runs the tests that call the functions' handlers with a note-taker beside them (half an hour on 2 cores), then compares.
What a policy does not allow would be refused on AWS, also where the emulator knows no better (it does not look at the
keys that a permission is limited to); what nothing asks for is one permission too many. 1 where there is either.

`--noted FOLDER` compares what was noted before.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from infra.build.packages import ROOT
from infra.commands.steps import run, tests

CALLS = "CZUJKA_CALLS"
"""Names the folder for what is noted."""

POLICIES = ROOT / "infra" / "policies"
HANDLERS = "not (bench or slow or browser or e2e or package)"

BY_SERVICES = frozenset(
    {
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"),
        *("logs:CreateLogStream", "logs:PutLogEvents"),
    }
)
"""What Lambda does in a function's name: takes from streams and queues, puts aside what failed, writes logs."""

UNASKED = frozenset({"s3:ListBucket"})
"""Without it a missing object is refused (403) and not told as absent (404): no call of its own."""

_VARIABLE = re.compile(r"\$\{(\w+)\}")


class Call(NamedTuple):
    """A function asked for an action on a place: ``<table>[/index/<name>] <key up to its #>``, or bucket and key."""

    function: str
    action: str
    place: str


class Grant(NamedTuple):
    """One action of one statement on one resource, for keys that begin so; `resource` is as in `Call.place`."""

    function: str
    sid: str
    action: str
    resource: str
    keys: tuple[str, ...]

    def covers(self, call: Call) -> bool:
        """Tell whether this permission lets the call through."""
        if (self.function, self.action) != (call.function, call.action):
            return False
        if not call.action.startswith(("dynamodb:", "s3:")):
            return True
        place, _, key = call.place.partition(" ")
        return fnmatchcase(place, self.resource) and any(fnmatchcase(key, pattern) for pattern in self.keys)


def grants(policy: Path) -> Iterator[Grant]:
    """Yield every permission of a policy."""
    for statement in json.loads(policy.read_text("utf-8"))["Statement"]:
        condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
        keys = tuple(condition.get("dynamodb:LeadingKeys", ["*"]))
        for action in statement["Action"]:
            for resource in _resources(statement["Resource"]):
                yield Grant(policy.stem, statement["Sid"], action, resource, keys)


def compared(calls: Iterable[Call], granted: Iterable[Grant]) -> list[str]:
    """Return a line for each call that nothing allows, and for each permission that nothing asked for."""
    asked, permissions = sorted(set(calls)), list(granted)
    refused = [call for call in asked if not any(each.covers(call) for each in permissions)]
    unused = [
        each
        for each in permissions
        if each.action not in BY_SERVICES | UNASKED and not any(each.covers(call) for call in asked)
    ]
    return [
        *(f"{call.function} asks for {call.action} on {call.place}: not allowed" for call in refused),
        *(f"{each.function} never asks for {each.action} on {each.resource} ({each.sid})" for each in unused),
    ]


def read(folder: Path) -> set[Call]:
    """Return what was noted into a folder."""
    return {Call(*row) for path in folder.glob("*.json") for row in json.loads(path.read_text("utf-8"))}


def main(arguments: list[str] | None = None) -> int:
    """Note, unless that was done before, compare and print; 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="make permissions", description=__doc__)
    parser.add_argument("--noted", type=Path, help="a folder with what was noted before")
    noted: Path | None = parser.parse_args(arguments).noted
    with tempfile.TemporaryDirectory(prefix="czujka-") as fresh:
        if noted is None:
            os.environ[CALLS] = fresh
            if run([tests("handlers, watched", HANDLERS, "-n", "2", "--dist", "worksteal")]):
                return 1
        calls = read(noted or Path(fresh))
    found = compared(calls, (grant for policy in sorted(POLICIES.glob("*.json")) for grant in grants(policy)))
    print("\n".join(found) or f"Each of {len(calls)} kinds of calls is allowed, and every permission is needed.")
    return 1 if found else 0


def _resources(given: Any) -> Iterator[str]:
    match given:
        case list():
            for each in given:
                yield from _resources(each)
        case {"Fn::Sub": text}:
            yield _place(text)
        case {"Ref": name}:
            yield name
        case _:
            yield str(given)


def _place(arn: str) -> str:
    """A resource as `Call.place` spells it: tables and buckets by the variable of the environment that names them."""
    variables = [name for name in _VARIABLE.findall(arn) if name in {"MainTable", "QuotaTable"} or "Bucket" in name]
    if not variables:
        return arn
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", variables[0]).upper()
    return name + arn.partition(f"${{{variables[0]}}}")[2]


if __name__ == "__main__":
    sys.exit(main())
