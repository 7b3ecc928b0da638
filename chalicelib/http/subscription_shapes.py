"""What the answers about subscriptions look like. Types only."""

from typing import NotRequired

from typing_extensions import TypedDict


class SubscriptionCircle(TypedDict):
    """A point in degrees and a radius in metres."""

    lat: float
    lon: float
    radius_m: int


class SubscriptionArea(TypedDict):
    """Exactly one of them."""

    circle: NotRequired[SubscriptionCircle]
    gmina: NotRequired[str]
    powiat: NotRequired[str]
    unit: NotRequired[str]


class SubscriptionAsked(TypedDict):
    """The same for every address: where it can be written to, it gets a letter with a link that works so many days."""

    confirm_within_days: int


class Subscription(TypedDict):
    """What is in force for the address that the link was sent to; no categories means all."""

    area: SubscriptionArea
    categories: list[str]
    language: str


class Unsubscribed(TypedDict):
    """The address is deleted, or was not there."""

    unsubscribed: bool
