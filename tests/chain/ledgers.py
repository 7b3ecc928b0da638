"""A ledger of some days, as the night writes it and a reader has it."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.services.daybook import Daybook
from chalicelib.services.verifying import verify
from chalicelib.store.objects import Objects
from chalicelib.store.proving import chained
from tests.http.world import World
from tests.receipt.cases import Held, held


def book(world: World) -> Daybook:
    """The ledger of the world's site."""
    site = Objects(world.box.s3, world.stack.names["SITE_BUCKET"])
    return Daybook(site, world.box.feed, world.box.instance.zone)


def today(world: World) -> date:
    """The local day of the world's clock."""
    return day_of(world.clock.now, world.box.instance.zone)


def next_night(world: World, days: int = 1, minutes: int = 10) -> date:
    """Let so many midnights pass and close what is to be closed; return the day that has begun."""
    day = today(world) + timedelta(days=days)
    world.clock.now = datetime.combine(day, time(0, minutes), world.box.instance.zone).astimezone(UTC)
    book(world).close(day, world.clock.now)
    return day


def written(world: World) -> dict[str, dict[str, Any]]:
    """Every file of the ledger by its name, as a reader has it."""
    site = book(world).site
    bodies = {key: site.get(key) or b"" for key in site.list_keys("data/ledger/")}
    return {
        key.split("/")[-1]: json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        for key, body in bodies.items()
    }


def proof(world: World, day: date | None = None) -> dict[str, Any]:
    """What `make verify` says of a day, or of all."""
    return verify(book(world), today(world), day)


def hashes(*cases: Held) -> list[str]:
    """The hashes of all events of some cases, as a page lists them."""
    return sorted(event.chain or "" for case in cases for event in chained(case.id).links)


def two_days(world: World) -> tuple[Held, Held]:
    """A case of two days, one of the second day, and the ledger of both."""
    first = held(world, description="Szkło")
    next_night(world)
    world.step(first.id, "verifying", "taken_up")
    second = held(world, category="vandalism")
    next_night(world)
    return first, second


def repage(world: World, day: date, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Publish another page in a page's place."""
    page = change(written(world)[f"{day}.json"])
    book(world).site.put(f"data/ledger/{day}.json", gzip.compress(json.dumps(page).encode()), "application/json")
