"""People who subscribe, what happens where they live, and the mails that come."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.location import cell_at, micro
from chalicelib.events import digest, relay, sweeper
from chalicelib.store import keys
from chalicelib.store.models import EventItem, ReportItem
from tests.http.gateway import Answer
from tests.http.world import WARSAW, World

EMAIL = "ala@example.org"
POLAND = ZoneInfo("Europe/Warsaw")
UNIT = "KPP-WOLOMIN"
TOKEN = re.compile(r"token=([0-9a-z]{51})")
CIRCLE: dict[str, Any] = {"circle": {"lat": WARSAW[0], "lon": WARSAW[1], "radius_m": 3000}}


def wish(**changes: Any) -> dict[str, Any]:
    """Return the body of a sound subscription."""
    body = {"email": EMAIL, "area": CIRCLE, "language": "pl", **changes}
    return {name: value for name, value in body.items() if value is not None}


@dataclass
class Town:
    """One instance of the application, its functions and its mails."""

    world: World
    _number: int = 0
    _mails_before: int = field(init=False)

    def __post_init__(self) -> None:
        self._mails_before = len(self._all_mails())

    @property
    def box(self) -> Container:
        """What handlers are given."""
        return self.world.box

    def call(self, method: str, target: str, body: object = None, **headers: str) -> Answer:
        """Send a request of somebody without a device."""
        return self.world.stranger().call(method, target, body, **headers)

    def ask(self, **changes: Any) -> Answer:
        """Ask for a subscription."""
        return self.call("POST", "/v1/subscriptions", wish(**changes))

    def deliver(self) -> dict[str, Any]:
        """Hand the stream's records of the waiting letters to the relay."""
        letters = self.world.items("main", "M#")
        records = [
            {
                "eventName": "INSERT",
                "dynamodb": {"Keys": {"PK": item["PK"], "SK": item["SK"]}, "SequenceNumber": str(number)},
            }
            for number, item in enumerate(letters)
        ]
        return relay.handle({"Records": records}, self.box)

    def sweep(self) -> dict[str, Any]:
        """Let the sweeper come round once."""
        return sweeper.handle({}, self.box)

    def asked(self, **changes: Any) -> str:
        """Ask, take the letter, and return its token."""
        before = len(self.mails())
        assert self.ask(**changes).status == 202
        self.deliver()
        (mail,) = self.mails()[before:]
        return token_of(mail)

    def subscriber(self, **changes: Any) -> str:
        """Ask and confirm; return the token."""
        token = self.asked(**changes)
        assert self.confirm(token).status == 200
        return token

    def confirm(self, token: str) -> Answer:
        """Press the button of the letter's page."""
        return self.call("POST", f"/v1/subscriptions/{token}/confirm")

    def leave(self, token: str) -> Answer:
        """End a subscription by one click."""
        return self.call("POST", f"/v1/subscriptions/{token}/unsubscribe")

    def next_morning(self, days: int = 1) -> dict[str, Any]:
        """Let days pass, to seven in the morning, and run the digest."""
        local = self.world.clock.now.astimezone(POLAND) + timedelta(days=days)
        self.world.clock.now = local.replace(hour=7, minute=0, second=0, microsecond=0).astimezone()
        return self.digest()

    def digest(self) -> dict[str, Any]:
        """Run the digest now."""
        return digest.handle({}, self.box)

    def report(
        self,
        *,
        lat: float = WARSAW[0],
        lon: float = WARSAW[1],
        category: str = "illegal_dump",
        at: datetime | None = None,
        **changes: Any,
    ) -> str:
        """Put a report into the table as accepting one does, now or at another moment; return its id."""
        self._number += 1
        rid, moment = f"r{self._number:020d}", at or self.world.clock.now
        stamp, day = keys.instant(moment), day_of(moment, POLAND).isoformat()
        known: dict[str, Any] = {
            "id": rid,
            "category": category,
            "cell": cell_at(lat, lon),
            "status": "new",
            "tier": 1,
            "unit": UNIT,
            "area": "1465",
            "created": stamp,
            "day": day,
            "origin": "web",
            **changes,
        }
        exact: dict[str, Any] = {
            "lat6": micro(lat),
            "lon6": micro(lon),
            "boundaries": "exact",
            "v": 1,
            "text": "kanarek w klatce",
        }
        ReportItem(keys.report(rid), keys.REPORT, **known, **exact).save()
        feed: dict[str, Any] = {"g1pk": keys.day_feed(day, keys.shard(rid)), "g1sk": keys.at_id_sequence(stamp, rid, 1)}
        EventItem(keys.report(rid), keys.event(1), seq=1, type="accepted", at=stamp, **known, **feed).save()
        return rid

    def step(self, rid: str, to: str, reason: str | None = None, *, kind: str = "status", seq: int = 2) -> None:
        """Let something happen to a report now."""
        report = ReportItem.get(keys.report(rid), keys.REPORT)
        stamp = keys.instant(self.world.clock.now)
        day = day_of(self.world.clock.now, POLAND).isoformat()
        closed = to not in {"new", "verifying", "confirmed", "passed_on"}
        feed: dict[str, Any] = {
            "g1pk": keys.day_feed(day, keys.shard(rid)),
            "g1sk": keys.at_id_sequence(stamp, rid, seq),
        }
        EventItem(
            keys.report(rid), keys.event(seq), id=rid, seq=seq, type=kind, at=stamp, from_status=report.status,
            status=to, reason=reason, **feed,
        ).save()  # fmt: skip
        changes = [ReportItem.status.set(to), ReportItem.v.set(seq)]
        changes += [ReportItem.reason.set(reason)] if reason else []
        changes += [ReportItem.resolved.set(stamp)] if closed else []
        report.update(changes)  # type: ignore[arg-type]

    def mails(self) -> list[dict[str, Any]]:
        """What SES has accepted in this test, oldest first."""
        return self._all_mails()[self._mails_before :]

    def _all_mails(self) -> list[dict[str, Any]]:
        address = f"{self.world.stack.access.endpoint}/_ministack/ses/messages"
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - the emulator on loopback
            accounts = json.load(answer)["messages"]
        return [mail for mails in accounts.values() for mail in mails]

    def held(self) -> list[dict[str, Any]]:
        """Every subscription in the table."""
        return self.world.items("main", "SUB#")


def token_of(mail: dict[str, Any]) -> str:
    """Return the token of a mail's links; there is one alone."""
    (token,) = set(TOKEN.findall(mail["BodyText"]))
    return str(token)


@contextmanager
def hooked(client: Any, event: str, hook: Callable[..., Any]) -> Iterator[None]:
    """Let botocore call `hook` at an event of a client."""
    client.meta.events.register(event, hook)
    try:
        yield
    finally:
        client.meta.events.unregister(event, hook)
