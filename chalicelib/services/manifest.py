"""`data/manifest.json`: the one mutable address of the published map.

Two writers share it. The nightly run replaces the build, live publishing the points; each writes only if the
manifest is still the one that it has read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.services.files import compact
from chalicelib.store.objects import Objects

KEY = "data/manifest.json"
CACHE = "public, max-age=60"

TILES = "data/cells/"
"""Where the tiles of cells lie, under the name of the build that wrote them; later builds name them as well."""

EMPTY_BUILD = "empty"
"""Name of the build that stands in until the first nightly run: no cells, no exports."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest as it was read; the document is empty and the tag None while there is none."""

    document: Mapping[str, Any]
    etag: str | None

    @property
    def build(self) -> str:
        """The build that it names."""
        return str(self.document.get("build", EMPTY_BUILD))

    @property
    def publication(self) -> str | None:
        """The publication of points that it names."""
        template = self.document.get("points")
        return None if template is None else str(template).split("/")[-2]


def build_prefix(build: str) -> str:
    """Return where the files of a build lie."""
    return f"data/builds/{build}/"


def points_prefix(publication: str) -> str:
    """Return where the tiles of a publication of points lie."""
    return f"data/points/{publication}/"


def points_part(publication: str, parents: list[str]) -> dict[str, Any]:
    """Return the members of the manifest that name a publication of points."""
    return {"points": f"/{points_prefix(publication)}{{parent}}.json", "points_parents": parents}


def build_part(build: str) -> dict[str, Any]:
    """Return the members of the manifest that name a build's cells."""
    return {
        "build": build,
        "cells": f"/{TILES}{{version}}/{{res}}/{{parent}}.json",
        "categories": f"/{TILES}{{version}}/{{res}}/{{parent}}.categories.json",
        "parents": f"/{build_prefix(build)}parents/{{res}}.json",
    }


def exports_part(build: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the addresses of the exports among a build's files, by name; an index names those in folders."""
    prefix = f"{build_prefix(build)}exports/"
    names = sorted(key.removeprefix(prefix) for key in keys if key.startswith(prefix))
    return {name: f"/{prefix}{name}" for name in names if "/" not in name}


def boundaries(work: Objects) -> str:
    """Tell how sure the routing is that put units and areas to the reports: `exact` or `approximate`."""
    current = work.get("places/current.json")
    return "approximate" if current is None else str(json.loads(current)["boundaries"])


def read(site: Objects) -> Manifest:
    """Return the manifest as it stands."""
    pointer = site.read_pointer(KEY)
    return Manifest({}, None) if pointer is None else Manifest(json.loads(pointer.body), pointer.etag)


def flip(site: Objects, seen: Manifest, document: Mapping[str, Any]) -> None:
    """Put the document in the manifest's place.

    Raises:
        PointerMoved: the manifest is no longer the one that was `seen`; it stays as it is.
    """
    site.flip_pointer(KEY, compact(document), seen.etag, CACHE)
