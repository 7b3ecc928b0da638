"""Changing a unit's settings: what its coordinator wants, on the version that was read."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.unit_settings import UnitSettings
from chalicelib.domain.units import Unit
from chalicelib.store import unit_settings
from chalicelib.store.accept import Also
from chalicelib.store.unit_settings import Kept


class Changed(Exception):
    """Somebody else has written the settings since; `now` is how they stand."""

    def __init__(self, now: Kept) -> None:
        super().__init__()
        self.now = now


@dataclass(frozen=True, slots=True)
class Settings:
    """The use case for one unit; `also` is what is written with a change."""

    unit: Unit
    also: Also

    def keep(self, wanted: UnitSettings, version: int) -> Kept:
        """Write settings over those of a version and return how they stand then; raises `Changed`.

        What stands there already is not written again, whatever version it was thought out on: a request that is sent
        a second time finds its own work. Only flags are taken away by saying the same again, on the version of now.
        """
        now = unit_settings.read(self.unit.code)
        if now.settings == wanted and not (now.flags and now.version == version):
            return now
        if now.version != version:
            raise Changed(now)
        try:
            unit_settings.write(self.unit, version, wanted, self.also)
        except unit_settings.Stale:
            now = unit_settings.read(self.unit.code)
            if now.settings != wanted:
                raise Changed(now) from None
            return now
        return unit_settings.read(self.unit.code)
