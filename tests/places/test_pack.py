"""The pack's file format: what is no pack is refused, and only what is needed is decoded."""

import json
import struct
from typing import Any

import pytest

from chalicelib.domain.place import PackDamaged, load_pack
from chalicelib.domain.place_pack import MAGIC, PackReader, write_pack
from chalicelib.domain.place_polygons import PolygonPlaces
from infra.places.areas import Area
from infra.places.compiler import compile_areas


def square(code: str, lon: float) -> Area:
    return Area(code, [[(lon, 52.0), (lon + 0.1, 52.0), (lon + 0.1, 52.1), (lon, 52.1), (lon, 52.0)]])


@pytest.fixture(scope="module")
def pack() -> bytes:
    return compile_areas([square("0201", 19.0), square("0202", 19.1)], source="two squares").pack


def with_header(**header: Any) -> bytes:
    return write_pack({"areas": [], "boundaries": "exact", **header}, {})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "does not begin as a places pack"),
        (b"PK\x03\x04 something else entirely", "does not begin as a places pack"),
        (MAGIC, "does not begin as a places pack"),
        (MAGIC + struct.pack("<I", 5) + b"{nope", "header of the places pack cannot be read"),
        (MAGIC + struct.pack("<I", 99) + b"{}", "header of the places pack lacks"),
        (MAGIC + struct.pack("<I", 2) + b"[]", "header of the places pack lacks"),
        (with_header(kind="later"), "unknown kind 'later'"),
        (with_header(kind="polygons", boundaries="guessed"), "'guessed'"),
    ],
)
def test_bytes_that_are_no_pack_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(PackDamaged, match=said):
        load_pack(data)


def test_pack_cut_short_is_refused(pack: bytes) -> None:
    whole = PackReader(pack)
    name, (offset, length) = max(whole.header["sections"].items(), key=lambda entry: sum(entry[1]))
    with pytest.raises(PackDamaged, match=name):
        PackReader(pack[:-10]).section(name)
    assert offset + length > 10


def test_altered_section_is_refused(pack: bytes) -> None:
    whole = PackReader(pack)
    start = len(pack) - max(sum(entry) for entry in whole.header["sections"].values())
    offset, length = whole.header["sections"]["cells"]
    harmed = bytearray(pack)
    harmed[start + offset + length // 2] ^= 0xFF
    with pytest.raises(PackDamaged, match="cells"):
        load_pack(bytes(harmed))


def test_polygons_are_decoded_only_when_a_point_needs_them(pack: bytes) -> None:
    places = load_pack(pack)
    assert isinstance(places, PolygonPlaces)
    assert places._decoded == {}
    places.locate(52.0001, 19.0001)
    assert set(places._decoded) == {0}


def test_header_is_readable_without_this_code(pack: bytes) -> None:
    (length,) = struct.unpack_from("<I", pack, len(MAGIC))
    header = json.loads(pack[len(MAGIC) + 4 :][:length])
    assert (header["kind"], header["boundaries"], header["source"]) == ("polygons", "exact", "two squares")
    assert header["areas"] == [["0201", "02", None], ["0202", "02", None]]
