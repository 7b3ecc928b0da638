"""What answers to institutions look like; types only, as in `chalicelib.http.shapes`."""

from typing import Literal

from typing_extensions import TypedDict

from chalicelib.http.police.unit_shapes import UnitName
from chalicelib.http.shapes import PublicReport, Status


class Partner(TypedDict):
    """An institution by its code, its kind, and its names by language."""

    code: str
    kind: str
    names: dict[str, str]


class Me(TypedDict):
    """Whose token it is, and until when it opens anything."""

    partner: Partner
    expires_at: str


class PartnerPoint(TypedDict):
    """Where to go, WGS 84 degrees; the true place is `precision_m` metres away at most, 0 where this is it."""

    lat: float
    lon: float
    precision_m: int


class PartnerAnswer(TypedDict):
    """What the institution has answered."""

    answer: Literal["done", "not_ours"]
    text: str | None
    whose: str | None
    at: str


class PartnerCase(TypedDict):
    """A case as it was passed on.

    `location`, `place`, `note` and `public_note` are null once the case is no longer the institution's; `location` is
    null, too, where the category has no public place. `public` is the case as it stands on the map, null where it does
    not.
    """

    id: str
    category: str
    category_name: str
    status: Status
    passed_at: str
    unit: UnitName
    location: PartnerPoint | None
    place: str | None
    area: str
    area_name: str | None
    note: str | None
    public_note: str | None
    public: PublicReport | None
    answer: PartnerAnswer | None


class PartnerCases(TypedDict):
    """A page of a list of cases; `cursor` asks for the next one and is null after the last."""

    cases: list[PartnerCase]
    cursor: str | None
