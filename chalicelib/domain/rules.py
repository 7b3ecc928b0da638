"""The rules as data for `GET /v1/rules`, read off the very tables that the code obeys."""

from __future__ import annotations

from typing import Any

import h3

from chalicelib.domain import (
    acts,
    alerting,
    answers,
    checked,
    checks,
    deadlines,
    duplicates,
    location,
    network,
    photo,
    proof,
    quota,
    report,
    retention,
    roles,
    sighting,
    steps,
    text,
    unit_settings,
    visibility,
)
from chalicelib.domain.calendar import PART_HOURS
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.holidays import WorkingDays
from chalicelib.domain.instance import Instance


def rules(instance: Instance) -> dict[str, Any]:
    """Return every public rule of an instance, JSON-ready."""
    return {
        "zone": instance.zone.key,
        "quota": {"reports": quota.REPORTS_PER_DAY, "per": "device", "resets": "local_midnight"},
        "networks": network.rules(instance.networks),
        "proof_of_work": proof.rules(),
        "duplicates": duplicates.rules(instance.catalogue),
        "sightings": sighting.rules(),
        "checks": checks.rules(),
        "input": {
            "description_code_points": text.DESCRIPTION_LIMIT,
            "occurred_at_days_ago": report.OLDEST_OCCURRENCE.days,
            "occurred_at_minutes_ahead": round(report.CLOCK_SKEW.total_seconds() / 60),
            "photos": photo.rules(),
            "parts": {part.value: {"from": first, "to": end} for part, (first, end) in PART_HOURS.items()},
        },
        "visibility": _visibility(),
        "location_precision": {
            sensitivity.value: _precision(location.RESOLUTIONS.get(visibility.finest(sensitivity)))
            for sensitivity in Sensitivity
        },
        "steps": [
            {
                "from": step.source.value,
                "to": step.target.value,
                "by": sorted(actor.value for actor in step.actors),
                "reasons": [reason.value for reason in step.reasons],
                "needs": {reason.value: steps.NEEDS[reason].value for reason in step.reasons if reason in steps.NEEDS},
            }
            for step in steps.STEPS
        ],
        "open": [status.value for status in report.Status if status in steps.OPEN],
        "acts": acts.rules(),
        "roles": roles.rules(),
        "checked": checked.rules(),
        "deadlines": {
            "recheck_days": deadlines.RECHECK_DAYS,
            "day_hours": round(deadlines.DAY.total_seconds() / 3600),
            "working_days": _working_days(instance.working_days),
            "categories": {
                category.code: {
                    "take_up_days": category.take_up_days,
                    "verify_days": category.verify_days,
                    "working_days": category.working_days is not None,
                }
                for category in instance.catalogue.categories.values()
            },
        },
        "alerts": alerting.rules(instance.surge),
        "unit_settings": unit_settings.rules(),
        "receipt": {
            "months": retention.RECEIPT_MONTHS,
            "questions": answers.QUESTIONS,
            "answer_code_points": text.DESCRIPTION_LIMIT,
            "may": [
                {
                    "do": rule.deed.value,
                    "status": rule.status.value,
                    "from_day": rule.first_day,
                    "to_day": rule.last_day,
                }
                for rule in answers.RULES
            ],
        },
        "retention": [
            {
                "what": row.kept.value,
                "length": None if row.unit is retention.Unit.EVER else row.length,
                "unit": row.unit.value,
                "since": row.since.value,
                "then": row.then.value,
                "statuses": [status.value for status in row.statuses],
            }
            for row in retention.RETENTION
        ],
    }


def _working_days(working: WorkingDays | None) -> dict[str, Any] | None:
    if working is None:
        return None
    return {
        "weekend": sorted(working.weekend),
        "holidays": [holiday.as_document() for holiday in working.holidays],
    }


def _precision(resolution: int | None) -> dict[str, int] | None:
    if resolution is None:
        return None
    return {"h3_resolution": resolution, "mean_edge_m": round(h3.average_hexagon_edge_length(resolution, unit="m"))}


def _visibility() -> dict[str, Any]:
    return {
        "table": [
            {
                "class": row.sensitivity.value,
                "held": row.held,
                "statuses": [status.value for status in row.statuses],
                "lasts": row.lasts.value,
                **{surface.value: _sight(row.sight(surface)) for surface in visibility.Surface},
            }
            for row in visibility.TABLE
        ],
        "ends": {surface.value: end.value for surface, end in visibility.SURFACE_ENDS.items()},
        "delay_minutes": round(visibility.DELAY.total_seconds() / 60),
        "not_counted_reasons": sorted(visibility.NOT_COUNTED),
        "smallest_count": visibility.SMALL_CELL,
    }


def _sight(sight: visibility.Sight) -> dict[str, str]:
    if sight.shown is visibility.Shown.NEVER:
        return {"shown": sight.shown.value}
    return {"shown": sight.shown.value, "from": sight.begins.value}
