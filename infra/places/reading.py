"""What GeoJSON and Shapefile have in common once they are read: records, a code field, a reference system."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infra.places.areas import Area, BoundariesRefused, Ring

CODE_FIELDS = ("terc", "teryt", "jpt_kod_je", "kod_teryt", "terc_code", "kod", "code")
"""Names under which registers keep the code, in lower case; the first that fits wins."""
NUMBER_OF_AREA = {4: "powiats", 7: "gminas"}


@dataclass(frozen=True)
class Record:
    """One feature as the file has it: its attributes, and its rings in the file's own reference system."""

    attributes: dict[str, Any]
    rings: list[Ring]


@dataclass(frozen=True)
class Source:
    """A whole file; `crs` is what it says about its reference system (``EPSG:2180`` or WKT), None where nothing."""

    records: list[Record]
    crs: str | None


def code_field(records: Sequence[Record], wanted: str | None) -> str:
    """Return the name of the attribute that holds the code of the area.

    Raises:
        BoundariesRefused: there is none, the one asked for is absent, or several would do.
    """
    names = list(records[0].attributes)
    if wanted is not None:
        if wanted not in names:
            raise BoundariesRefused(f"There is no attribute `{wanted}`; there are: {', '.join(names)}.")
        return wanted
    for known in CODE_FIELDS:
        for name in names:
            if name.lower() == known:
                return name
    fitting = [name for name in names if all(_is_code(record.attributes.get(name)) for record in records)]
    fitting = [name for name in fitting if len({record.attributes[name] for record in records}) == len(records)]
    if len(fitting) != 1:
        several = f" `{'`, `'.join(fitting)}` would all do." if fitting else ""
        raise BoundariesRefused(
            f"No attribute is known to hold the code of the area.{several} Name it: make boundaries FILE=… FIELD=…"
            f" (attributes: {', '.join(names)})"
        )
    return fitting[0]


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}|\d{7}", value.strip()) is not None


def _code(value: Any) -> str:
    """Read a code; a number has lost its leading zero, which is put back."""
    if isinstance(value, int) and not isinstance(value, bool):
        digits = str(value)
        return digits.zfill(4 if len(digits) <= 4 else 7)
    return str(value if value is not None else "").strip()


def to_areas(records: Sequence[Record], field: str) -> list[Area]:
    """Give each area its code.

    Raises:
        BoundariesRefused: codes are missing, stand twice, or are of another level than powiat or gmina.
    """
    areas = [Area(_code(record.attributes.get(field)), record.rings) for record in records]
    empty = sum(not area.code for area in areas)
    if empty:
        raise BoundariesRefused(f"{empty} of {len(areas)} areas have no code in `{field}`.")
    twice = sorted(code for code, count in Counter(area.code for area in areas).items() if count > 1)
    if twice:
        raise BoundariesRefused(f"{len(twice)} codes stand at several areas in `{field}`: {_some(twice)}.")
    return areas


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
