"""Who publishes an instance's data, and what others may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its SPDX code, its title, the address of its text, and its name in the EU's list of licences."""

    code: str
    title: str
    url: str
    authority: str


@dataclass(frozen=True, slots=True)
class Source:
    """Data of others that the published tables rest on: a title, and where it comes from."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class OpenData:
    """What catalogues of data want to know of an instance and no table says.

    `publisher` is the name of the operator by language, `places` are names of the covered places in the EU's lists
    (IRIs), `sources` the data of others.
    """

    publisher: Mapping[str, str]
    licence: Licence
    places: tuple[str, ...]
    sources: tuple[Source, ...]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> OpenData:
        """Read ``open_data`` of `instance.json`; `KeyError` for a missing entry, `TypeError` for one too many."""
        return cls(
            publisher=document["publisher"],
            licence=Licence(**document["licence"]),
            places=tuple(document["places"]),
            sources=tuple(Source(**source) for source in document["sources"]),
        )
