"""One report for each class, status, tier and age, in the stores as the application itself would have left them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_of
from chalicelib.domain.report import NewReport, Status, Tier
from chalicelib.services.case import NewCase
from chalicelib.services.intake import Submission
from chalicelib.store import keys
from chalicelib.store.models import EventItem, MainItem
from chalicelib.store.secrets import Device
from tests.http.world import World
from tests.support.thorough import some

ZONE = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 22, 14, 50, tzinfo=ZONE).astimezone(UTC)
"""Ten minutes before a full hour."""

NIGHT = datetime(2026, 11, 22, 0, 10, tzinfo=ZONE).astimezone(UTC)
"""The night of that day."""

CATEGORIES = {"ordinary": "illegal_dump", "vulnerable": "begging", "hidden": "drug_use"}
CANARY = "Kanarek zna każde słowo"
CLOSED = {Status.UNCONFIRMED, Status.ELIMINATED, Status.JOKE, Status.WITHDRAWN, Status.MERGED}


@dataclass(frozen=True)
class Age:
    """How old a report is: local times of filing and of its last change, for the two statuses that leave the map."""

    name: str
    filed: str
    changed: str
    changed_if_eliminated: str | None = None


AGES = (
    Age("before the full hour", "2026-11-22T14:15", "2026-11-22T14:20"),
    Age("after the full hour", "2026-11-22T13:29", "2026-11-22T13:40"),
    Age("next day, just before midnight", "2026-11-21T23:45", "2026-11-21T23:50"),
    Age("next day", "2026-11-21T12:05", "2026-11-21T12:10"),
    Age("last day", "2026-10-20T10:05", "2026-11-15T10:10", "2026-10-22T10:10"),
    Age("left", "2026-10-20T10:05", "2026-11-14T10:10", "2026-10-21T10:10"),
)


@dataclass(frozen=True)
class Person:
    """One report and everything that a test may want to know of it; instants are aware."""

    id: str
    receipt: str
    sensitivity: str
    status: Status
    tier: Tier
    age: Age
    filed: datetime
    changed: datetime
    place: tuple[float, float]

    @property
    def category(self) -> str:
        """The category's code."""
        return CATEGORIES[self.sensitivity]

    @property
    def name(self) -> str:
        """What a failing test calls it."""
        return f"{self.sensitivity} {self.status} tier {self.tier} {self.age.name}"


def settle(world: World) -> list[Person]:
    """Write those that this run tries, each at a place of its own, kilometres from every other."""
    people = []
    with MainItem.batch_write() as batch:
        for number, (sensitivity, status, tier, age) in enumerate(some(product(CATEGORIES, Status, Tier, AGES))):
            lat, lon = 51.85 + 0.02 * (number // 20) + 0.000_123, 20.55 + 0.03 * (number % 20) + 0.000_321
            place = (round(lat, 6), round(lon, 6))
            person, items = person_of(world, number, sensitivity, status, tier, age, place)
            people.append(person)
            for item in items:
                batch.save(item)
    return people


def person_of(
    world: World, number: int, sensitivity: str, status: Status, tier: Tier, age: Age, place: tuple[float, float]
) -> tuple[Person, Iterator[MainItem]]:
    """Return one of them with its items; `number` stands for its device and its submission."""
    keyring = world.box.secrets.keyring
    device = Device("", f"device-{number}", keyring.newest)
    submission = Submission.of(keyring, device, UUID(int=number + 1))
    changed = age.changed_if_eliminated if status is Status.ELIMINATED else None
    filed, at = _moment(age.filed), _moment(changed or age.changed)
    person = Person(submission.report_id, submission.receipt.shown, sensitivity, status, tier, age, filed, at, place)
    return person, _items(world, person)


def _items(world: World, person: Person) -> Iterator[MainItem]:
    instance = world.box.instance
    located = world.box.places.locate(*person.place)
    unit = instance.units.unit_for(located.finest, date(2026, 11, 22))
    case = NewCase(
        id=person.id,
        key_version=1,
        created=person.filed,
        day=day_of(person.filed, ZONE),
        zone=ZONE,
        draft=NewReport(person.category, *person.place, occurred_at=person.filed, description=CANARY),
        category=instance.catalogue.categories[person.category],
        area=located.area,
        boundaries="exact",
        unit=unit,
        garrison=instance.units.garrison(unit.code),
    )
    report, first = case.report(), case.event()
    report.tier = first.tier = person.tier.value
    if person.status is not Status.NEW:
        yield _step(person)
        report.status, report.v = person.status.value, 2
        report.reason = _reason(person)
    if person.status in CLOSED:
        at, day = keys.instant(person.changed), day_of(person.changed, ZONE).isoformat()
        report.resolved, report.closed = at, day
        report.g2pk, report.g2sk = keys.closed(day), keys.at_id(at, person.id)
    yield report
    yield first


def _step(person: Person) -> EventItem:
    at, day = keys.instant(person.changed), day_of(person.changed, ZONE).isoformat()
    return EventItem(
        keys.report(person.id),
        keys.event(2),
        g1pk=keys.day_feed(day, keys.shard(person.id)),
        g1sk=keys.at_id_sequence(at, person.id, 2),
        id=person.id,
        seq=2,
        type="status",
        at=at,
        from_status="new",
        status=person.status.value,
        reason=_reason(person),
    )


def _reason(person: Person) -> str:
    return {Status.UNCONFIRMED: "not_present", Status.ELIMINATED: "gone"}.get(person.status, "taken_up")


def _moment(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)
