"""Putting an event into the chain of its case, before the transaction that writes it.

What makes it sound is the condition of that transaction: the case is still at the version whose hash was read here, so
of two events after the same one only one is ever written.
"""

from secrets import token_hex
from typing import Any

from chalicelib.domain.chain import SALT_BYTES, commitment, derived_salt, genesis, link
from chalicelib.store.models import EventItem, ReportItem, TextItem

_NOT_CHAINED = frozenset({"t", "pk", "sk", "g1pk", "g1sk", "g2pk", "g2sk", "chain"})
"""Where an event is found is not what it says."""


def fields(event: EventItem) -> dict[str, Any]:
    """Return what the hash of an event is made of, by the names in the table."""
    names = EventItem.get_attributes()
    given = {name: value for name, value in event.attribute_values.items() if name not in _NOT_CHAINED}
    # What is empty is not there when it is read again.
    return {names[name].attr_name: value for name, value in given.items() if value not in (None, [])}


def words_of(report: ReportItem) -> dict[str, str]:
    """Return what was said in a report."""
    return {} if report.text is None else {"text": report.text}


def words_in(item: TextItem) -> dict[str, str]:
    """Return what was said beside an event, by the names in the table."""
    said = {name: getattr(item, name) for name in ("text", "note", "contact", "brief", "whose")}
    return {name: words for name, words in said.items() if words is not None}


def begin(report: ReportItem, event: EventItem, import_key: bytes | None = None) -> None:
    """Make an event the first of its case; whatever was said in the report is committed to.

    Imported ones need the key of imports: two importers at one row write the same event.
    """
    event.salt = _salt(import_key, report.id, "event")
    if words_of(report):
        report.text_salt = _salt(import_key, report.id, "text")
        event.commit = commitment(report.text_salt, words_of(report))
    event.chain = report.chain = link(genesis(report.id), fields(event))


def append(event: EventItem, words: TextItem | None, before: str | None) -> str:
    """Make an event the next of its case after one with the hash `before`, and return its hash.

    None stands for a case whose newest event has no hash: from before there was a chain.
    """
    event.salt = token_hex(SALT_BYTES)
    if words is not None:
        words.salt = token_hex(SALT_BYTES)
        event.commit = commitment(words.salt, words_in(words))
    event.chain = link(before or genesis(event.id), fields(event))
    return event.chain


def _salt(import_key: bytes | None, report_id: str, purpose: str) -> str:
    return token_hex(SALT_BYTES) if import_key is None else derived_salt(import_key, report_id, purpose)
