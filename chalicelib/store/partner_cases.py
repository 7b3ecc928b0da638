"""Cases as institutions see them: listed when they are passed on, moved when they are answered, gone when taken back.

Everything happens in the transaction of the case's own step, whose version closes the race of two who act at once:

    institution ── reads version 5 ── answers ✔ version 6
    officer     ── reads version 5 ────── closes ✘ ── is shown the answer
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from pynamodb.transactions import TransactWrite

from chalicelib.domain.partners import Listed, Verdict
from chalicelib.store import keys
from chalicelib.store.accept import Also
from chalicelib.store.models import Gsi2, MainItem, ReportItem, connection
from chalicelib.store.partner_items import PartnerCaseItem
from chalicelib.store.reports import Stored, stored_of

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

_FIRST = "0"
_LAST = "~"
"""Before and after every position of a list."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an institution has answered, and when."""

    answer: Verdict
    text: str | None
    whose: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A case as it was passed on. `lat6` and `lon6` are its exact place in millionths of a degree.

    `is_theirs` tells whether the case is with that institution, or was closed as its work.
    """

    report: Stored
    partner: str
    at: datetime
    note: str | None
    public_note: str | None
    lat6: int
    lon6: int
    is_theirs: bool
    is_listed: bool
    answered: Answered | None


def passing_on(report: str, partner: str, at: str, note: str | None, public_note: str | None) -> Also:
    """Return the write that puts a case on an institution's list; an earlier answer of its is over."""
    item = PartnerCaseItem(
        keys.report(report),
        keys.partner_case(partner),
        g2pk=keys.partner_list(partner, Listed.OPEN),
        g2sk=keys.at_id(at, report),
        id=report,
        partner=partner,
        at=at,
        note=note,
        public_note=public_note,
    )
    return lambda transaction: transaction.save(item)


def taking_back(report: str, partner: str) -> Also:
    """Return the write that takes a case off an institution's list without an answer."""
    kind = PartnerCaseItem
    actions: list[Any] = [kind.g2pk.remove(), kind.g2sk.remove()]
    return lambda transaction: transaction.update(_key(report, partner), actions, is_there())


def answering(report: str, partner: str, sequence: int, answered: Answered) -> Also:
    """Return the write that notes an answer and moves the case to the answered ones."""
    kind, at = PartnerCaseItem, keys.instant(answered.at)
    given = ((kind.text, answered.text), (kind.whose, answered.whose))
    actions: list[Any] = [
        kind.g2pk.set(keys.partner_list(partner, Listed.ANSWERED)),
        kind.g2sk.set(keys.at_id(at, report)),
        kind.answer.set(answered.answer.value),
        kind.answered.set(at),
        kind.answered_seq.set(sequence),
        *(attribute.set(value) for attribute, value in given if value is not None),
    ]

    def join(transaction: TransactWrite) -> None:
        transaction.update(_key(report, partner), actions, is_unanswered())

    return join


def is_there() -> Condition:
    """Return the condition that the case was passed on: an update must not make half an item of nothing."""
    return cast("Condition", PartnerCaseItem.pk.exists())


def is_unanswered() -> Condition:
    """Return the condition that the case is on the list and has no answer.

    The case's version says so too; this one holds where a backup has brought the two out of step.
    """
    return cast("Condition", PartnerCaseItem.pk.exists() & PartnerCaseItem.answer.does_not_exist())


def positions(partner: str, listed: Listed, after: str | None, size: int) -> list[str]:
    """Return the next positions (`keys.at_id`) of a list: of the open ones the oldest first, else the newest."""
    forward = listed is Listed.OPEN
    span = Gsi2.sk.between(after or _FIRST, _LAST) if forward else Gsi2.sk.between(_FIRST, after or _LAST)
    answer = connection().query(
        str(MainItem.Meta.table_name),
        keys.partner_list(partner, listed),
        range_key_condition=span,
        attributes_to_get=["G2SK"],
        index_name=Gsi2.Meta.index_name,
        # `between` takes both ends in, so that `after` itself is left out here.
        limit=size + 1,
        scan_index_forward=forward,
    )
    found = [str(row["G2SK"]["S"]) for row in answer["Items"]]
    return [each for each in found if each != after][:size]


def many(report_ids: Sequence[str], partner: str) -> list[PassedOn]:
    """Return the cases of these ids that were passed on to an institution, in their order: consistent reads."""
    wanted = [
        pair
        for report_id in report_ids
        for pair in (
            (keys.report(report_id), keys.REPORT),
            (keys.report(report_id), keys.partner_case(partner)),
        )
    ]
    found = {(item.pk, item.sk): item for item in MainItem.batch_get(wanted, consistent_read=True)}
    pairs = [(found.get(wanted[i]), found.get(wanted[i + 1])) for i in range(0, len(wanted), 2)]
    return [
        _view(report, passed)
        for report, passed in pairs
        if isinstance(report, ReportItem) and isinstance(passed, PartnerCaseItem)
    ]


def _view(report: ReportItem, passed: PartnerCaseItem) -> PassedOn:
    answered = None
    if passed.answer is not None and passed.answered is not None:
        answered = Answered(Verdict(passed.answer), passed.text, passed.whose, keys.moment(passed.answered))
    return PassedOn(
        report=stored_of(report),
        partner=passed.partner,
        at=keys.moment(passed.at),
        note=passed.note,
        public_note=passed.public_note,
        lat6=int(report.lat6),
        lon6=int(report.lon6),
        is_theirs=report.passed_to == passed.partner,
        is_listed=passed.g2pk is not None,
        answered=answered,
    )


def _key(report: str, partner: str) -> PartnerCaseItem:
    return PartnerCaseItem(keys.report(report), keys.partner_case(partner))
