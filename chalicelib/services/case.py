"""A new case as the items that the store writes: report, first event and alert, all told from one draft."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import part_of
from chalicelib.domain.catalogue import Category
from chalicelib.domain.deadlines import Due, due_at_acceptance
from chalicelib.domain.location import cell_at, micro
from chalicelib.domain.report import NewReport, Origin, Status, Tier
from chalicelib.domain.units import Unit
from chalicelib.store import keys
from chalicelib.store.accept import FIRST_EVENT
from chalicelib.store.models import EventItem, OutboxItem, ReportItem

ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class NewCase:
    """A draft with its id, its moment, and all that was found out about its place.

    `day` is the local day of `created`; `garrison` stands above `unit` or is it. `key_version` is that of the
    receipt, None where there is none. `near` are the public cases nearby that its reporter says it does not repeat.
    """

    id: str
    key_version: int | None
    created: datetime
    day: date
    zone: ZoneInfo
    draft: NewReport
    category: Category
    area: str
    boundaries: str
    unit: Unit
    garrison: Unit
    tier: Tier = Tier.ORDINARY
    near: tuple[str, ...] = ()

    @property
    def due(self) -> Due:
        """The case's two deadlines."""
        return due_at_acceptance(self.category, self.created)

    def report(self) -> ReportItem:
        """The report's item: at its place, in its unit's open queue, with the text that only the police read."""
        draft, at, due = self.draft, keys.instant(self.created), self.due
        cell = cell_at(draft.lat, draft.lon)
        return ReportItem(
            keys.report(self.id),
            keys.REPORT,
            g1pk=keys.cell_month(keys.place(cell), at[:7]),
            g1sk=keys.at_id(at, self.id),
            g2pk=keys.open_queue(self.unit.code),
            g2sk=keys.at_id(keys.instant(due.take_up), self.id),
            id=self.id,
            category=self.category.code,
            lat6=micro(draft.lat),
            lon6=micro(draft.lon),
            cell=cell,
            status=Status.NEW.value,
            tier=self.tier.value,
            unit=self.unit.code,
            area=self.area,
            boundaries=self.boundaries,
            created=at,
            day=self.day.isoformat(),
            text=draft.description,
            due_take_up=keys.instant(due.take_up),
            due_verify=keys.instant(due.verify),
            v=FIRST_EVENT,
            origin=Origin.WEB.value,
            kv=self.key_version,
            near=set(self.near) or None,
            **self._times(),
        )

    def event(self) -> EventItem:
        """The first event: the snapshot that statistics count, at public precision."""
        at = keys.instant(self.created)
        times = self._times()
        return EventItem(
            keys.report(self.id),
            keys.event(FIRST_EVENT),
            g1pk=keys.day_feed(self.day.isoformat(), keys.shard(self.id)),
            g1sk=keys.at_id_sequence(at, self.id, FIRST_EVENT),
            id=self.id,
            seq=FIRST_EVENT,
            type=ACCEPTED,
            at=at,
            status=Status.NEW.value,
            category=self.category.code,
            cell=cell_at(self.draft.lat, self.draft.lon),
            area=self.area,
            unit=self.unit.code,
            day=self.day.isoformat(),
            created=at,
            occurred_day=self._occurred_day,
            part=times.get("part"),
            tier=self.tier.value,
            origin=Origin.WEB.value,
        )

    def alert(self) -> OutboxItem:
        """The alert to the unit."""
        at = keys.instant(self.created)
        return OutboxItem(
            keys.outbox(keys.shard(self.id)),
            keys.at_id_sequence(at, self.id, FIRST_EVENT),
            id=self.id,
            seq=FIRST_EVENT,
            kind=ACCEPTED,
            unit=self.unit.code,
            garrison=self.garrison.code,
            category=self.category.code,
            priority=self.category.priority,
            at=at,
            attempts=0,
        )

    @property
    def _occurred_day(self) -> str | None:
        occurred = self.draft.occurred_at
        return None if occurred is None else part_of(occurred, self.zone)[0].isoformat()

    def _times(self) -> dict[str, Any]:
        occurred, pattern = self.draft.occurred_at, self.draft.pattern
        if occurred is not None:
            return {"occurred": keys.instant(occurred), "part": part_of(occurred, self.zone)[1].value}
        if pattern is not None:
            return {"days": set(pattern.days), "parts": {part.value for part in pattern.parts}}
        return {}
