"""`/status` of the instance on one's own machine: queues, the last night, mails, switches, at one look.

It stands in the local front alone: on AWS the same numbers are metrics, and nobody sees mails.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chalicelib.clock import Clock, system_clock
from chalicelib.store import control, keys
from chalicelib.store.places import POINTER
from infra.commands.instance import Running
from infra.commands.mail import sent_mails

MAILS = 10
"""So many of the last mails are shown, without their words."""

PARTITIONS = {
    "alerts waiting": keys.outbox,
    "alerts parked": keys.parked,
    "letters waiting": keys.letters,
    "letters parked": keys.parked_letters,
}
"""Where whatever leaves the map waits, by shard."""

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;"
    "border-bottom:1px solid #8884;vertical-align:top}th{font-weight:600}td.warn{font-weight:700}"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Refresh": "10",
}


@dataclass(frozen=True)
class Status:
    """What is asked of a running instance."""

    running: Running
    clock: Clock = system_clock

    def look(self) -> dict[str, Any]:
        """Return how everything stands, JSON-ready; counts are those of the moment."""
        return {
            "at": keys.instant(self.clock()),
            "waiting": self._waiting(),
            "queues": self._queues(),
            "published": self._published(),
            "switches": self._switches(),
            "mails": self._mails(),
        }

    @cached_property
    def _dynamodb(self) -> Any:
        return self.running.client("dynamodb")

    @cached_property
    def _s3(self) -> Any:
        return self.running.client("s3")

    @cached_property
    def _sqs(self) -> Any:
        return self.running.client("sqs")

    def _waiting(self) -> dict[str, Any]:
        counts: dict[str, Any] = {
            name: sum(self._count(partition(shard)) for shard in range(keys.SHARDS))
            for name, partition in PARTITIONS.items()
        }
        boxes = [str(item["SK"]["S"]) for item in self._query(keys.BOXES)]
        counts["lines of bulletins"] = sum(self._count(keys.bulletin(box)) for box in boxes)
        began = [
            keys.moment(item["SK"]["S"].partition("#")[0])
            for shard in range(keys.SHARDS)
            for item in self._query(keys.outbox(shard), Limit=1)
        ]
        counts["oldest alert, seconds"] = round((self.clock() - min(began)).total_seconds()) if began else 0
        return counts

    def _count(self, partition: str) -> int:
        return len(self._query(partition))

    def _query(self, partition: str, **more: Any) -> list[dict[str, Any]]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self.running.names["MAIN_TABLE"],
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ProjectionExpression="PK, SK",
            ConsistentRead=True,
            **more,
        )
        if "Limit" in more:
            return next(iter(pages))["Items"]  # type: ignore[no-any-return]
        return [item for page in pages for item in page["Items"]]

    def _queues(self) -> dict[str, int]:
        wanted = "ApproximateNumberOfMessages"
        return {
            url.rpartition("/")[2]: int(
                self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[wanted])["Attributes"][wanted]
            )
            for url in self._sqs.list_queues().get("QueueUrls", [])
        }

    def _published(self) -> dict[str, Any]:
        site, work = self.running.names["SITE_BUCKET"], self.running.names["WORK_BUCKET"]
        manifest, places = self._json(site, "data/manifest.json"), self._json(work, POINTER)
        ledger = self._json(site, "data/ledger/latest.json")
        return {
            "build": manifest.get("build"),
            "last night": manifest.get("day"),
            "published at": manifest.get("published_at"),
            "reports in 365 days": manifest.get("totals", {}).get("reports_365d"),
            "ledger up to": ledger.get("day"),
            "boundaries": places.get("boundaries"),
            "version": self.running.names.get("VERSION"),
        }

    def _json(self, bucket: str, key: str) -> dict[str, Any]:
        try:
            body: dict[str, Any] = json.loads(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        except self._s3.exceptions.NoSuchKey:
            return {}
        return body

    def _switches(self) -> dict[str, Any]:
        proof, intake = self._switch(control.PROOF), self._switch(control.INTAKE)
        until = intake.get("until", {}).get("S")
        closed = bool(intake) and (until is None or self.clock() < keys.moment(until))
        level = proof.get("level", {}).get("N") or self.running.names.get("PROOF_LEVEL", "0")
        return {
            "intake": "closed" if closed else "open",
            "closed until": until if closed else None,
            "proof": int(level),
        }

    def _switch(self, name: str) -> dict[str, Any]:
        key = {"PK": {"S": keys.control(name)}, "SK": {"S": keys.META}}
        found = self._dynamodb.get_item(TableName=self.running.names["MAIN_TABLE"], Key=key, ConsistentRead=True)
        held: dict[str, Any] = found.get("Item", {})
        return held

    def _mails(self) -> dict[str, Any]:
        sent = sent_mails(self.running.endpoint)
        last = [{name: mail[name] for name in ("at", "to", "subject")} for mail in reversed(sent[-MAILS:])]
        return {"sent": len(sent), "last": last}


def page(told: Mapping[str, Any]) -> str:
    """Return what a look has found as a page without scripts; it asks again by itself every ten seconds."""
    parts = [
        _table("Waiting", told["waiting"], worries={"alerts parked", "letters parked"}),
        _table("Queues", told["queues"], worries={name for name in told["queues"] if "ail" in name}),
        _table("Published", told["published"]),
        _table("Switches", told["switches"]),
        _table("Mails", {"sent": told["mails"]["sent"]}),
        _mails(told["mails"]["last"]),
    ]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Status</title><style>{STYLE}</style>'
        f'<h1>Status</h1><p>{_text(told["at"])} · <a href="/status.json">JSON</a> · <a href="/">map</a></p>'
        f"{''.join(parts)}</html>"
    )


def _table(title: str, rows: Mapping[str, Any], worries: set[str] | None = None) -> str:
    cells = "".join(
        f'<tr><th scope="row">{_text(name)}</th><td{_marked(name, value, worries or set())}>{_text(value)}</td></tr>'
        for name, value in rows.items()
    )
    return f"<h2>{title}</h2><table>{cells}</table>"


def _marked(name: str, value: Any, worries: set[str]) -> str:
    return ' class="warn"' if name in worries and value else ""


def _mails(last: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{_text(mail['at'])}</td><td>{_text(', '.join(mail['to']))}</td><td>{_text(mail['subject'])}</td></tr>"
        for mail in last
    )
    return f"<table>{rows}</table>"


def _text(value: object) -> str:
    return "-" if value is None else html.escape(str(value))
