"""Reading a case as its chain has it: every event with its fields as they lie in the table, and the words beside it.

Raw, because a model leaves out what it does not know: what somebody adds to an event is to be found, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.chain import Break, Head, Link, Words, breaks
from chalicelib.store import keys, wire

_PLACES = frozenset({"PK", "SK", "G1PK", "G1SK", "G2PK", "G2SK", "t", "chain"})
_FIRST = 1


@dataclass(frozen=True, slots=True)
class Chained:
    """A case's events by number, and its own word on the newest; `head` is None where the case has been deleted."""

    id: str
    links: tuple[Link, ...]
    head: Head | None

    def breaks(self) -> list[Break]:
        """Return where the history does not hold."""
        return list(breaks(self.id, self.links, self.head))


def chained(report_id: str) -> Chained:
    """Return what is in the table of a case: one consistent query."""
    items = {item["SK"]["S"]: item for item in wire.items(keys.report(report_id), consistent_read=True)}
    report = items.get(keys.REPORT, {})
    links = [
        _link(item, items.get(keys.text(number)), report if number == _FIRST else {})
        for key, item in items.items()
        if key.startswith(keys.EVENT)
        for number in [int(key.removeprefix(keys.EVENT))]
    ]
    head = Head(int(report["v"]["N"]), _text(report, "head")) if "v" in report else None
    return Chained(report_id, tuple(links), head)


def _link(item: Mapping[str, Any], beside: Mapping[str, Any] | None, report: Mapping[str, Any]) -> Link:
    number = int(item["SK"]["S"].removeprefix(keys.EVENT))
    fields = {name: _plain(value) for name, value in item.items() if name not in _PLACES}
    kept = {name: value for name, value in fields.items() if value != []}
    return Link(number, kept, _text(item, "chain"), _words(beside, report))


def _words(beside: Mapping[str, Any] | None, report: Mapping[str, Any]) -> Words | None:
    if beside is not None:
        said = {name: beside[name]["S"] for name in ("text", "note", "contact", "brief", "whose") if name in beside}
        return Words(_text(beside, "salt"), said)
    if "text" in report:
        return Words(_text(report, "text_salt"), {"text": report["text"]["S"]})
    return None


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value: str | None = item.get(name, {}).get("S")
    return value


def _plain(value: Mapping[str, Any]) -> Any:
    """Return an attribute as the chain has it: numbers are whole ones, lists hold texts."""
    ((kind, held),) = value.items()
    match kind:
        case "N":
            return int(held)
        case "L":
            return [_plain(entry) for entry in held]
        case _:
            return held
