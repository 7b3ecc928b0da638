"""Proof of work: how much a device computes before it may file, so that flooding the map is never free.

The work is to find which of the numbers 0 to `most` has been chosen, by deriving a key from each in turn: half of them
on average and all of them at worst, so that a page can say how far it has come. Whoever tries fewer of more challenges
gains nothing. Deriving one key costs about 2 ms of a processor made in 2020 at 5,000 rounds of PBKDF2/SHA-256; the
levels are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

OFF = 0

ALGORITHM = "PBKDF2/SHA-256"
"""The one that every browser has built in, and no graphics card makes free."""

LIFETIME = timedelta(minutes=20)
"""How long a challenge may be solved and sent: long enough to write the report meanwhile on a slow phone."""

HELD_FACTOR = 4
"""How many times as much is asked of a network that has used its budget."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked for: at most `most` + 1 keys, each of `rounds` rounds."""

    rounds: int
    most: int

    def times(self, factor: int) -> Work:
        """Return work of the same kind with `factor` times as many keys."""
        return Work(self.rounds, self.most * factor)


LEVELS = MappingProxyType({1: Work(5_000, 100), 2: Work(5_000, 300), 3: Work(5_000, 1_000)})
"""Work by level: 1 on ordinary days, 2 and 3 under attack. Level 0 (`OFF`) asks for none."""


def is_level(level: int) -> bool:
    """Tell whether there is such a level."""
    return level == OFF or level in LEVELS


def rules() -> dict[str, Any]:
    """Return levels and lifetime, JSON-ready."""
    return {
        "algorithm": ALGORITHM,
        "levels": {str(level): {"rounds": work.rounds, "most": work.most} for level, work in LEVELS.items()},
        "minutes": round(LIFETIME.total_seconds() / 60),
        "held_factor": HELD_FACTOR,
    }
