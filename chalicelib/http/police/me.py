"""The view of an officer's own login."""

from typing_extensions import TypedDict

from chalicelib.container import Container
from chalicelib.domain.roles import MAY, Role
from chalicelib.domain.units import Unit
from chalicelib.http.call import Call
from chalicelib.http.police.guard import login
from chalicelib.http.reply import Reply
from chalicelib.store import keys


class OfficersUnit(TypedDict):
    """A unit, for the lists of the console."""

    code: str
    name: str
    short: str
    parent: str | None


class Me(TypedDict):
    """Who has logged in, until when, what the role may do, and the units whose cases are in sight."""

    subject: str
    role: str
    unit: OfficersUnit | None
    units: list[OfficersUnit]
    deeds: list[str]
    expires_at: str


def me(call: Call, box: Container) -> Reply:
    """Tell an officer what the console may show."""
    found = login(call, box)
    asking, units = found.officer, box.units
    body: Me = {
        "subject": asking.subject,
        "role": asking.role.value,
        "unit": None if asking.unit is None else _shown(units[asking.unit]),
        "units": [_shown(unit) for unit in units if asking.sees(unit.code, units)],
        "deeds": sorted(deed.value for deed in MAY[Role(asking.role)]),
        "expires_at": keys.instant(found.expires),
    }
    return Reply(body)


def _shown(unit: Unit) -> OfficersUnit:
    return {"code": unit.code, "name": unit.name, "short": unit.short, "parent": unit.parent}
