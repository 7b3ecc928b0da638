"""What answers about cases look like to the police; types only, as in `shapes`."""

from typing import Literal

from typing_extensions import TypedDict

from chalicelib.http.police.unit_shapes import UnitName
from chalicelib.http.shapes import Boundaries, CheckedWindow, Part, SeenAt, Status

DueKind = Literal["take_up", "verify", "recheck", "none"]
Priority = Literal[1, 2, 3]
Need = Literal["checked", "addressee"]


class Point(TypedDict):
    """An exact place, WGS 84 degrees."""

    lat: float
    lon: float


class DueNext(TypedDict):
    """What the case waits for: by when it must be taken up, judged, or checked once more; `none` waits for nobody.

    `at` is null where nothing is due; while a case is paused its clock stands and nothing is overdue.
    """

    kind: DueKind
    at: str | None
    overdue: bool
    paused: bool


class CaseLine(TypedDict):
    """What an officer needs in order to choose a case.

    `sources` counts independent devices; `place` is the nearest place that has a name; `asked` and `answered` say
    whether the one question was put and answered. `checked` are the windows in which the unit has looked so far.
    """

    id: str
    version: int
    category: str
    priority: Priority
    status: Status
    reason: str | None
    tier: Literal[1, 2]
    unit: UnitName
    area: str
    area_name: str | None
    created_at: str
    due: DueNext
    location: Point
    sources: int
    has_text: bool
    place: str | None
    asked: bool
    answered: bool
    checked: list[CheckedWindow]


class QueueRow(CaseLine):
    """One case in a list, with the number of its photos and no word of its reporter's."""

    photos: int


class Queue(TypedDict):
    """A page of a list of cases; `cursor` asks for the next one and is null after the last."""

    reports: list[QueueRow]
    cursor: str | None
    now: str


class Recurs(TypedDict):
    """On which weekdays (1 is Monday) and in which parts of them the reporter says that it happens."""

    days: list[int]
    parts: list[Part]


class CasePhoto(TypedDict):
    """A photo's place; only what is `stored` can be looked at."""

    slot: int
    state: Literal["issued", "stored", "rejected"]


class Addressee(TypedDict):
    """Whom a case was passed on to, or who has answered: a partner by its code and name, or another body by its name.

    `note` is what the officer wrote to a partner.
    """

    partner: str | None
    name: str | None
    note: str | None


class PossibleAddressee(TypedDict):
    """A partner that serves where the case is, named in the caller's language."""

    code: str
    kind: str
    name: str


CaseEvent = TypedDict(
    "CaseEvent",
    {
        "seq": int,
        "at": str,
        "type": str,
        "from": Status | None,
        "to": Status,
        "reason": str | None,
        "by": Literal["police", "reporter", "system", "partner"] | None,
        "answer": str | None,
        "checked": list[CheckedWindow],
        "until": str | None,
        "addressee": Addressee | None,
        "unit_from": UnitName | None,
        "unit_to": UnitName | None,
        "other": str | None,
        "whose": str | None,
        "text": str | None,
        "note": str | None,
    },
)
"""One event of a case. `from` is null where the status did not change; `text` is what the reporter may read or wrote,
`note` what the police alone may read; both are null where there was nothing, or it has been erased. `other` is the
other case of a merger, `whose` whom an institution names in its place. `unit_from` and `unit_to` are the units of an
event that took the case to another one."""


class CaseQuestion(TypedDict):
    """The police's one question and the reporter's answer in words, each null where it is not there."""

    text: str | None
    asked_at: str
    answer: str | None
    answered_at: str | None


class Sighted(TypedDict):
    """By how many independent devices a case was seen, and when."""

    sources: int
    pattern: list[SeenAt]


class SuggestedWindow(TypedDict):
    """A coming window to look in: `score` is the chance that somebody names this weekday and part, `why` says it."""

    day: str
    part: Part
    score: float
    why: str


class NextStep(TypedDict):
    """A step that this officer may take of this case now, and what has to be said with it."""

    to: Status
    reasons: list[str]
    needs: list[Need]


class NearCase(TypedDict):
    """An open case of the same category nearby; `distance_m` from exact place to exact place."""

    id: str
    status: Status
    created_at: str
    distance_m: int


class CaseLinks(TypedDict):
    """Pages of the site; `public` is null while the case has no public page."""

    public: str | None


class PoliceCase(CaseLine):
    """A case with everything that is known of it; of its reporter nothing is."""

    occurred_at: str | None
    pattern: Recurs | None
    boundaries: Boundaries
    text: str | None
    photos: list[CasePhoto]
    history: list[CaseEvent]
    question: CaseQuestion | None
    sighted: Sighted
    suggested: list[SuggestedWindow]
    steps: list[NextStep]
    addressees: list[PossibleAddressee]
    merged_from: list[str]
    merged_into: str | None
    near: list[NearCase]
    links: CaseLinks


class PhotoLink(TypedDict):
    """An address at which one photo can be fetched until `expires_at`, by whoever has the address."""

    url: str
    expires_at: str
