"""Challenges and their solutions, by ALTCHA (version 2): signed, so that none has to be remembered.

A challenge is bound to an idempotency key. To send a solved one again is therefore harmless: with the same key it finds
the same report, with another it is refused.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from altcha import Payload, create_challenge, verify_solution

from chalicelib.domain.proof import ALGORITHM, LEVELS, LIFETIME, Work, is_level
from chalicelib.services.switch import Switch

LONGEST = 4_096
"""Characters of a proof; ALTCHA's are a quarter of that."""


class Asked:
    """How much work is asked for now: what the operator has switched, else what the deployment says."""

    def __init__(self, default: int, switched: Callable[[], int | None]) -> None:
        self._default = default
        self._switch = Switch[int | None](switched, None)

    def work(self, now: datetime) -> Work | None:
        """Return the work asked for, or None for none."""
        level = self._switch.at(now)
        return LEVELS.get(level if level is not None and is_level(level) else self._default)


def challenge(secret: bytes, key: UUID, work: Work, now: datetime) -> dict[str, Any]:
    """Return a challenge for an idempotency key, as ALTCHA's workers take it; costs one derivation.

    `data` holds what it is bound to, when it ends (Unix seconds, by our clock, which is why ALTCHA's own field for it
    is not used), and the largest number that has to be tried.
    """
    expires = int((now + LIFETIME).timestamp())
    made = create_challenge(
        ALGORITHM,
        work.rounds,
        counter=secrets.randbelow(work.most + 1),
        data={"for": _bound(key), "expires": expires, "most": work.most},
        hmac_secret=secret,
        hmac_key_secret=_of_solutions(secret),
    )
    return made.to_dict()


def holds(secrets_kept: Iterable[bytes], proof: str | None, key: UUID, now: datetime) -> bool:
    """Tell whether a proof (ALTCHA's payload in base64) solves a challenge of ours for this key that has not ended.

    Challenges are ours that were signed by any of the secrets.
    """
    if proof is None or len(proof) > LONGEST:
        return False
    if not any(verify_solution(proof, each, hmac_key_secret=_of_solutions(each)).verified for each in secrets_kept):
        return False
    # Our own signature stands under it: it has the form that we gave it.
    data = Payload.from_base64(proof).challenge.parameters.data or {}
    return secrets.compare_digest(str(data["for"]), _bound(key)) and now.timestamp() < data["expires"]


def _bound(key: UUID) -> str:
    return hashlib.sha256(f"report\0{key}".encode()).hexdigest()


def _of_solutions(secret: bytes) -> bytes:
    # The chosen number's key is signed under another secret than the challenge, or one could stand for the other.
    return hashlib.sha256(b"solution\0" + secret).digest()
