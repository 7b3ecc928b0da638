"""What each surface must show, reckoned anew and by hand: no function of the application is asked."""

import math
from datetime import datetime, time, timedelta

import h3

from tests.surfaces.people import NOW, ZONE, Person

EVER = {"new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated"}
BELIEVED = {"confirmed", "passed_on", "eliminated"}


def place(person: Person) -> tuple[float, float] | None:
    """The only place that the public may hear of."""
    resolution = {"ordinary": 11, "vulnerable": 8}.get(person.sensitivity)
    if resolution is None:
        return None
    lat, lon = h3.cell_to_latlng(cell(person, resolution))
    return round(lat, 5), round(lon, 5)


def cell(person: Person, resolution: int) -> str:
    """The cell of a resolution above the fine one: cells of several resolutions do not nest to the metre."""
    return str(h3.cell_to_parent(h3.latlng_to_cell(*person.place, 11), resolution))


def believed(person: Person) -> bool:
    """Whether the public ever hears of it as it is."""
    return person.status.value in (BELIEVED if person.tier == 2 else EVER)


def on_map(person: Person, now: datetime = NOW) -> bool:
    """Whether it stands on the map."""
    if not believed(person) or person.sensitivity == "hidden":
        return False
    return _appears(person) <= now and not _left(person, now)


def page(person: Person, now: datetime = NOW) -> bool:
    """Whether its page answers: that of an ordinary one at once."""
    if person.sensitivity == "ordinary":
        return believed(person) and not _left(person, now)
    return on_map(person, now)


def row(person: Person) -> bool:
    """Whether the exports of the day have a row of it: what had appeared by midnight, for five years after the map."""
    midnight = datetime.combine(NOW.astimezone(ZONE).date(), time(), ZONE)
    return believed(person) and person.sensitivity != "hidden" and _appears(person) <= midnight


def feed(person: Person) -> bool:
    """Whether the night's feeds tell of it: an ordinary one that stood on the map at midnight."""
    midnight = datetime.combine(NOW.astimezone(ZONE).date(), time(), ZONE)
    return person.sensitivity == "ordinary" and on_map(person) and _appears(person) <= midnight


def counted(person: Person) -> bool:
    """Whether it counts: every believed one of the days before."""
    return believed(person) and person.filed.astimezone(ZONE).date() < NOW.astimezone(ZONE).date()


def _appears(person: Person) -> datetime:
    local = person.filed.astimezone(ZONE) + timedelta(minutes=30)
    hours = math.ceil(local.hour + local.minute / 60)
    appears = datetime.combine(local.date(), time(), ZONE) + timedelta(hours=hours)
    if person.sensitivity == "ordinary":
        return appears
    next_day = person.filed.astimezone(ZONE).date() + timedelta(days=1)
    return max(appears, datetime.combine(next_day, time(), ZONE))


def _left(person: Person, now: datetime) -> bool:
    # The ages were chosen so: seven days after 14 November and a month after 21 October are over.
    closed_ones = {"unconfirmed", "eliminated"}
    return person.status.value in closed_ones and person.age.name == "left" and now >= NOW
