"""What answers to whoever holds a receipt look like; types only, as in `shapes`."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.http.shapes import CheckedWindow, Due, Links, Location, SeenAt, Status, UnitRef

HistoryEntry = TypedDict(
    "HistoryEntry",
    {
        "at": str,
        "type": str,
        "from": Status | None,
        "to": Status,
        "reason": str | None,
        "by": Literal["police", "reporter", "system", "partner"] | None,
        "answer": Literal["gone", "still_there", "text", "done", "not_ours"] | None,
        "text": str | None,
        "checked": list[CheckedWindow],
        "addressee": str | None,
        "unit_from": UnitRef | None,
        "unit_to": UnitRef | None,
        "until": str | None,
        "hash": str | None,
    },
)
"""One event of a case. `from` is null where the status did not change; `text` are words for the reporter or of theirs,
null where there are none or none any more. `checked` are the windows in which the police looked; `until` is until when
they look once more, or until when the case rests. `addressee` is the body that it was passed on to, or that
answers; `unit_from` and `unit_to` are the units of an event that handed it over; `hash` is the event's in the public
ledger of its day, null for one from before there was a ledger."""


class Question(TypedDict):
    """The question that is open; `text` is null where the map asks whether the threat is gone."""

    kind: Literal["police", "gone"]
    text: str | None
    asked_at: str
    until: str | None


class MergedStep(TypedDict):
    """One step of the case that this one was merged into, told by its day."""

    day: str
    to: Status
    reason: str | None


class Merged(TypedDict):
    """The case that this one was merged into, from then on; `public` is its page, null where it has none."""

    status: Status
    reason: str | None
    unit: UnitRef
    history: list[MergedStep]
    public: str | None


class Photo(TypedDict):
    """A photo as its sender may know of it: permitted, kept, or rejected with a reason."""

    slot: int
    state: Literal["issued", "stored", "rejected"]
    reason: NotRequired[Literal["not_an_image", "unreadable", "too_many_pixels", "too_large"]]


class Receipt(TypedDict):
    """A case as its reporter may follow it, and what the reporter may do about it now."""

    id: str
    category: str
    status: Status
    reason: str | None
    tier: Literal[1, 2]
    unit: UnitRef
    created_at: str
    expires_at: str
    due: NotRequired[Due]
    location: Location | None
    public: bool
    history: list[HistoryEntry]
    question: Question | None
    may: list[Literal["withdraw", "answer", "gone", "still_there"]]
    photos: list[Photo]
    merged: Merged | None
    sources: int
    pattern: list[SeenAt]
    links: Links
