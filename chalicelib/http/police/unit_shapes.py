"""What answers about a unit's settings look like; types only, as in `shapes`."""

from typing import Literal

from typing_extensions import TypedDict

Why = Literal["bounce", "complaint"]


class UnitName(TypedDict):
    """A unit by its code, its whole name, and the name where room is short."""

    code: str
    name: str
    short: str


class FlaggedAddress(TypedDict):
    """An address that takes no mail, since when, and why: mail came back for good, or its reader called it unwanted."""

    address: str
    since: str
    reason: Why


class EscalationTo(TypedDict):
    """Who hears of overdue cases; nobody means the unit's own addresses."""

    chief: list[str]


class MailBudget(TypedDict):
    """How many mails the unit wants within an hour."""

    mails_per_hour: int


class UnitSettingsNow(TypedDict):
    """A unit's settings; `flagged` are those of its addresses that get no mail until the settings are written again.

    `version` goes into the next change.
    """

    unit: UnitName
    addresses: list[str]
    flagged: list[FlaggedAddress]
    escalation: EscalationTo
    budget: MailBudget
    version: int


class MailTried(TypedDict):
    """The addresses that the test mail has gone to, and those that it has not: they are flagged."""

    sent_to: list[str]
    skipped: list[str]
