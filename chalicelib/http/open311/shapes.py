"""What this façade's answers look like, by the standard; members beyond it are named so."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.http.shapes import Part, SeenAt


class Endpoint(TypedDict):
    """One interface of the provider."""

    specification: str
    url: str
    changeset: str
    type: Literal["production", "test"]
    formats: list[str]


class Discovery(TypedDict):
    """What the provider offers, and how to get a key."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]


class Service(TypedDict):
    """Something that may be reported."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: Literal["realtime"]
    keywords: str
    group: str


class Value(TypedDict):
    """An answer to choose."""

    key: str
    name: str


class Attribute(TypedDict):
    """What a service asks, or tells where it is not `variable`."""

    variable: bool
    code: str
    datatype: Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: NotRequired[list[Value]]


class Definition(TypedDict):
    """All that a service asks."""

    service_code: str
    attributes: list[Attribute]


class Followed(TypedDict):
    """What the standard has no field for, told with ``extensions=true``: how the reporter follows the case."""

    receipt: str
    follow: str
    tier: int


class Submitted(TypedDict):
    """A request that was taken. `account_id` is always null: there are no accounts."""

    service_request_id: str
    service_notice: str
    account_id: None
    extended_attributes: NotRequired[Followed]


class Extended(TypedDict):
    """What the standard has no field for, told with ``extensions=true``."""

    reason: str | None
    unit: str
    area: str
    created_day: str
    occurred_day: str | None
    part: Part | None
    days: list[int]
    parts: list[Part]
    resolved_day: str | None
    cell: str
    precision_m: int
    sources: NotRequired[int]
    pattern: NotRequired[list[SeenAt]]


class Request(TypedDict):
    """A request in public: no words, no media, no address; each instant is the first of a local day.

    `extended_status` is an extension: where the case stands in this map's own words.
    """

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str | None
    extended_status: str
    service_name: str
    service_code: str
    description: None
    agency_responsible: str
    service_notice: str
    requested_datetime: str
    updated_datetime: str | None
    expected_datetime: str | None
    address: None
    address_id: None
    zipcode: None
    lat: float
    long: float
    media_url: None
    extended_attributes: NotRequired[Extended]


class Error(TypedDict):
    """One error: an HTTP status, and words that end with an unchanging word in brackets."""

    code: int
    description: str
