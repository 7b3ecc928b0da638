"""`make delivery [UNIT=code] [SEND=1]`: does mail arrive at the units' addresses? Without SEND=1 it only counts.

Every address of the chosen unit, or of all units, gets one test mail by itself, at half of the rate that SES allows, so
that alerts have the other half. An address that takes no mail, as far as is known, gets none. A run that breaks off is
begun again with the same words: whoever had a mail within twenty hours has had it. A unit whose hour is full waits.

`make delivery REPORT=1` tells which addresses took the mail and which have sent it back since; a server that is going
to send it back mostly does so within minutes.

Works on the running local instance; where MAIN_TABLE, QUOTA_TABLE, MAIL_SENDER and SITE_URL are set, on that stage of
an AWS account.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.clock import Clock, system_clock
from chalicelib.domain.instance import Instance
from chalicelib.domain.unit_settings import working
from chalicelib.domain.units import Unit
from chalicelib.notify.trial import OPERATOR
from chalicelib.services.alerts import code_of
from chalicelib.services.mailing import Mailing, is_unsent
from chalicelib.services.trials import Trials
from chalicelib.store import keys, models, trials, unit_settings
from chalicelib.store.flags import Flag
from infra.commands.instance import NotRunning, connect
from infra.commands.replay import read_instance
from infra.local.emulator import ROOT

FRESH = timedelta(hours=20)
"""Whoever had a test mail within this time is not sent another: a broken run goes on, and tomorrow's begins anew."""

SHARE = 0.5
"""Of the rate of SES: alerts must not wait behind tests."""

TRIES = 5
"""How often a mail is tried that SES finds too fast."""

_TOO_FAST = {"TooManyRequestsException", "ThrottlingException", "Throttling"}


class DeliveryRefused(Exception):
    """The run cannot be made as things stand; the message says why."""


class NotNow(DeliveryRefused):
    """SES takes no more mails for now, or does not answer."""

    def __init__(self) -> None:
        super().__init__("SES takes no mails now. What has become of each is noted: run it again later.")


@dataclass
class Run:
    """One run over units; `rate` is in mails a second, `done` counts what became of the addresses."""

    asking: Trials
    units: Iterable[Unit]
    clock: Clock
    rate: float
    sleep: Callable[[float], None] = time.sleep
    done: Counter[str] = field(default_factory=Counter)

    def plan(self) -> dict[str, Any]:
        """Say what a run would do."""
        for unit in self.units:
            self._count(unit)
        return {**self.done, "seconds": round(self.done["to_send"] / self.rate)}

    def send(self) -> dict[str, Any]:
        """Send what `plan` counts; `waiting` are addresses that another run will reach."""
        for unit in self.units:
            due = self._count(unit)
            kept = unit_settings.read(unit.code)
            for former in trials.of_unit(unit.code).keys() - set(kept.settings.everybody):
                trials.forget(unit.code, former)
            if due and self.asking.turn(unit.code, kept.settings.mails_per_hour) is None:
                self.done["waiting"] += len(due)
                continue
            for address in due:
                self._send(unit, address)
        return dict(self.done)

    def report(self) -> dict[str, Any]:
        """Tell what became of the newest test mails: counts, and each address that is not as it should be."""
        trouble: list[dict[str, Any]] = []
        for unit in self.units:
            kept, known = unit_settings.read(unit.code), trials.of_unit(unit.code)
            since = {flag.address: flag for flag in kept.flags}
            self.done["units"] += 1
            if not kept.settings.addresses:
                trouble.append({"unit": unit.code, "what": "no_address"})
            for address in kept.settings.everybody:
                what, more = _became(known.get(address), since.get(address))
                self.done[what] += 1
                if what != "took_it":
                    trouble.append({"unit": unit.code, "address": address, "what": what, **more})
        return {**self.done, "trouble": trouble}

    def _count(self, unit: Unit) -> list[str]:
        """Return the addresses of a unit that are due."""
        kept, known = unit_settings.read(unit.code), trials.of_unit(unit.code)
        everybody = kept.settings.everybody
        good = working(everybody, kept.flagged)
        fresh = keys.instant(self.clock() - FRESH)
        due = [address for address in good if address not in known or _is_due(known[address], fresh)]
        self.done.update(
            units=1,
            without_address=not kept.settings.addresses,
            addresses=len(everybody),
            flagged=len(everybody) - len(good),
            tried_before=len(good) - len(due),
            to_send=len(due),
        )
        return due

    def _send(self, unit: Unit, address: str) -> None:
        now = self.clock()
        if not trials.claim(unit.code, address, now, now - FRESH):
            return
        try:
            self._hand_over(unit, address)
        except (ClientError, BotoCoreError) as error:
            if is_unsent(error) and isinstance(error, ClientError) and not _is_too_fast(error):
                trials.note(unit.code, address, trials.REFUSED, code_of(error))
                self.done["refused"] += 1
                return
            if is_unsent(error):
                trials.forget(unit.code, address)
            # Else nobody knows whether it is out, and the claim that stays says so.
            raise NotNow from error
        trials.note(unit.code, address, trials.SENT)
        self.done["sent"] += 1

    def _hand_over(self, unit: Unit, address: str) -> None:
        mail = self.asking.mail(unit, OPERATOR)
        for attempt in range(1, TRIES + 1):
            self.sleep(attempt / self.rate)
            try:
                self.asking.mailing.send([address], mail, unit=unit.code)
            except ClientError as error:
                if attempt == TRIES or not _is_too_fast(error):
                    raise
            else:
                return


