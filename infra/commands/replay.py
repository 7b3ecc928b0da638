"""`make replay`: puts alerts back into the outbox, from where relay and sweeper deliver them.

Without an option those that were parked after too many attempts. With `--report ID` or `--since TIME` those of reports
whose alert has left the outbox, for mail that was lost behind SES: the units hear of them again. An alert that waits
already is left alone, so that running it twice in a row puts nothing in twice.

Works on the running local instance; where MAIN_TABLE and QUOTA_TABLE are set, on those tables of an AWS account.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from chalicelib.clock import system_clock
from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status
from chalicelib.store import alerting, keys, models, outbox
from chalicelib.store.alert import Alert
from chalicelib.store.feed import Feed, FeedEvent
from infra.commands.instance import NotRunning, connect
from infra.local.emulator import ROOT

if TYPE_CHECKING:
    from chalicelib.store.alerting import Told

DOCUMENTS = ("instance", "catalogue", "units")
RAISED_ALERTS = frozenset({"accepted", "imported"})
"""Types of event that units are told of."""
KIND = "accepted"


def main(arguments: list[str] | None = None) -> int:
    """Put back and print how many; 1 and a word of advice where no instance runs."""
    options = _options(arguments)
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
    feed = Feed.connect(boto3.client("dynamodb"), os.environ["MAIN_TABLE"])
    found = _chosen(options, feed, read_instance(ROOT / "instances" / code))
    put_back = 0 if options.dry_run else sum(outbox.put_back(alert) for alert in found)
    print(json.dumps({"found": len(found), "put_back": put_back}))
    return 0


def of_report(report: str, feed: Feed, instance: Instance) -> list[Alert]:
    """Return the alerts that a report's events raised, whatever has become of the case since."""
    told = alerting.told(report)
    events = feed.history(report) if told else []
    return [_alert(event, told, instance) for event in events if told and event.type in RAISED_ALERTS]


def of_time(since: datetime, until: datetime, feed: Feed, instance: Instance) -> list[Alert]:
    """Return the alerts of the reports filed in a span of time that nobody has taken up yet, oldest first."""
    found = []
    for event in _filed(since, until, feed, instance):
        told = alerting.told(event.id)
        if told is not None and told.status == Status.NEW:
            found.append(_alert(event, told, instance))
    return sorted(found, key=lambda alert: alert.sort_key)


def read_instance(folder: Path) -> Instance:
    """Return the instance of a folder of documents."""
    return Instance.from_documents(*(json.loads((folder / f"{name}.json").read_text("utf-8")) for name in DOCUMENTS))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make replay", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--parked", action="store_true", help="the parked alerts (the default)")
    which.add_argument("--report", help="the alerts of one report, by its id")
    which.add_argument("--since", type=_moment, help="the alerts of reports filed since then and still new")
    parser.add_argument("--until", type=_moment, help="with --since: and not after this (default: now)")
    parser.add_argument("--dry-run", action="store_true", help="only count them")
    return parser.parse_args(arguments)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset; write for example 2026-11-22T08:00+01:00")
    return moment


def _chosen(options: argparse.Namespace, feed: Feed, instance: Instance) -> list[Alert]:
    if options.report is not None:
        return of_report(options.report, feed, instance)
    if options.since is not None:
        return of_time(options.since, options.until or system_clock(), feed, instance)
    return list(outbox.parked())


def _filed(since: datetime, until: datetime, feed: Feed, instance: Instance) -> Iterator[FeedEvent]:
    day, last = day_of(since, instance.zone), day_of(until, instance.zone)
    begin, end = keys.instant(since), keys.instant(until)
    while day <= last:
        for event in feed.day_events(day, begin):
            if event.type in RAISED_ALERTS and begin <= event.at <= end:
                yield event
        day += timedelta(days=1)


def _alert(event: FeedEvent, told: Told, instance: Instance) -> Alert:
    return Alert(
        shard=keys.shard(event.id),
        report=event.id,
        seq=event.seq,
        kind=KIND,
        # The unit that answers for it now: the case may have been transferred.
        unit=told.unit,
        garrison=instance.units.garrison(told.unit).code,
        category=told.category,
        priority=instance.catalogue.categories[told.category].priority,
        at=event.at,
    )


if __name__ == "__main__":
    sys.exit(main())
