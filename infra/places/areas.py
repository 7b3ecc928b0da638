"""What every reader of boundaries gives and the compiler takes."""

from dataclasses import dataclass

Vertex = tuple[float, float]
"""Longitude, latitude in WGS 84 degrees."""
Ring = list[Vertex]
"""A closed line: the first vertex is also the last."""


class BoundariesRefused(Exception):
    """The file cannot be used; the text says why and what would help."""


@dataclass(frozen=True)
class Area:
    """One administrative area: its code in the register and its rings, holes among them in any order."""

    code: str
    rings: list[Ring]
