"""Reading for Open311: lists from the published points, single requests from the case itself.

A list first finds ids in the published files and then looks each case up, because the files do not say who answers for
a case nor why it stands as it does. What has left the map since they were published is left out, so that a list never
shows more than the map may show at the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.instance import Instance
from chalicelib.services import followup
from chalicelib.services.followup import Seen
from chalicelib.services.published import PublishedPoints, Wanted
from chalicelib.store import reports

PAGE_LIMIT = 1_000
"""The most requests of one answer (the standard's "GET Service Requests")."""

REACH = 100_000
"""How deep pages may go: what is before a page has to be sorted too."""

IDS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One of the pages of a list, counted from 1."""

    number: int
    size: int


def listed(points: PublishedPoints, wanted: Wanted, page: Page, instance: Instance, now: datetime) -> list[Seen]:
    """Return one page of what is wanted of the published map, newest first."""
    end = page.number * page.size
    ids = points.newest(wanted, end)[end - page.size :]
    known = {report.id: report for report in reports.many(ids)}
    seen = (followup.on_map(known[report], instance, now) for report in ids if report in known)
    return [each for each in seen if each is not None]


def named(ids: Sequence[str], instance: Instance, now: datetime) -> list[Seen]:
    """Return the reports of these ids that have a public page, in the order of the ids."""
    found = []
    for report in dict.fromkeys(ids):
        try:
            found.append(followup.public_report(report, instance, now))
        except NotFound:
            continue
    return found
