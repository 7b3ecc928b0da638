"""The tables of a build as its steps have recorded them: which files, in which formats, about which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.services.columns import TABLES
from chalicelib.services.files import Written

DAYS = 365
"""The longest window of the counts of cells."""


class Format(NamedTuple):
    """A format of files: its media type, whether it is packed, and its name in the EU's list of file types."""

    name: str
    media_type: str
    gzipped: bool
    authority: str


FORMATS: Mapping[str, Format] = {
    ".csv.gz": Format("csv", "text/csv", True, "CSV"),
    ".parquet": Format("parquet", "application/vnd.apache.parquet", False, "PARQUET"),
    ".geojson.gz": Format("geojson", "application/geo+json", True, "GEOJSON"),
}
"""What an export's name may end with."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A table in one format: its files in their order, paths relative to the folder of the exports."""

    format: Format
    files: tuple[Written, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Published:
    """A table of a build, in all its formats, with the first and the last day that its rows may be about."""

    name: str
    copies: tuple[Copy, ...]
    first: date
    last: date

    @property
    def csv(self) -> Copy:
        """The table as CSV, which every table is published as."""
        return next(copy for copy in self.copies if copy.format.name == "csv")


def published(day: date, prefix: str, written: Iterable[Written], months: Iterable[str]) -> list[Published]:
    """Return the tables among the files of a build of `day`, in the order of the dictionary.

    `prefix` is where its exports lie; `months` are those of the rows of reports. A table without files is left out.
    """
    found: dict[str, dict[str, list[Written]]] = {}
    for file in sorted(file for file in written if file.key.startswith(prefix)):
        path = file.key.removeprefix(prefix)
        ending = next((ending for ending in FORMATS if path.endswith(ending)), None)
        if ending is not None:
            name = path.removesuffix(ending).split("/")[-1]
            found.setdefault(name, {}).setdefault(ending, []).append(file._replace(key=path))
    first = min((date.fromisoformat(f"{month}-01") for month in months), default=day - timedelta(days=DAYS))
    return [
        Published(
            name,
            tuple(Copy(FORMATS[ending], tuple(files)) for ending, files in found[name].items()),
            day - timedelta(days=DAYS) if name == "cells" else first,
            day - timedelta(days=1),
        )
        for name in TABLES
        if name in found
    ]
