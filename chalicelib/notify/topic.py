"""The message to machines: JSON for the garrison's SNS topic, with attributes that subscriptions filter by.

Whoever is subscribed may pass it on, so it holds nothing that the public map would not show one day: no text, no
exact place, only the cell at the category's public precision, and none at all for hidden categories.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.notify.case import Case, case_link
from chalicelib.notify.words import one_line

VERSION = 1
"""Version of the message's shape. Members may be added within a version, never changed or taken away."""


@dataclass(frozen=True, slots=True)
class Message:
    """A body, a line for phones and mailboxes, and attributes, as `sns.publish` takes them."""

    body: str
    short: str
    attributes: dict[str, dict[str, str]]

    @property
    def structure(self) -> str:
        """The message by protocol: machines get the body, people one line, for a phone shows no JSON."""
        return json.dumps({"default": self.body, "sms": self.short, "email": self.short}, ensure_ascii=False)


def message(case: Case, site_url: str) -> Message:
    """Return the message of a case. `event` is the same in every repeat: receivers drop what they have seen."""
    body: dict[str, Any] = {
        "version": VERSION,
        "event": case.event,
        "report": case.report,
        "seq": case.seq,
        "kind": case.kind,
        "at": (case.at if case.news is None else case.news.at).isoformat(),
        "unit": case.unit,
        "garrison": case.garrison,
        "category": case.category,
        "priority": case.priority,
        "tier": case.tier.value,
        "area": case.area,
        "boundaries": case.boundaries,
        "cell": case.public_cell,
        "due": None if case.due is None else case.due.isoformat(),
        "link": case_link(site_url, case.report),
    }
    if case.surge is not None:
        body["surge"] = asdict(case.surge)
    if case.partner is not None:
        body["partner"] = case.partner
    attributes = {name: _text(str(body[name])) for name in ("kind", "unit", "garrison", "category")}
    if case.partner is not None:
        attributes["partner"] = _text(case.partner)
    # Numbers, so that a subscription can ask for ranges.
    attributes |= {name: {"DataType": "Number", "StringValue": str(body[name])} for name in ("priority", "tier")}
    short = f"[{one_line(case.unit_short)}] {one_line(case.category_name)} · {body['link']}"
    return Message(json.dumps(body, separators=(",", ":")), short, attributes)


def _text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}
