"""Sending bulletins: every quarter of an hour each mailbox with lines gets one mail that ranks its cases.

A mailbox whose hour is full waits for the next run; a bulletin that fails is tried once more in the same run and then
with growing pauses, so that an outage of five hours parks nothing. A line that cannot be worded is parked by itself.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from chalicelib.clock import Clock
from chalicelib.domain.alerting import LINES, Rank
from chalicelib.domain.instance import Instance
from chalicelib.domain.trace import Trace
from chalicelib.notify.bulletin import BULLETIN, Bulletin, Entry, render
from chalicelib.notify.case import Case
from chalicelib.notify.mail import Mail
from chalicelib.notify.mail import render as render_case
from chalicelib.notify.words import Words
from chalicelib.services import telling
from chalicelib.services.alerts import LEASE, code_of, spot
from chalicelib.services.mailboxes import NATIONAL, Box, Mailbox, Mailboxes
from chalicelib.services.mailing import Mailing, is_unsent
from chalicelib.services.place_names import PlaceNames
from chalicelib.services.take_up_links import TakeUpLinks
from chalicelib.services.telling import NEW_TO_THE_UNIT
from chalicelib.store import alerting, bulletins, keys, turns
from chalicelib.store.bulletins import Line
from chalicelib.store.lease import MAX_ATTEMPTS
from chalicelib.tracing import Kind, span

PAUSES = (0, 0, 15, 30, 60, 60, 120)
"""Minutes to wait after the first, second … failed attempt; none after the last, which parks."""

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one mailbox in one run."""

    SENT = "sent"
    EMPTY = "empty"
    FULL = "full"
    """Its hour has had its mails: the lines wait."""
    HELD = "held"
    """In another's hands, or pausing."""
    FAILED = "failed"
    PARKED = "parked"


class LeaseLost(Exception):
    """The box was claimed by another while its bulletin was being written."""


