"""The pack's file format, and what reading a place gives.

Layout, all numbers little-endian:

====================  ==========================================================================
8 bytes               the magic ``CZPLACE1``
4 bytes               unsigned length of the header
header                UTF-8 JSON: ``kind``, ``boundaries``, ``areas`` ``[[area, parent, gmina], …]``,
                      ``sections`` ``{name: [offset, length]}``, and what the kind adds
sections              each compressed by zlib on its own, so that it can be read alone
====================  ==========================================================================
"""

import json
import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

MAGIC = b"CZPLACE1"
_LENGTH = struct.Struct("<I")

Boundaries = Literal["exact", "approximate"]
NEEDED = frozenset({"kind", "boundaries", "areas", "sections"})


class PackDamaged(ValueError):
    """The bytes are not a pack that this code can read."""


@dataclass(frozen=True, slots=True)
class Located:
    """The administrative area of a point, by its codes in the instance's register.

    In Poland `area` is the TERYT powiat ("2062"), `parent_area` the voivodeship ("20") and `gmina` the seven-digit
    code where the boundaries go down to gminas.
    """

    area: str
    parent_area: str | None = None
    gmina: str | None = None

    @property
    def finest(self) -> str:
        """The code of the smallest area known: some units answer for a part of a powiat."""
        return self.gmina or self.area


class Places(Protocol):
    """Whatever can say in which area a point lies."""

    @property
    def boundaries(self) -> Boundaries:
        """Whether the answers follow the register's polygons or are the best guess without it."""
        ...

    @property
    def areas(self) -> Sequence[Located]:
        """Every area that `locate` can answer."""
        ...

    def cells(self) -> Iterator[tuple[int, Located | None]]:
        """Yield H3 cells of resolution 7 or coarser that cover all areas, with the area of all that is in them.

        None stands where only a point's own place decides, or where it may be in no area.
        """
        ...

    def locate(self, lat: float, lon: float) -> Located:
        """Return the area of a point in WGS 84 degrees; both numbers are finite and in range.

        Raises:
            OutsideCountry: the point is in none.
        """
        ...


class PackReader:
    """Random access to the sections of a pack held in memory."""

    def __init__(self, data: bytes) -> None:
        start = len(MAGIC) + _LENGTH.size
        if data[: len(MAGIC)] != MAGIC or len(data) < start:
            raise PackDamaged("the file does not begin as a places pack")
        (length,) = _LENGTH.unpack_from(data, len(MAGIC))
        try:
            self.header: dict[str, Any] = json.loads(data[start : start + length])
        except ValueError as error:
            raise PackDamaged("the header of the places pack cannot be read") from error
        if not isinstance(self.header, dict) or not self.header.keys() >= NEEDED:
            raise PackDamaged(f"the header of the places pack lacks one of {', '.join(sorted(NEEDED))}")
        if self.header["boundaries"] not in get_args(Boundaries):
            raise PackDamaged(f"the places pack calls its boundaries {self.header['boundaries']!r}")
        self._data = memoryview(data)
        self._start = start + length

    @property
    def boundaries(self) -> Boundaries:
        """What the pack says about itself."""
        boundaries: Boundaries = self.header["boundaries"]
        return boundaries

    def located(self) -> list[Located]:
        """Return the areas in the order in which the sections number them."""
        return [Located(*codes) for codes in self.header["areas"]]

    def section(self, name: str) -> bytes:
        """Decompress one section; `PackDamaged` where it is cut short or altered."""
        offset, length = self.header["sections"][name]
        begin = self._start + offset
        try:
            return zlib.decompress(self._data[begin : begin + length])
        except zlib.error as error:
            raise PackDamaged(f"the section {name} of the places pack is damaged") from error

    def numbers(self, name: str, typecode: str) -> "array[int]":
        """Read a section that is one plain array of integers."""
        numbers = array(typecode)
        numbers.frombytes(self.section(name))
        return numbers


def write_pack(header: Mapping[str, Any], sections: Mapping[str, bytes]) -> bytes:
    """Assemble a pack; the same input gives the same bytes (with one version of zlib)."""
    table, bodies, offset = {}, [], 0
    for name in sorted(sections):
        body = zlib.compress(sections[name], 9)
        table[name] = [offset, len(body)]
        bodies.append(body)
        offset += len(body)
    document = json.dumps({**header, "sections": table}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    encoded = document.encode()
    return b"".join([MAGIC, _LENGTH.pack(len(encoded)), encoded, *bodies])
