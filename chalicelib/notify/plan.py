"""The Monday mail with a unit's patrol plan: the first rows, and the way to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.units import Unit
from chalicelib.notify.bulletin import Row, written
from chalicelib.notify.case import map_link
from chalicelib.notify.mail import Mail
from chalicelib.notify.plan_words import PlanWords
from chalicelib.notify.words import one_line

ROWS = 10
"""Rows in the mail: as many as are read on a phone."""

PLAN = "X-Czujka-Plan"
"""Header with the week, which is the same in every repeat."""


def render(plan: Mapping[str, Any], unit: Unit, words: PlanWords, site_url: str) -> Mail:
    """Return the mail about a plan that has rows, in the language of `words`."""
    first, basis = date.fromisoformat(plan["from"]), plan["basis"]
    values = {
        "subject": words.say("mail.subject", unit=one_line(unit.short), first=words.dates.day(first)),
        "unit": one_line(unit.name),
        "title": words.say("title"),
        "lead": words.say("lead"),
        "open_queue": words.say("mail.open"),
        "queue_link": f"{site_url}/policja/#/plan/{plan['week']}",
        "footer": words.dates.say("footer"),
    }
    counted = words.say(
        "basis",
        reports=basis["reports"],
        first=words.day(basis["from"]),
        last=words.day(basis["to"]),
        share=words.share(plan["covered"]["share"]),
    )
    more = len(plan["rows"]) - ROWS
    notes = [*([words.say("mail.more", count=more)] if more > 0 else []), counted, words.say("method")]
    rows = [_row(row, words, site_url) for row in plan["rows"][:ROWS]]
    # RFC 3834: no vacation notice answers it.
    headers = {"Auto-Submitted": "auto-generated", PLAN: f"{unit.code}-{plan['week']}"}
    return written(values, rows, notes, words.language, headers)


def _row(row: Mapping[str, Any], words: PlanWords, site_url: str) -> Row:
    expected = words.say(
        "mail.expected",
        expected=words.number(row["expected"]),
        range=words.say("range", low=row["low"], high=row["high"]),
    )
    over = [words.when(row["day"], row["part"]), *([row["unit"]["short"]] if row["unit"] else [])]
    return Row(
        over=" · ".join(over),
        title=one_line(words.where(row)),
        under=" ".join([f"{words.categories(row)}.", expected, *words.reasons(row["reasons"])]),
        link=map_link(site_url, row["lat"], row["lon"]),
    )
