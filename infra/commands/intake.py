"""`make intake`: closes intake in an emergency, opens it again, and says so on the site.

Closed, no new report and no sighting is taken, by the site or by Open311; the map, receipts, answers and the police
console work as ever. Functions go by it within a minute, browsers that look at the map within three. `--until` opens by
itself. A notice may also stand while intake is open. Without a word of what to do it prints how things stand.

Works on the running local instance; where MAIN_TABLE, QUOTA_TABLE and SITE_BUCKET are set, on those of an AWS account.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import boto3

from chalicelib.clock import system_clock
from chalicelib.domain.closing import Closing
from chalicelib.store import control, keys, models
from infra import notice
from infra.build.packages import ROOT
from infra.commands.instance import NotRunning, connect

CLOSED, OPEN = "closed", "open"


def main(arguments: list[str] | None = None) -> int:
    """Close, open or look, and print how it stands; 1 and a word of advice where no instance runs."""
    options = _options(arguments)
    if "MAIN_TABLE" not in os.environ:
        try:
            os.environ.update(connect().environment())
        except NotRunning as refusal:
            print(refusal, file=sys.stderr)
            return 1
    models.bind(os.environ["MAIN_TABLE"], os.environ["QUOTA_TABLE"])
    s3, bucket, now = boto3.client("s3"), os.environ["SITE_BUCKET"], system_clock()
    if options.state is not None:
        closing = Closing(now, options.until) if options.state == CLOSED else None
        # The switch first: what the site says must never be less than what is so.
        control.set_closing(closing)
        said = closing is not None or bool(options.notice)
        notice.publish(
            s3,
            bucket,
            closed=closing is not None,
            since=now if said else None,
            until=options.until if said else None,
            words=options.notice,
        )
    print(json.dumps({"intake": _stands(now), "site": notice.read(s3, bucket)}, ensure_ascii=False))
    return 0


def _stands(now: datetime) -> dict[str, object]:
    closing = control.closing()
    if closing is None or (closing.until is not None and closing.until <= now):
        return {"state": OPEN}
    until = None if closing.until is None else keys.instant(closing.until)
    return {"state": CLOSED, "since": keys.instant(closing.since), "until": until}


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make intake", description=__doc__)
    parser.add_argument("state", nargs="?", choices=[CLOSED, OPEN])
    parser.add_argument("--until", type=_moment, help="when it is over by itself, such as 2026-11-24T06:00+01:00")
    parser.add_argument("--notice", type=words_of, default={}, help="the operator's words, or JSON by language")
    options = parser.parse_args(arguments)
    if options.state is None and (options.until or options.notice):
        parser.error(f"say {CLOSED} or {OPEN}")
    if options.until is not None and options.until <= system_clock():
        parser.error("--until is over already")
    return options


def words_of(given: str) -> Mapping[str, str]:
    """Return words by language: JSON as it is, anything else in the instance's own language; `ValueError` if wrong."""
    instance = json.loads((_instance() / "instance.json").read_text("utf-8"))
    words = json.loads(given) if given.lstrip().startswith("{") else {instance["default_language"]: given.strip()}
    if not all(isinstance(each, str) and 0 < len(each) <= notice.LONGEST for each in words.values()):
        raise ValueError(f"a notice has 1 to {notice.LONGEST} characters")
    if unknown := sorted(set(words) - set(instance["languages"])):
        raise ValueError(f"the map does not speak {', '.join(unknown)}")
    return dict(words)


def _instance() -> Path:
    return ROOT / "instances" / os.environ.get("INSTANCE", "pl")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset; write for example 2026-11-24T06:00+01:00")
    return moment


if __name__ == "__main__":
    sys.exit(main())
