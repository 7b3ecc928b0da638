"""Who may do what in the police console, and whose cases an officer sees: a table, served with the rules.

Source: the guidelines know local and voivodeship coordinators besides the officers who verify (§ 4); that a foreign
unit's case looks as if it did not exist is this project's rule, because even its existence is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.units import Units

LOGIN_SCOPES = ("aws.cognito.signin.user.admin", "openid")
"""A login by the pool's API has the first, one by its own page the second; a machine's token has neither."""


class Role(StrEnum):
    """What an officer is in the unit: works on cases, leads the unit, the garrison, or watches the nation."""

    OFFICER = "officer"
    COORDINATOR = "coordinator"
    VOIVODESHIP = "voivodeship"
    NATIONAL = "national"


class Deed(StrEnum):
    """What can be done in the console; each route asks for one."""

    READ = "read"
    TAKE_UP = "take_up"
    STEP = "step"
    ASK = "ask"
    TRANSFER = "transfer"
    MERGE = "merge"
    CORRECT = "correct"
    PAUSE = "pause"
    FIGURES = "figures"
    UNIT_READ = "unit_read"
    UNIT_WRITE = "unit_write"
    TEST_MAIL = "test_mail"


_CASEWORK = frozenset(
    {Deed.READ, Deed.TAKE_UP, Deed.STEP, Deed.ASK, Deed.TRANSFER, Deed.MERGE, Deed.CORRECT, Deed.PAUSE, Deed.FIGURES}
)
_LEADING = frozenset({Deed.UNIT_READ, Deed.UNIT_WRITE, Deed.TEST_MAIL})

MAY: Mapping[Role, frozenset[Deed]] = MappingProxyType(
    {
        Role.OFFICER: _CASEWORK,
        Role.COORDINATOR: _CASEWORK | _LEADING,
        Role.VOIVODESHIP: _CASEWORK | _LEADING,
        Role.NATIONAL: frozenset({Deed.READ, Deed.TRANSFER, Deed.FIGURES, Deed.UNIT_READ}),
    }
)
"""The deeds of each role. The nation's watcher moves cases to where they belong, and decides none."""


def rules() -> dict[str, list[str]]:
    """Return the deeds of each role, JSON-ready."""
    return {role.value: [deed.value for deed in Deed if deed in deeds] for role, deeds in MAY.items()}


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who has logged in: `subject` is the login's own id, no name; `unit` is None for the nation alone."""

    subject: str
    role: Role
    unit: str | None

    def may(self, deed: Deed) -> bool:
        """Tell whether the role has the deed."""
        return deed in MAY[self.role]

    def sees(self, unit: str, units: Units) -> bool:
        """Tell whether cases and settings of a unit are the officer's: the own unit's and those below it.

        A unit that the instance does not know is nobody's.
        """
        if unit not in units:
            return False
        return self.role is Role.NATIONAL or self.unit in {above.code for above in units.chain(unit)}


def officer_of(subject: str, roles: frozenset[str], of_units: frozenset[str], units: Units) -> Officer | None:
    """Return the officer that a login's claims make: one role and one unit; None where they make none.

    The nation needs no unit; the voivodeship's is a garrison, which has nobody above.
    """
    if len(roles) != 1 or len(of_units) > 1 or not roles <= set(Role):
        return None
    role, unit = Role(*roles), next(iter(of_units), None)
    if unit is None:
        return Officer(subject, role, None) if role is Role.NATIONAL else None
    if unit not in units or (role is Role.VOIVODESHIP and units[unit].parent is not None):
        return None
    return Officer(subject, role, None if role is Role.NATIONAL else unit)
