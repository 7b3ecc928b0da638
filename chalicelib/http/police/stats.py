"""Figures for commanders, as JSON and as CSV, and the reports behind each of them."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import date

from chalicelib.container import Container
from chalicelib.domain.faults import Fault
from chalicelib.domain.roles import Deed
from chalicelib.domain.tally import Row
from chalicelib.http.call import JSON, Call, Query
from chalicelib.http.operation import CSV
from chalicelib.http.police import stats_shapes
from chalicelib.http.police.guard import officer
from chalicelib.http.police.stats_asked import PARAMETERS, asked
from chalicelib.http.police.stats_body import STATUSES, stats_body
from chalicelib.http.police.stats_csv import sheet
from chalicelib.http.reply import Reply
from chalicelib.languages import negotiate
from chalicelib.services import figures
from chalicelib.services.figures import Cell, Span, scope_of
from chalicelib.store.objects import Objects

PAGE = 100
MOST = 500
"""The most reports on a page: a row is small, and holds no word of anybody's."""

LONGEST_CURSOR = 200
LONGEST_KEY = 64


_POSITION = re.compile(r"(\d{4}-\d\d-\d\d)#([0-9a-z]{1,64})", re.ASCII)


def show_stats(call: Call, box: Container) -> Reply:
    """Show the figures of a time beside those of as many days before."""
    who = officer(call, box, Deed.FIGURES)
    query = Query(call, *PARAMETERS)
    wanted = asked(query, who, box)
    query.done()
    instance = box.instance
    language = negotiate(call.headers.get("accept-language"), instance.languages, instance.default_language)
    body = stats_body(wanted, figures.current(_work(box)), box, language)
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
    if not _wants_csv(call):
        return Reply(body, headers=headers)
    name = f"figures-{body['from']}-{body['to']}-{wanted.by}.csv"
    headers |= {"Content-Type": CSV, "Content-Disposition": f'attachment; filename="{name}"'}
    return Reply(sheet(body), headers=headers)


def list_behind(call: Call, box: Container) -> Reply:
    """List the reports behind a figure of the table: of its days, its row, and its column."""
    who = officer(call, box, Deed.FIGURES)
    query = Query(call, *PARAMETERS, "key", "status", "figure", "cursor", "limit")
    wanted = asked(query, who, box)
    cell = Cell(
        wanted.by,
        query.text("key", LONGEST_KEY),
        query.chosen("status", STATUSES),
        query.chosen("figure", figures.FIGURES),
    )
    after, limit = _after(query), query.whole("limit", 1, MOST, PAGE)
    query.done()
    work = _work(box)
    kept = figures.current(work)
    span = wanted.span(kept)
    if after is not None:
        span = Span(max(span.first, date.fromisoformat(after[0])), span.last)
    rows = () if kept is None else kept.rows(scope_of(wanted.unit), span)
    found, more = figures.behind(rows, cell, after, limit)
    body: stats_shapes.ReportsBehind = {
        "reports": [_shown(row) for row in found],
        "cursor": _cursor(found[-1]) if more else None,
    }
    return Reply(body)


def _work(box: Container) -> Objects:
    return Objects(box.s3, box.settings.work_bucket)


def _wants_csv(call: Call) -> bool:
    """Tell whether the caller names CSV and not JSON: whoever takes anything gets JSON."""
    named = {part.partition(";")[0].strip().lower() for part in call.headers.get("accept", "").split(",")}
    return "text/csv" in named and JSON not in named


def _shown(row: Row) -> stats_shapes.Behind:
    return {
        "id": row.id,
        "day": row.day,
        "category": row.category,
        "powiat": row.powiat,
        "unit": row.unit,
        "status": row.status,
        "take_up_minutes": row.take_up,
        "verification_minutes": row.verification,
        "elimination_minutes": row.elimination,
        "late_take_up": bool(row.late_take_up),
        "late_verification": bool(row.late_verification),
        "reopened": row.reopened,
    }


def _cursor(row: Row) -> str:
    return urlsafe_b64encode(f"{row.day}#{row.id}".encode()).decode().rstrip("=")


def _after(query: Query) -> tuple[str, str] | None:
    """Return the day and id that a cursor names."""
    cursor = query.text("cursor", LONGEST_CURSOR)
    if cursor is None:
        return None
    try:
        found = _POSITION.fullmatch(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii"))
        if found is not None:
            return date.fromisoformat(found[1]).isoformat(), found[2]
    except (Error, ValueError):
        pass
    query.fault("cursor", Fault.MISTYPED)
    return None