def main(arguments: list[str] | None = None) -> int:
    """Plan, send or report, and print it as JSON; 1 and a word of advice where that is impossible."""
    options = _options(arguments)
    try:
        run = _run(options)
        told = (run.report if options.report else run.send if options.send else run.plan)()
    except (NotRunning, DeliveryRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def allowance(ses: Any) -> tuple[float, float]:
    """Return how many mails SES takes in a second, and how many more today."""
    quota = ses.get_account()["SendQuota"]
    most = quota["Max24HourSend"]
    # -1 stands for no limit.
    return quota["MaxSendRate"], most - quota["SentLast24Hours"] if most >= 0 else float("inf")


def _run(options: argparse.Namespace) -> Run:
    code = os.environ.get("INSTANCE", "pl")
    if "MAIN_TABLE" not in os.environ:
        running = connect()
        os.environ.update(running.environment())
        code = running.instance
    models.bind(os.environ["MAIN_TABLE"], os.environ["QUOTA_TABLE"])
    instance = read_instance(ROOT / "instances" / code)
    # A mail whose answer is late may be out: the client does not try again by itself.
    ses = boto3.client("sesv2", config=Config(retries={"total_max_attempts": 1}))
    run = Run(_asking(ses, instance), _chosen(instance, options.unit), system_clock, rate=1)
    if not options.report:
        rate, left = allowance(ses)
        run.rate = rate * SHARE
        wanted = Run(run.asking, run.units, system_clock, run.rate).plan()["to_send"]
        if wanted > left:
            raise DeliveryRefused(f"SES takes {left:.0f} more mails today, and {wanted} are wanted. Choose UNIT=…")
    return run


def _is_too_fast(error: ClientError | BotoCoreError) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _TOO_FAST


def _asking(ses: Any, instance: Instance) -> Trials:
    return Trials(Mailing(ses, os.environ["MAIL_SENDER"]), instance, os.environ["SITE_URL"].rstrip("/"), system_clock)


def _chosen(instance: Instance, code: str | None) -> list[Unit]:
    if code is None:
        return list(instance.units)
    if code not in instance.units:
        raise DeliveryRefused(f"There is no unit {code}.")
    return [instance.units[code]]


def _is_due(trial: trials.Trial, fresh: str) -> bool:
    return trial.at <= fresh or trial.state == trials.REFUSED


def _became(trial: trials.Trial | None, flag: Flag | None) -> tuple[str, dict[str, str]]:
    """Return what an address is worth after its test mail, and what more is known of it."""
    if flag is not None:
        came_back = trial is not None and trial.at <= flag.since
        return "came_back" if came_back else "flagged_before", {"since": flag.since, "reason": flag.reason}
    if trial is None:
        return "not_tried", {}
    if trial.state == trials.SENT:
        return "took_it", {}
    return ("refused", {"error": trial.error or ""}) if trial.state == trials.REFUSED else ("unknown", {"at": trial.at})


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make delivery", description=__doc__)
    parser.add_argument("--unit", help="code of one unit (default: all)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--send", action="store_true", help="send the mails; without it they are only counted")
    what.add_argument("--report", action="store_true", help="what became of them")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
