"""Packs: many small documents in one object, each compressed by itself, with a directory beside them.

    <pack>.pack   the documents one after the other
    <pack>.json   {name: [first byte, size]}

A reader asks for the directory once and for the bytes of a document then. What would be tens of thousands of objects
of some hundred bytes is a few: an object costs its request, however small it is.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.services.files import GZIP_LEVEL, File, compact, packed, unpacked
from chalicelib.store.objects import Objects

Directory = Mapping[str, tuple[int, int]]
"""Where the document of a name begins in its pack, and its size, in bytes."""

_BYTES = "application/octet-stream"


def files(pack: str, documents: Iterable[tuple[str, bytes]]) -> Iterator[File]:
    """Yield the two objects of a pack; `documents` are names with JSON bytes. Equal documents are equal bytes."""
    directory: dict[str, tuple[int, int]] = {}
    body = bytearray()
    for name, document in documents:
        small = gzip.compress(document, GZIP_LEVEL, mtime=0)
        directory[name] = (len(body), len(small))
        body += small
    yield File(f"{pack}.pack", bytes(body), _BYTES)
    yield packed(f"{pack}.json", compact(directory))


def directory(objects: Objects, pack: str) -> Directory:
    """Return the directory of a pack, empty where there is no such pack."""
    body = objects.get(f"{pack}.json")
    if body is None:
        return {}
    found: dict[str, Any] = unpacked(body)
    return {name: (first, size) for name, (first, size) in found.items()}


def document(objects: Objects, pack: str, place: tuple[int, int]) -> Any:
    """Return the document at a place that the pack's directory names.

    Raises:
        FileNotFoundError: the pack is gone.
    """
    body = objects.get_range(f"{pack}.pack", *place)
    if body is None:
        raise FileNotFoundError(pack)
    return unpacked(body)