@dataclass(frozen=True, slots=True)
class Bulletins:
    """The use case."""

    mailing: Mailing
    mailboxes: Mailboxes
    instance: Instance
    names: PlaceNames
    links: TakeUpLinks
    site_url: str
    clock: Clock

    def run(self, has_time: Callable[[], bool]) -> tuple[Counter[str], int]:
        """Go through all boxes once, and once more through those that failed.

        Return how many ended how, and how many lines have been told.
        """
        done, told, again = Counter[str](), 0, []
        for box in bulletins.boxes():
            if not has_time():
                break
            outcome, count = self._box(box)
            done[outcome] += 1
            told += count
            if outcome is Outcome.FAILED:
                again.append(box)
        for box in again:
            if has_time():
                outcome, count = self._box(box)
                done[Outcome.FAILED] -= outcome is Outcome.SENT
                done[Outcome.SENT] += outcome is Outcome.SENT
                told += count
        return done, told

    def _box(self, box: bulletins.Box) -> tuple[Outcome, int]:
        now = self.clock()
        if not box.is_free(keys.instant(now)):
            return Outcome.HELD, 0
        if box.attempts >= MAX_ATTEMPTS:
            return self._park(box), 0
        claimed = bulletins.claim(box, now, now + LEASE)
        if claimed is None:
            return Outcome.HELD, 0
        try:
            return self._write(claimed)
        except LeaseLost:
            return Outcome.HELD, 0
        # Whatever is wrong with one mailbox, the others must have their mail.
        except Exception as error:  # noqa: BLE001
            pause = PAUSES[claimed.attempts - 1] if claimed.attempts <= len(PAUSES) else 0
            code = code_of(error)
            _log.warning(
                "bulletin failed: box=%s attempt=%d error=%s at=%s", claimed.name, claimed.attempts, code, spot(error)
            )
            bulletins.release(claimed, code, self.clock() + timedelta(minutes=pause) if pause else None)
            return Outcome.FAILED, 0

    def _write(self, claimed: bulletins.Box) -> tuple[Outcome, int]:
        if claimed.sent:
            # Whoever sent it died before its lines were gone.
            bulletins.clear(claimed.name, claimed.lines)
            bulletins.close(claimed)
            return Outcome.EMPTY, 0
        lines = bulletins.lines(claimed)
        if not lines:
            if not bulletins.put_away(claimed, self.clock()):
                bulletins.close(claimed)
            return Outcome.EMPTY, 0
        name = claimed.bulletin or f"{claimed.name}-{keys.instant(self.clock())}"
        if claimed.bulletin is None:
            _held(bulletins.fix(claimed, name, lines))
        # One mail tells of many cases: it belongs to the train of each.
        trains = [trace for line in lines if (trace := Trace.parse(line.alert.trace)) is not None]
        with span("bulletin", Kind.CONSUMER, links=trains) as opened:
            opened.note(bulletin__lines=len(lines))
            outcome = self._send(claimed, name, lines)
        if outcome is Outcome.SENT:
            _held(bulletins.mark_sent(claimed))
        if outcome is not Outcome.FULL:
            bulletins.clear(claimed.name, [line.sort_key for line in lines])
            bulletins.close(claimed)
        return outcome, len(lines) if outcome is Outcome.SENT else 0

    def _send(self, claimed: bulletins.Box, name: str, lines: Iterable[Line]) -> Outcome:
        box = Box.read(claimed.name)
        mailbox = self.mailboxes.of_box(box)
        bulletin = self._bulletin(name, box, mailbox, lines)
        if bulletin.count == 0:
            return Outcome.EMPTY
        turn = turns.take(mailbox.owner, self.clock(), mailbox.limit, bulletin=True)
        if turn is None:
            bulletins.postpone(claimed)
            return Outcome.FULL
        try:
            self.mailing.send(mailbox.addresses, self._mail(bulletin), **mailbox.tags)
        except Exception as error:
            if is_unsent(error):
                turns.give_back(turn)
            raise
        return Outcome.SENT

    def _mail(self, bulletin: Bulletin) -> Mail:
        language = self.instance.default_language
        words = Words.of(language, self.instance.zone)
        if bulletin.level or bulletin.count > 1:
            return render(bulletin, words, language, self.site_url)
        # One case alone is worth the mail that an urgent one gets.
        (entry,) = bulletin.entries
        case = replace(entry.case, stand_in=self.mailboxes.of_unit(entry.case.unit).stand_in)
        mail = render_case(case, words, language, self.site_url)
        return replace(mail, headers=mail.headers | {BULLETIN: bulletin.id})

    def _bulletin(self, name: str, box: Box, mailbox: Mailbox, lines: Iterable[Line]) -> Bulletin:
        """Rank the cases, read as many as a bulletin names, and count the rest."""
        by_case: dict[str, list[Line]] = {}
        for line in lines:
            by_case.setdefault(line.alert.about or line.alert.report, []).append(line)
        ranked = sorted(by_case.values(), key=lambda told: _rank(told).order)
        entries: list[Entry] = []
        while ranked and len(entries) < LINES:
            entry = self._entry(ranked.pop(0))
            if entry is not None:
                entries.append(entry)
        entries.sort(key=lambda entry: _order(entry).order)
        unit, short = self._names(box, mailbox)
        rest = Counter(_rank(told).priority for told in ranked)
        return Bulletin(name, box.unit, unit, short, box.level, entries, rest)

    def _entry(self, told: list[Line]) -> Entry | None:
        """Read a case as its newest line tells it; None where no line of it can be worded: they are parked."""
        case: Case | None = None
        kinds = set()
        for line in told:
            try:
                case = telling.case_of(line.alert, self.instance, self.names)
            except (KeyError, ValueError) as error:
                _log.warning("line parked: event=%s error=%s", line.alert.event, code_of(error))
                bulletins.park(line, code_of(error))
            else:
                kinds.add(line.alert.kind)
        if case is None:
            return None
        return Entry(self.links.on(case), alerting.sources(case.report), is_new=not kinds.isdisjoint(NEW_TO_THE_UNIT))

    def _park(self, box: bulletins.Box) -> Outcome:
        """Move the lines of a bulletin that has failed too often out of the way, and begin anew."""
        now = self.clock()
        if box.sent:
            bulletins.clear(box.name, box.lines)
        else:
            for line in bulletins.lines(box):
                bulletins.park(line, box.last_error or "")
        bulletins.reopen(box, now)
        return Outcome.PARKED

    def _names(self, box: Box, mailbox: Mailbox) -> tuple[str, str]:
        code = mailbox.unit if box.unit == NATIONAL else box.unit
        if code == NATIONAL:
            name = self.instance.names[self.instance.default_language]
            return name, name
        unit = self.instance.units[code]
        return unit.name, unit.short


def _rank(told: list[Line]) -> Rank:
    first, last = told[0].alert, told[-1].alert
    return Rank(last.kind, min(line.alert.priority for line in told), first.at)


def _order(entry: Entry) -> Rank:
    return Rank(entry.case.kind, entry.case.priority, keys.instant(entry.case.at), entry.sources)


def _held(lease: bool) -> None:  # noqa: FBT001 - the store's answer
    if not lease:
        raise LeaseLost
