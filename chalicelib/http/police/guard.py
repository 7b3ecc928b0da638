"""The door of the police routes: who has logged in, whether the role has the deed, whose cases are in sight."""

from chalicelib.container import Container
from chalicelib.domain.errors import Forbidden, Unauthorized
from chalicelib.domain.roles import Deed, Officer
from chalicelib.http.call import Call
from chalicelib.services.login import Login

SCHEME = "bearer"


def login(call: Call, box: Container) -> Login:
    """Return who has logged in; raises `Unauthorized`, and `Unavailable` where that cannot be known now."""
    scheme, _, token = call.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != SCHEME or not token:
        raise Unauthorized
    return box.logins.officer(token.strip(), box.units, box.clock())


def officer(call: Call, box: Container, deed: Deed) -> Officer:
    """Return the officer who asks for a deed; raises `Forbidden` where the role does not have it, else as `login`."""
    found = login(call, box).officer
    if not found.may(deed):
        raise Forbidden
    return found


def codes_in_sight(asking: Officer, box: Container) -> list[str]:
    """Return the codes of the units that the officer sees: all that a parameter `unit` may name.

    Any other is a value that is not known, whether such a unit is there or not; a case is for `Casebook.in_sight`.
    """
    units = box.units
    return sorted(unit.code for unit in units if asking.sees(unit.code, units))
