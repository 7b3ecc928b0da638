"""Addresses as they come, the prefixes that share a budget, and declared networks."""

from ipaddress import IPv6Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.duplicates import HINTS_PER_DAY
from chalicelib.domain.network import Address, Kind, Shared, address, budgets, shared_networks, viewer

ALONE = {
    "198.51.100.7": "198.51.100.7",
    " 198.51.100.7 ": "198.51.100.7",
    "198.51.100.7:46532": "198.51.100.7",
    "2001:db8::1": "2001:db8::1",
    "2001:DB8:0:0::1": "2001:db8::1",
    "[2001:db8::1]": "2001:db8::1",
    "[2001:db8::1]:46532": "2001:db8::1",
    "fe80::1%eth0": "fe80::1",
    "[fe80::1%25eth0]:80": "fe80::1",
    "::ffff:198.51.100.7": "198.51.100.7",
    "[::ffff:198.51.100.7]:80": "198.51.100.7",
    "::FFFF:c633:6407": "198.51.100.7",
    "::1": "::1",
}
NO_ADDRESS = [
    *("", " ", "unknown", "localhost", "198.51.100", "198.51.100.256", "198.051.100.7", "1:2", ":", "::ffff:1.2.3.4:5"),
    *("198.51.100.7, 203.0.113.9", "0x7f.1", "2001:db8::1::", "[", "[]", "%eth0", "%", "1" * 5000, "١٩٨.51.100.7"),
]


@pytest.mark.parametrize(("text", "expected"), ALONE.items())
def test_an_address_is_read_however_it_is_written(text: str, expected: str) -> None:
    assert address(text) == ip_address(expected)


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_address_is_none(text: str) -> None:
    assert address(text) is None
    assert address(None) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("198.51.100.10:46532", "198.51.100.10"),
        ("2a09:bac1:7540:50::3d6:5e9:46532", "2a09:bac1:7540:50::3d6:5e9"),
        ("[2001:db8::1]:46532", "2001:db8::1"),
        ("127.0.0.1:0", "127.0.0.1"),
        ("::1:0", "::1"),
    ],
)
def test_the_distributions_header_ends_in_a_port(header: str, expected: str) -> None:
    assert viewer(header) == ip_address(expected)


@pytest.mark.parametrize("header", [None, "", "198.51.100.10", "nothing:80", ":80", "a, b:80"])
def test_a_header_of_another_form_names_nobody(header: str | None) -> None:
    assert viewer(header) is None


def of(text: str, kind: Kind = Kind.REPORT, shared: tuple[Shared, ...] = ()) -> list[tuple[str, int]]:
    return [(budget.prefix, budget.limit) for budget in budgets(address(text), kind, shared)]


def test_L06_an_ipv6_network_is_counted_by_its_64_and_its_48() -> None:
    assert of("2001:db8:1:2:3:4:5:6") == [("2001:db8:1:2::/64", 3), ("2001:db8:1::/48", 20)]
    assert of("2001:db8:1:2:ffff::") == of("2001:db8:1:2::1")
    assert of("2001:db8:1:3::1")[0] != of("2001:db8:1:2::1")[0]
    assert of("2001:db8:1:3::1")[1] == of("2001:db8:1:2::1")[1]


def test_an_ipv4_address_is_counted_by_itself_however_it_is_written() -> None:
    assert of("198.51.100.7") == of("::ffff:198.51.100.7") == [("198.51.100.7/32", 20)]


def test_who_has_no_address_shares_the_least_budget() -> None:
    assert of("nonsense") == of("") == [("unknown", 3)]


@pytest.mark.parametrize(
    ("kind", "limit"),
    [(Kind.REPORT, 20), (Kind.CORROBORATION, 60), (Kind.SUBSCRIPTION, 20), (Kind.HINT, HINTS_PER_DAY)],
)
def test_each_kind_has_its_own_limit(kind: Kind, limit: int) -> None:
    assert of("198.51.100.7", kind) == [("198.51.100.7/32", limit)]


def declared(prefix: str, reports: Any = 100, note: str = "a campus") -> dict[str, Any]:
    return {"prefix": prefix, "reports_per_day": reports, "note": note}


SHARED = shared_networks(
    [declared("198.51.0.0/16"), declared("198.51.100.0/24", 500), declared("2001:db8::/32", 50), declared("10.0.0.0/8")]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("198.51.100.7", [("198.51.100.0/24", 500)]),
        ("198.51.101.7", [("198.51.0.0/16", 100)]),
        ("::ffff:198.51.100.7", [("198.51.100.0/24", 500)]),
        ("2001:db8:1:2::1", [("2001:db8::/32", 50)]),
        ("198.52.0.1", [("198.52.0.1/32", 20)]),
        ("2001:db9::1", [("2001:db9::/64", 3), ("2001:db9::/48", 20)]),
        ("nonsense", [("unknown", 3)]),
    ],
)
def test_the_longest_declared_network_counts_in_place_of_the_address(
    text: str, expected: list[tuple[str, int]]
) -> None:
    assert of(text, Kind.REPORT, SHARED) == expected


def test_a_declared_network_is_told_no_more_often_of_one_case() -> None:
    assert of("198.51.100.7", Kind.HINT, SHARED) == [("198.51.100.0/24", HINTS_PER_DAY)]


@pytest.mark.parametrize(
    "entries",
    [
        [declared("198.51.100.7/24")],
        [declared("nonsense")],
        [declared("10.0.0.0/8", -1)],
        [declared("10.0.0.0/8", note="")],
        [declared("10.0.0.0/8"), declared("10.0.0.0/8", 5)],
    ],
)
def test_a_faulty_declaration_is_refused(entries: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        shared_networks(entries)


@given(st.ip_addresses())
def test_every_address_has_a_budget_and_its_neighbour_the_same(source: Address) -> None:
    found = budgets(source, Kind.REPORT)
    assert all(budget.limit >= 3 for budget in found)
    if isinstance(source, IPv6Address):
        assert budgets(IPv6Address(int(source) ^ 1), Kind.REPORT) == found


@given(st.text(max_size=60) | st.from_regex(r"[0-9a-f:.%\[\]]{0,40}", fullmatch=True))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert budgets(address(text), Kind.REPORT)
    assert budgets(viewer(text), Kind.REPORT)
