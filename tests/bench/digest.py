"""What a morning costs: CPU of matching and wording for many subscribers and changes, and the bytes of one mail."""

import json
import random
import resource
import time
from collections.abc import Iterator
from typing import Any, cast

from chalicelib.domain.instance import Instance
from chalicelib.domain.subscription import Area, Change, Choice, Circle, Kind
from chalicelib.domain.subscription_token import TokenKey
from chalicelib.services.citizen_mail import Post
from chalicelib.services.digest_mail import DigestMail
from chalicelib.services.matching import Matcher, ranked
from chalicelib.services.place_names import PlaceNames
from chalicelib.store.subscriptions import Subscription
from infra.local.emulator import ROOT

SUBSCRIBERS, CHANGES = 10_000, 2_000
TOLD, DAY, MOMENT = "2026-06-08", "2026-06-09", "2026-06-01T10:00:00.000Z"
# Half of everything happens in ten cities.
CITIES = 10


class Nameless:
    """Names are looked up once a report and run, whatever the number of subscribers: not what is measured here."""

    def place(self, _lat: float, _lon: float) -> str:
        """Name every place alike."""
        return "Łomża"

    def area(self, _code: str) -> str:
        """Name every area alike."""
        return "Łomża"


def run() -> dict[str, Any]:
    """CPU seconds of matching and of wording, mails and lines, the largest mail, and the peak of the process."""
    draw, instance = random.Random(7), _instance()
    changes, people = list(_changes(draw, instance)), list(_people(draw, instance))
    began = time.process_time()
    matcher = Matcher(changes, lambda _lat, _lon: None)
    indexed = time.process_time()
    found = [matcher.matching(choice) for _, choice in people]
    matched = time.process_time()
    post = Post(None, "czujka@police.example", "https://czujka.example")
    mails = DigestMail(post, TokenKey.derived(b"bench"), instance, cast("PlaceNames", Nameless()))
    sizes = []
    for (known, choice), matching in zip(people, found, strict=True):
        told = [(change, *since) for change in matching if (since := change.since(TOLD)) is not None]
        if told:
            mail = mails.render(known, choice, ranked(told))
            sizes.append(len(mail.text.encode()) + len(mail.html.encode()))
    worded = time.process_time()
    return {
        "subscribers": SUBSCRIBERS,
        "changes": CHANGES,
        "index_cpu_s": round(indexed - began, 3),
        "matching_cpu_s": round(matched - indexed, 3),
        "wording_cpu_s": round(worded - matched, 3),
        "matches": sum(map(len, found)),
        "mails": len(sizes),
        "largest_mail_bytes": max(sizes),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _instance() -> Instance:
    folder = ROOT / "instances" / "pl"
    names = ("instance", "catalogue", "units")
    return Instance.from_documents(*(json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names))


def _changes(draw: random.Random, instance: Instance) -> Iterator[Change]:
    units, codes = [unit for unit in instance.units if unit.parent], list(instance.catalogue.categories)
    for number in range(CHANGES):
        lat, lon = _somewhere(draw, instance)
        unit = draw.choice(units)
        chain = tuple(above.code for above in instance.units.chain(unit.code))
        powiat = unit.areas[0] if unit.areas else ""
        yield Change(f"r{number:020d}", draw.choice(codes), 2, "new", None, lat, lon, powiat, chain, ((DAY, 1, None),))


def _people(draw: random.Random, instance: Instance) -> Iterator[tuple[Subscription, Choice]]:
    units = list(instance.units)
    for number in range(SUBSCRIBERS):
        unit = draw.choice(units)
        lat, lon = _somewhere(draw, instance)
        radius = draw.choice([500, 1000, 3000, 5000, 10_000, 20_000])
        area = draw.choices(
            [
                Area(Kind.CIRCLE, circle=Circle(round(lat * 1e6), round(lon * 1e6), radius)),
                Area(Kind.UNIT, unit.code),
                Area(Kind.POWIAT, unit.areas[0] if unit.areas else ""),
            ],
            [6, 2, 2],
        )[0]
        known = Subscription(f"{number:021d}", f"a{number}@example.org", agreed=MOMENT, told=TOLD)
        yield known, Choice(area, frozenset(), "pl")


def _somewhere(draw: random.Random, instance: Instance) -> tuple[float, float]:
    west, south, east, north = instance.bounds
    if draw.random() < 0.5:
        city = draw.randrange(CITIES)
        return (
            south + (north - south) * (city + 0.5) / CITIES + draw.gauss(0, 0.05),
            west + (east - west) * ((city * 7) % CITIES + 0.5) / CITIES + draw.gauss(0, 0.08),
        )
    return draw.uniform(south, north), draw.uniform(west, east)
