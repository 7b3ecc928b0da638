"""The chain of a case's events: each names all that was before it, so that nobody can change the past unseen.

The hash of an event is SHA-256 over the hash of the event before and the event's own fields, as canonical JSON. Words
are not in it: the event holds a commitment to them, SHA-256 over a salt and the words. The salt lies beside the words
and goes with them; then the commitment binds nobody and tells nothing, and the chain holds as before. The event's own
salt stays, so that its hash may be published: whoever knows of a case what everybody knows cannot try out the rest.

Hashes and salts are lower-case hexadecimal texts, a hash of 64 and a salt of 32 characters.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SALT_BYTES = 16


class Breach(StrEnum):
    """What can be wrong with a history."""

    MISSING = "missing"
    """The event of this number is not there."""
    UNCHAINED = "unchained"
    """The event has no hash, although an earlier one has."""
    ALTERED = "altered"
    """The event, or one before it, is not what it was when it was written."""
    WORDS = "words"
    """The words beside the event are not those that were written with it."""
    HEAD = "head"
    """The case does not name this event's hash and number as those of its newest one."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was said with an event, by the names in the table, and the salt of the commitment to it.

    After its erasure there is none of this.
    """

    salt: str | None
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is found: its number, its fields but for the hash, the hash, and the words beside it."""

    sequence: int
    fields: Mapping[str, Any]
    chain: str | None
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What the case itself says of its newest event: its number and its hash."""

    sequence: int
    chain: str | None


@dataclass(frozen=True, slots=True)
class Break:
    """Where a history does not hold."""

    sequence: int
    breach: Breach


def genesis(report_id: str) -> str:
    """Return what stands for the event before the first one."""
    return hashlib.sha256(report_id.encode()).hexdigest()


def derived_salt(key: bytes, report_id: str, purpose: str) -> str:
    """Return the salt of an imported row: the same again for whoever imports it again, unknown without the key."""
    mac = hmac.new(key, f"salt/{purpose}/{report_id}".encode(), hashlib.sha256)
    return mac.digest()[:SALT_BYTES].hex()


def commitment(salt: str, said: Mapping[str, str]) -> str:
    """Return the commitment to the words of an event."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(said)).hexdigest()


def link(before: str, fields: Mapping[str, Any]) -> str:
    """Return the hash of an event with these fields after one with the hash `before`."""
    return hashlib.sha256(bytes.fromhex(before) + canonical(fields)).hexdigest()


def canonical(value: Any) -> bytes:
    """Return the one JSON text of a value: UTF-8, members in the order of their names, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def breaks(report_id: str, links: Sequence[Link], head: Head | None) -> Iterator[Break]:
    """Yield every place where a history does not hold, in its order; nothing where it does.

    `links` are all events that are there, by number; `head` is None where the case itself has been deleted. Events from
    before there was a chain have no hash: they may only come first. After a break the stored hash is taken for good, so
    that one alteration is named once.
    """
    before, expected, begun = genesis(report_id), 1, False
    for event in links:
        yield from (Break(number, Breach.MISSING) for number in range(expected, event.sequence))
        expected = event.sequence + 1
        if event.chain is None:
            if begun:
                yield Break(event.sequence, Breach.UNCHAINED)
            continue
        if event.chain != link(before, event.fields):
            yield Break(event.sequence, Breach.ALTERED)
        before, begun = event.chain, True
        if not _are_those(event):
            yield Break(event.sequence, Breach.WORDS)
    if head is not None:
        yield from _at_the_end(head, expected - 1, before if begun else None)


def _are_those(event: Link) -> bool:
    """Tell whether the words beside an event are what it committed to; erased ones always are."""
    words = event.words
    if words is None:
        return True
    return words.salt is not None and event.fields.get("commit") == commitment(words.salt, words.said)


def _at_the_end(head: Head, last: int, chain: str | None) -> Iterator[Break]:
    yield from (Break(number, Breach.MISSING) for number in range(last + 1, head.sequence + 1))
    if head.sequence <= last and (head.sequence, head.chain) != (last, chain):
        yield Break(last, Breach.HEAD)
