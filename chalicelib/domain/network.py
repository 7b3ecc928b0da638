"""Soft budgets of networks: how much may come from one place a day before it is held for an officer to look at.

People share addresses, so nobody is refused for the network they are in. An IPv6 customer holds a /64 at least and
often a /48 (RFC 6177), so both are counted. The limits are this project's; a network that many people share by nature
(a university, a carrier's gateway) can be declared in the instance's documents with a limit of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from types import MappingProxyType
from typing import Any

from chalicelib.domain.duplicates import HINTS_PER_DAY

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

IPV4_LIMIT = 20
IPV6_LIMITS = MappingProxyType({64: 3, 48: 20})
"""Reports a day by the length of an IPv6 prefix, narrowest first."""

UNKNOWN_LIMIT = 3
"""Reports a day of all whose address cannot be read, together: the least that any network has."""


class Kind(StrEnum):
    """What is counted, each by itself."""

    REPORT = "report"
    CORROBORATION = "corroboration"
    SUBSCRIPTION = "subscription"
    HINT = "hint"


FACTORS = MappingProxyType({Kind.REPORT: 1, Kind.CORROBORATION: 3, Kind.SUBSCRIPTION: 1})
"""How many times the reports of a day a network has of each kind."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one prefix (in its shortest spelling) may do a day."""

    prefix: str
    limit: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A declared network: its budget takes the place of those of the addresses in it.

    Many people share one and need more; of one that floods the map, 0 holds everything for an officer to look at.
    """

    network: Network
    reports_per_day: int

    @classmethod
    def from_document(cls, entry: Mapping[str, Any]) -> Shared:
        """Read an entry `{prefix, reports_per_day, note}`; the note is for people.

        Raises `KeyError` for a missing member, `ValueError` for bits beyond the prefix or a number below 0.
        """
        shared = cls(ip_network(entry["prefix"]), entry["reports_per_day"])
        if not entry["note"] or shared.reports_per_day < 0:
            raise ValueError(f"the network {entry['prefix']} needs a note and a number of reports a day")
        return shared


def shared_networks(entries: Iterable[Mapping[str, Any]]) -> tuple[Shared, ...]:
    """Read the declared networks, longest prefix first; `ValueError` where one is declared twice."""
    found = sorted(map(Shared.from_document, entries), key=lambda shared: -shared.network.prefixlen)
    if len({shared.network for shared in found}) < len(found):
        raise ValueError("a network is declared twice")
    return tuple(found)


def address(source: str | None) -> Address | None:
    """Read the address in a text, with or without brackets, port and zone; None for anything else.

    An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
    """
    text = (source or "").strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return _read(text)


def viewer(header: str | None) -> Address | None:
    """Read `CloudFront-Viewer-Address`, which always ends in a port and brackets nothing; None for anything else.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
    """
    text = (header or "").strip().rpartition(":")[0]
    return _read(text.removeprefix("[").removesuffix("]"))


def budgets(source: Address | None, kind: Kind, shared: Sequence[Shared] = ()) -> tuple[Budget, ...]:
    """Return the budgets that an address draws on, narrowest prefix first; `shared` as `shared_networks` sorts it."""
    if source is None:
        return (Budget("unknown", _scaled(UNKNOWN_LIMIT, kind)),)
    for each in shared:
        if source in each.network:
            return (Budget(str(each.network), _scaled(each.reports_per_day, kind)),)
    if isinstance(source, IPv4Address):
        return (Budget(f"{source}/32", _scaled(IPV4_LIMIT, kind)),)
    return tuple(
        Budget(str(ip_network((source, length), strict=False)), _scaled(limit, kind))
        for length, limit in IPV6_LIMITS.items()
    )


def _scaled(limit: int, kind: Kind) -> int:
    return HINTS_PER_DAY if kind is Kind.HINT else limit * FACTORS[kind]


def _read(text: str) -> Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def rules(shared: Sequence[Shared]) -> dict[str, Any]:
    """Return the limits of reports a day, JSON-ready."""
    return {
        "ipv4_address": IPV4_LIMIT,
        **{f"ipv6_{length}": limit for length, limit in IPV6_LIMITS.items()},
        "unknown": UNKNOWN_LIMIT,
        "declared": [{"prefix": str(each.network), "reports": each.reports_per_day} for each in shared],
        "corroborations_factor": FACTORS[Kind.CORROBORATION],
        "beyond": "tier_2",
    }
