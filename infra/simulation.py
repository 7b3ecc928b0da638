"""A day of reports against the limits of AWS: what waits, for how long, and which limit is reached first.

A model, second by second, with a seed: people report as the hours of the day have it, and in an event a fifth of a
day's reports come within ten minutes from the area of one unit. Each limit is a queue that gives so much a second;
whoever is refused comes again after `RETRY_S`, as pages do. Limits of ours are read from the templates, those of AWS
stand here.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from chalicelib.store.keys import SHARDS
from infra.build.gateway import RETRY_AFTER_SECONDS as RETRY_S
from infra.costs import SECONDS

DAY_S = 86_400
REPORTS_A_DAY = 1_100
"""Of the national map of threats: two and a half million in its first six years."""

HOURS = (1, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 6, 5, 4, 3, 2, 2)
"""Shares of the hours of a day, in hundredths."""

EVENT_SHARE = 0.2
EVENT_S = 600
EVENT_AT = 17 * 3600

URGENT_SHARE = 0.2
ACCEPT_UNITS = 18
"""Write units of a report (docs/operate.md, "What to plan by")."""

KEY_UNITS = 1_000
"""Write units that one partition key takes in a second (DynamoDB, "Designing partition keys")."""

TABLE_UNITS = 4_000
"""What a new table on demand takes at once; it doubles with what it has seen (DynamoDB, "On-demand capacity")."""

CONCURRENCY = 1_000
"""Runs at once of all functions of an account, before anybody asks for more (Lambda, "Quotas")."""

MAILS_A_SECOND = 14
"""Of an account that has left the sandbox, before anybody asks for more (SES, "Quotas")."""

STREAM_SHARDS = 4
"""Of a table of `TABLE_UNITS`: one for each partition."""

ALERT_S = 0.1
"""The relay's eight requests for an alert, one after another, taken generously."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """What each step takes in a second; `burst` is what the gateway lets through at once."""

    gateway: float
    burst: float
    functions: float
    table: float
    day_key: float
    unit_key: float
    relay: float
    mails: float

    @classmethod
    def of(cls, functions: Mapping[str, Any]) -> Limits:
        """Read ours from the resources of the stack of functions, in reports a second."""
        settings = functions["RestAPI"]["Properties"]["MethodSettings"]
        intake = next(
            row for row in settings if row["ResourcePath"] == "/~1v1~1reports" and row["HttpMethod"] == "POST"
        )
        events = functions["Relay"]["Properties"]["Events"].values()
        factor = next(row["Properties"].get("ParallelizationFactor", 1) for row in events if row["Type"] == "DynamoDB")
        return cls(
            gateway=intake["ThrottlingRateLimit"],
            burst=intake["ThrottlingBurstLimit"],
            functions=CONCURRENCY / SECONDS["APIHandler"],
            table=TABLE_UNITS / ACCEPT_UNITS,
            # As if all units of a report fell on each of its keys: none can be busier.
            day_key=SHARDS * KEY_UNITS / ACCEPT_UNITS,
            unit_key=KEY_UNITS / ACCEPT_UNITS,
            relay=STREAM_SHARDS * factor / ALERT_S,
            mails=MAILS_A_SECOND,
        )


@dataclass(frozen=True)
class Waits:
    """How long those who passed a step had waited, in seconds: how many waited how long."""

    seconds: Counter[int]

    def quantile(self, share: float) -> int:
        """Return the wait that so large a share did not exceed; 0 where nobody came."""
        left = ceil(share * self.seconds.total())
        for wait in sorted(self.seconds):
            left -= self.seconds[wait]
            if left <= 0:
                return wait
        return 0


def arrivals(factor: float, *, event: bool, seed: int = 1) -> tuple[Counts, Counts]:
    """Return the reports of each second of a day: of the whole country, and of them those to the unit of the event."""
    chance = np.random.default_rng(seed)
    a_day = REPORTS_A_DAY * factor
    rate = np.repeat(np.array(HOURS) / sum(HOURS) / 3600, 3600) * a_day
    country = chance.poisson(rate).astype(np.int64)
    unit = np.zeros(DAY_S, dtype=np.int64)
    if event:
        inside = slice(EVENT_AT, EVENT_AT + EVENT_S)
        unit[inside] = chance.poisson(a_day * EVENT_SHARE / EVENT_S, EVENT_S)
    return country + unit, unit


def through(coming: Counts, rate: float, burst: float | None = None, again: int = 1) -> tuple[Counts, Waits]:
    """Let a queue through a step, first come first served, at most `rate` a second and `burst` at once.

    Whoever does not pass asks again every `again` seconds.

    Returns:
        What passed in each second, with those after the day that nobody is left behind; and the waits.
    """
    # A limit of less than one a second lets one through now and then.
    most = max(1.0, rate if burst is None else burst)
    passed, waits, queue = list[int](), Counter[int](), deque[tuple[int, int]]()
    tokens, second, waiting = most, 0, 0
    while second < len(coming) or waiting:
        tokens = min(most, tokens + rate)
        if second < len(coming) and coming[second]:
            queue.append((second, int(coming[second])))
            waiting += int(coming[second])
        left = served = min(waiting, int(tokens))
        while left:
            came, count = queue.popleft()
            taken = min(count, left)
            waits[again * ceil((second - came) / again)] += taken
            left -= taken
            if count > taken:
                queue.appendleft((came, count - taken))
        waiting -= served
        tokens -= served
        passed.append(served)
        second += 1
    return np.array(passed, dtype=np.int64), Waits(waits)


def simulate(limits: Limits, factor: float, *, event: bool, seed: int = 1) -> dict[str, Any]:
    """Return what a day does to the limits: waits in seconds, use of each limit at its busiest, in per cent."""
    coming, to_unit = arrivals(factor, event=event, seed=seed)
    intake = min(limits.gateway, limits.functions, limits.table, limits.day_key)
    burst = min(limits.burst, limits.functions, limits.table, limits.day_key)
    admitted, at_door = through(coming, intake, max(burst, intake), RETRY_S)
    # As if the door had slowed none of them.
    _, at_key = through(to_unit, limits.unit_key, None, RETRY_S)
    told, at_relay = through(admitted, limits.relay)
    _, at_mail = through((np.cumsum(told) * URGENT_SHARE).astype(np.int64) - _before(told), limits.mails)
    busiest = {
        "gateway": coming.max() / limits.burst,
        "functions": coming.max() / limits.functions,
        "table": admitted.max() / limits.table,
        "key of the day": admitted.max() / limits.day_key,
        "key of the unit": to_unit.max() / limits.unit_key,
        "relay": admitted.max() / limits.relay,
        "mails": told.max() * URGENT_SHARE / limits.mails,
    }
    return {
        "reports": int(coming.sum()),
        "accepted": int(admitted.sum()),
        "at_once": at_door.seconds[0],
        "busiest_second": int(coming.max()),
        "wait_p50_s": at_door.quantile(0.5),
        "wait_p99_s": at_door.quantile(0.99) + at_key.quantile(0.99),
        "mail_p99_s": at_relay.quantile(0.99) + at_mail.quantile(0.99),
        "use_percent": {name: round(100 * float(value), 1) for name, value in busiest.items()},
        "binds_first": max(busiest, key=lambda name: busiest[name]),
    }


def _before(told: Counts) -> Counts:
    """Return the urgent ones of all seconds before each."""
    whole = (np.cumsum(told) * URGENT_SHARE).astype(np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), whole[:-1]])
