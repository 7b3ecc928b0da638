"""Packs: many small documents in one object, each compressed by itself, with a directory beside them.

    <pack>.pack   the documents one after the other, a line each
    <pack>.json   {name: [first byte, size]}

A reader asks for the directory once and for the bytes of a name then. What would be tens of thousands of objects
of some hundred bytes is a few: an object costs its request, however small it is.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.services.files import GZIP_LEVEL, File, compact, packed, unpacked
from chalicelib.store.objects import Objects

Directory = Mapping[str, tuple[int, int]]
"""Where the documents of a name begin in their pack, and their size, in bytes."""

_BYTES = "application/octet-stream"


def files(pack: str, documents: Iterable[tuple[Sequence[str], bytes]]) -> Iterator[File]:
    """Yield the two objects of a pack; equal documents are equal bytes.

    `documents` are JSON bytes without a line break, with the names under which they are found. A name of several stands
    for all of them; they must follow each other.

    Raises:
        ValueError: the documents of a name do not follow each other.
    """
    places: dict[str, tuple[int, int]] = {}
    body = bytearray()
    for names, document in documents:
        begins = len(body)
        body += gzip.compress(document + b"\n", GZIP_LEVEL, mtime=0)
        for name in names:
            first, size = places.get(name, (begins, 0))
            if first + size != begins:
                raise ValueError(f"{name} is torn apart")
            places[name] = (first, len(body) - first)
    yield File(f"{pack}.pack", bytes(body), _BYTES)
    yield packed(f"{pack}.json", compact(places))


def directory(objects: Objects, pack: str) -> Directory:
    """Return the directory of a pack, empty where there is no such pack."""
    body = objects.get(f"{pack}.json")
    if body is None:
        return {}
    found: dict[str, Any] = unpacked(body)
    return {name: (first, size) for name, (first, size) in found.items()}


def read(objects: Objects, pack: str, place: tuple[int, int]) -> list[Any]:
    """Return the documents at a place that the pack's directory names, in their order.

    Raises:
        FileNotFoundError: the pack is gone.
    """
    body = objects.get_range(f"{pack}.pack", *place)
    if body is None:
        raise FileNotFoundError(pack)
    return [json.loads(line) for line in gzip.decompress(body).splitlines()]
