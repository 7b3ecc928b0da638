"""Refusals that end by themselves: an allowance that is used up, or a service that is closed or does not answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.domain.problem import Problem


class _Later:
    """A refusal that ends by itself: `retry_after` is after how many whole seconds, rounded up, to try again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self._retry_after = retry_after

    @property
    def retry_after(self) -> int:
        """Whole seconds after which a new try is reasonable, rounded up."""
        return self._retry_after


class QuotaUsed(_Later, Problem):
    """The device has used what it has of the day; `resets_at` is the local midnight that follows.

    `retry_after` is the same in whole seconds from the moment of the refusal, `limit` how often a day is allowed.
    """

    code = "quota_used"
    status = 429

    def __init__(self, resets_at: datetime, retry_after: int, limit: int = 1) -> None:
        super().__init__(retry_after)
        self.resets_at = resets_at
        self.limit = limit

    @property
    def extras(self) -> dict[str, Any]:
        """When the next report is possible."""
        return {"resets_at": self.resets_at}


class NetworkUsed(_Later, Problem):
    """A network has asked more often today than one may; `retry_after` is in whole seconds, to the local midnight."""

    code = "network_used"
    status = 429


class MailsUsed(_Later, Problem):
    """A unit has had its test mails, or all its mails, of the hour; `retry_after` is when the next may leave."""

    code = "mails_used"
    status = 429


class PartnerUsed(_Later, Problem):
    """An institution has answered as often today as one may; `retry_after` is in whole seconds, to the midnight."""

    code = "partner_used"
    status = 429


class IntakeClosed(_Later, Problem):
    """The operator has closed intake; `retry_after` is when it opens, as far as anybody knows."""

    code = "intake_closed"
    status = 503


class Unavailable(_Later, Problem):
    """The store does not answer; nothing was kept, the same request may be sent again."""

    code = "unavailable"
    status = 503
