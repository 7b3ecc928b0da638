"""`make restore`: brings the table of reports back as it was at a moment, under a new name, and points the stage at it.

    make restore AT=2026-11-23T09:00+01:00      a new table as of then, with all that a restore leaves out
    make restore TABLE=czujka-… REPOINT=1       parameters of the stage name it; the next deployment takes it up

The damaged table stays as it is. The quota is never restored: what was purged there must be gone. Without `AT` the
table is as of a few minutes ago. Close intake first, or what is filed meanwhile is in the old table alone.

Works on the running local instance; on AWS where MAIN_TABLE and STAGE are set.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from typing import Any

import boto3

from chalicelib.clock import system_clock
from infra.commands.instance import NotRunning, connect

PATIENCE = {"Delay": 15, "MaxAttempts": 960}
"""Four hours, in seconds and tries; most tables are back within one."""

COMPARED = ("AttributeDefinitions", "KeySchema", "StreamSpecification", "DeletionProtectionEnabled")
"""What a table and its restored twin must have alike, besides what is compared by parts."""


class RestoreRefused(Exception):
    """Nothing was changed; the message says why."""


def main(arguments: list[str] | None = None) -> int:
    """Restore or repoint and print what stands; 1 with the reason where that is refused."""
    options = _options(arguments)
    try:
        if "MAIN_TABLE" not in os.environ:
            os.environ.update(connect().environment())
            # The emulator passes over this property of the template.
            keep_history(boto3.client("dynamodb"), os.environ["MAIN_TABLE"])
        dynamodb = boto3.client("dynamodb")
        if options.repoint:
            told = repoint(dynamodb, boto3.client("ssm"), os.environ["STAGE"], options.table)
        else:
            source = os.environ["MAIN_TABLE"]
            told = restore(dynamodb, source, options.table or twin(source, system_clock()), options.at)
    except (NotRunning, RestoreRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps(told, indent=1))
    return 0


def twin(source: str, now: datetime) -> str:
    """Return a name for what is restored of a table now."""
    return f"{source[:200]}-{now:%Y%m%d%H%M%S}"


def restore(dynamodb: Any, source: str, target: str, at: datetime | None) -> dict[str, Any]:
    """Restore a table under a new name and give it what restoring leaves out: stream, recovery, protection.

    May be run again after a break: it goes on with the table that is there. Raises `RestoreRefused` where the source
    keeps no history, and where the twin differs from it in the end.
    """
    before = dynamodb.describe_table(TableName=source)["Table"]
    if not _recovery(dynamodb, source):
        raise RestoreRefused(f"{source} has no point-in-time recovery: there is nothing to restore from.")
    when: dict[str, Any] = {"UseLatestRestorableTime": True} if at is None else {"RestoreDateTime": at}
    try:
        dynamodb.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=target, **when)
    except (dynamodb.exceptions.TableAlreadyExistsException, dynamodb.exceptions.TableInUseException):
        print(f"{target} is there already: going on with it", file=sys.stderr)
    waiter = dynamodb.get_waiter("table_exists")
    waiter.wait(TableName=target, WaiterConfig=PATIENCE)
    if "StreamSpecification" not in dynamodb.describe_table(TableName=target)["Table"]:
        dynamodb.update_table(TableName=target, StreamSpecification=before["StreamSpecification"])
        waiter.wait(TableName=target, WaiterConfig=PATIENCE)
    if before.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=target, DeletionProtectionEnabled=True)
        waiter.wait(TableName=target, WaiterConfig=PATIENCE)
    keep_history(dynamodb, target)
    after = dynamodb.describe_table(TableName=target)["Table"]
    if different := differences(before, after):
        raise RestoreRefused(f"{target} differs from {source} in {', '.join(different)}.")
    return {"table": target, "stream": after["LatestStreamArn"], "at": "latest" if at is None else at.isoformat()}


def keep_history(dynamodb: Any, table: str) -> None:
    """Turn point-in-time recovery on."""
    wanted = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=wanted)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of what two tables have not alike."""
    found = [name for name in COMPARED if _plain(before.get(name)) != _plain(after.get(name))]
    if _indexes(before) != _indexes(after):
        found.append("GlobalSecondaryIndexes")
    if before.get("BillingModeSummary", {}).get("BillingMode") != after.get("BillingModeSummary", {}).get(
        "BillingMode"
    ):
        found.append("BillingMode")
    return found


def repoint(dynamodb: Any, ssm: Any, stage: str, table: str | None) -> dict[str, str]:
    """Let the stage's parameters name another table; functions go on with the old one until they are deployed.

    Raises `RestoreRefused` for a table that is not ready to take the place of the one in force.
    """
    if table is None:
        raise RestoreRefused("Say which table: TABLE=…")
    name, stream = f"/czujka/{stage}/main-table", f"/czujka/{stage}/main-stream"
    in_force = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    before, after = (dynamodb.describe_table(TableName=each)["Table"] for each in (in_force, table))
    if after["TableStatus"] != "ACTIVE" or not _recovery(dynamodb, table) or differences(before, after):
        raise RestoreRefused(f"{table} is not ready: run `make restore TABLE={table}` until it says so.")
    # The stream first: a deployment between the two would follow a stream that nobody writes, not lose a table.
    ssm.put_parameter(Name=stream, Value=after["LatestStreamArn"], Type="String", Overwrite=True)
    ssm.put_parameter(Name=name, Value=table, Type="String", Overwrite=True)
    return {"table": table, "stream": after["LatestStreamArn"], "before": in_force}


def _recovery(dynamodb: Any, table: str) -> bool:
    held = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    return bool(held["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED")


def _plain(part: Any) -> Any:
    """Return lists of definitions in one order; nothing and False alike."""
    return sorted(part, key=json.dumps) if isinstance(part, list) else part or None


def _indexes(table: dict[str, Any]) -> dict[str, Any]:
    return {
        index["IndexName"]: (
            index["KeySchema"],
            index["Projection"]["ProjectionType"],
            sorted(index["Projection"].get("NonKeyAttributes", [])),
        )
        for index in table.get("GlobalSecondaryIndexes", [])
    }


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make restore", description=__doc__)
    parser.add_argument("--at", type=_moment, help="as of when, such as 2026-11-23T09:00+01:00; else the latest")
    parser.add_argument("--table", help="name of the new table")
    parser.add_argument("--repoint", action="store_true", help="let the stage use it, with its next deployment")
    return parser.parse_args(arguments)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset; write for example 2026-11-23T09:00+01:00")
    return moment


if __name__ == "__main__":
    sys.exit(main())
