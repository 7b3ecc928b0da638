"""The hierarchy of administrative areas, told by their codes alone.

In Poland's register (TERYT) a powiat has four digits, of which the first two are its voivodeship's. Areas of other
registers lie right in the country.
"""

from __future__ import annotations

COUNTRY = "country"
"""Stands for the whole country among the codes of areas."""

_VOIVODESHIP, _POWIAT = 2, 4


def parent(code: str) -> str | None:
    """Return the code of the area that an area lies in; None of the country."""
    if code == COUNTRY:
        return None
    return code[:_VOIVODESHIP] if code.isdigit() and len(code) == _POWIAT else COUNTRY


def level(code: str) -> str:
    """Return `country`, `voivodeship` or `powiat`, as which an area of another register counts too."""
    if code == COUNTRY:
        return "country"
    return "voivodeship" if code.isdigit() and len(code) == _VOIVODESHIP else "powiat"
