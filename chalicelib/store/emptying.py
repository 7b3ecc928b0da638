"""Emptying a partition whose day is over, however short of capacity the store is."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from pynamodb.exceptions import PutError

if TYPE_CHECKING:
    from pynamodb.models import Model

ROUNDS = 4
"""How often a partition is gone through while the store gives deletions back as not done."""

FIRST_WAIT = 0.2
"""Seconds; the wait before a further round is random between nothing and this, doubled at every round."""

_KEYS = ["PK", "SK"]


def empty(kind: type[Model], partition: str, also: tuple[str, ...] = ()) -> tuple[int, int]:
    """Delete the items of a partition; return how many went, and how many are still there.

    `also` names attributes that reading such an item needs besides its key. Doing it again is harmless. What a store
    short of capacity gives back several times over is left, and counted: a later run comes for it.
    """
    seen = 0
    for attempt in range(ROUNDS):
        found = kind.query(partition, consistent_read=True, attributes_to_get=[*_KEYS, *also])
        try:
            with kind.batch_write() as batch:
                for number, item in enumerate(found, start=1):
                    batch.delete(item)
                    seen = max(seen, number)
        except PutError as error:
            # With a cause it is a refusal, which waiting does not mend.
            if error.cause is not None:
                raise
            time.sleep(random.uniform(0, FIRST_WAIT * 2**attempt))  # noqa: S311 - jitter, not cryptography
        else:
            break
    left = int(kind.count(partition, consistent_read=True)) if seen else 0
    return max(seen - left, 0), left
