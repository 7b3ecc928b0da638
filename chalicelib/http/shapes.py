"""What answers look like. Types only: mypy checks the views against them, `openapi` describes them, nothing runs."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

Boundaries = Literal["exact", "approximate"]
Status = Literal[
    "new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated", "joke", "withdrawn", "merged"
]
Part = Literal["morning", "afternoon", "evening", "night"]
Names = dict[str, str]


class Health(TypedDict):
    """The service answers, and so does its store."""

    status: Literal["ok"]
    build: str
    version: str
    boundaries: Boundaries


class Group(TypedDict):
    """Categories that belong together."""

    code: str
    names: Names


class Category(TypedDict):
    """One kind of threat; `valid_from` and `valid_to` are days, null where open."""

    code: str
    names: Names
    group: str
    icon: str
    valid_from: str | None
    valid_to: str | None
    sensitivity: Literal["ordinary", "vulnerable", "hidden"]
    priority: Literal[1, 2, 3]
    description_required: bool
    public_after_confirmation: bool
    duplicate_radius_m: int
    take_up_days: int
    verify_days: int
    working_days: bool
    successors: list[str]


class Catalogue(TypedDict):
    """All categories that ever were."""

    version: str
    groups: list[Group]
    partner_kinds: list[Group]
    categories: list[Category]


class Rules(TypedDict):
    """The rules of the map; what each table holds is its own matter and grows with the rules."""

    zone: str
    quota: dict[str, Any]
    networks: dict[str, Any]
    proof_of_work: dict[str, Any]
    duplicates: dict[str, Any]
    sightings: dict[str, Any]
    checks: dict[str, Any]
    input: dict[str, Any]
    visibility: dict[str, Any]
    location_precision: dict[str, Any]
    steps: list[dict[str, Any]]
    open: list[str]
    acts: dict[str, Any]
    roles: dict[str, list[str]]
    checked: dict[str, Any]
    deadlines: dict[str, Any]
    alerts: dict[str, Any]
    unit_settings: dict[str, Any]
    receipt: dict[str, Any]
    retention: list[dict[str, Any]]


class UnitRef(TypedDict):
    """A police unit."""

    code: str
    name: str


class Teryt(TypedDict):
    """Codes of the areas that hold a point, as text: leading zeros count."""

    wojewodztwo: str | None
    powiat: str
    gmina: NotRequired[str]


class Locate(TypedDict):
    """Who answers for a point."""

    unit: UnitRef
    parent: UnitRef | None
    teryt: Teryt
    boundaries: Boundaries


class WorkParameters(TypedDict):
    """Parameters of ALTCHA (version 2), as its workers take them."""

    algorithm: str
    cost: int
    keyLength: int
    keyPrefix: str
    keySignature: str
    nonce: str
    salt: str
    data: dict[str, str | int]


class Work(TypedDict):
    """A challenge of the proof of work; what solves it is ALTCHA's payload, sent back as `proof`."""

    parameters: WorkParameters
    signature: str


class Challenge(TypedDict):
    """Whether the device may report now; `challenge` is null where no proof of work is asked for."""

    challenge: Work | None
    may_report: bool
    resets_at: NotRequired[str]
    device: NotRequired[str]


class Due(TypedDict):
    """When the unit must have taken the case up, and given its verdict."""

    take_up: str
    verify: str


class Location(TypedDict):
    """A place at public precision: the centre of an H3 cell and how far the true place may be from it."""

    lat: float
    lon: float
    cell: str
    precision_m: int


class Links(TypedDict):
    """Pages of the site; `public` is null for a report that never has a public page."""

    public: str | None
    follow: str


class Filed(TypedDict):
    """An accepted report, as its reporter is told of it."""

    id: str
    receipt: str
    status: Literal["new"]
    tier: Literal[1, 2]
    category: str
    unit: UnitRef
    created_at: str
    due: Due
    location: Location | None
    links: Links


class PublicReport(TypedDict):
    """What everybody may see of a report: days and parts of days, no times; a cell, no point."""

    id: str
    category: str
    status: Status
    reason: str | None
    unit: UnitRef
    area: str
    created_day: str
    occurred_day: str | None
    part: Part | None
    days: list[int]
    parts: list[Part]
    resolved_day: str | None
    location: Location


class SeenAt(TypedDict):
    """How many have seen a case on a weekday (1 is Monday) in a part of the day."""

    day: int
    part: Part
    count: int


class CheckedWindow(TypedDict):
    """A part of a local day in which the police looked; a night belongs to the day on which it begins."""

    day: str
    part: Part


class Asked(TypedDict):
    """The body that was asked to act, and what it has answered; null where it has not."""

    name: str
    answer: Literal["done"] | None


class PublicCase(PublicReport):
    """A public report with how many devices have reported or seen it independently, and when it was seen.

    `checked` are the windows in which the police have looked, `recheck_day` is the day by which they look once more.
    `addressee` is the body outside the police that the case is with, or that removed the threat.
    """

    sources: int
    pattern: list[SeenAt]
    checked: list[CheckedWindow]
    recheck_day: str | None
    addressee: Asked | None


class Candidate(PublicCase):
    """A public case that a report may repeat; `distance_m` in steps of ten metres."""

    distance_m: int


class Corroborated(TypedDict):
    """Whether a sighting counts as one more independent source, and how often the case has been seen."""

    id: str
    counted: bool
    sources: int
    pattern: list[SeenAt]


class NearReport(PublicReport):
    """A public report with its distance in metres."""

    distance_m: float


class Nearby(TypedDict):
    """Public reports near a point, nearest first."""

    reports: list[NearReport]


class Upload(TypedDict):
    """The form of one upload: post it to `url` as multipart/form-data, all `fields` first, then the file as `file`."""

    url: str
    fields: dict[str, str]
    slot: int
    expires: str
