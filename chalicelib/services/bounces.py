"""What comes back of our mails: addresses that take none are flagged, or get nothing any more.

Source of the shapes: the event data that SES publishes to SNS, in its form for configuration sets and for identities.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from chalicelib.domain.email import parse
from chalicelib.domain.errors import Invalid
from chalicelib.domain.subscription_token import TokenKey, subscription_id
from chalicelib.store import flags, partners, subscriptions

PERMANENT = "Permanent"
BOUNCE, COMPLAINT = "Bounce", "Complaint"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounces:
    """The use case at one moment; `key` makes the ids of subscriptions, asked for only where one may be meant."""

    key: Callable[[], TokenKey]
    now: datetime

    def note(self, told: Mapping[str, Any]) -> Counter[str]:
        """Take note of one event; return how many addresses were flagged, stopped, unknown or passed over.

        A mailbox that is full today is no reason to give it up: only what comes back for good counts, and what its
        reader calls unwanted.
        """
        kind = told.get("eventType") or told.get("notificationType")
        if kind == BOUNCE and told["bounce"]["bounceType"] == PERMANENT:
            returned = told["bounce"]["bouncedRecipients"]
        elif kind == COMPLAINT:
            returned = told["complaint"]["complainedRecipients"]
        else:
            return Counter(passed_over=1)
        tags = told["mail"].get("tags", {})
        addresses = [parseaddr(each["emailAddress"])[1] for each in returned]
        if institutions := tags.get("partner"):
            return Counter(self._partner(address, institutions, kind) for address in addresses)
        return Counter(self._address(address, tags.get("unit", ()), kind) for address in addresses)

    @staticmethod
    def _partner(address: str, institutions: Any, kind: str) -> str:
        flagged = [partners.flag(code, address) for code in institutions]
        _log.warning("mail came back: kind=%s partner=%s flagged=%s", kind, ",".join(institutions), any(flagged))
        return "flagged" if any(flagged) else "unknown"

    def _address(self, address: str, units: Any, kind: str) -> str:
        if units:
            flagged = [flags.flag(unit, address, self.now, kind.lower()) for unit in units]
            _log.warning("mail came back: kind=%s unit=%s flagged=%s", kind, ",".join(units), any(flagged))
            return "flagged" if any(flagged) else "unknown"
        return self._citizen(address, kind)

    def _citizen(self, address: str, kind: str) -> str:
        try:
            known = subscriptions.find(subscription_id(self.key(), parse(address)))
        except Invalid:
            return "unknown"
        if known is None:
            return "unknown"
        if kind == COMPLAINT:
            # Whoever calls our mail unwanted has left.
            subscriptions.leave(known.id)
        else:
            subscriptions.stop(known, kind)
        return "stopped"
