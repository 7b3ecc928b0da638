"""The root over a day's events is RFC 6962's."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.merkle import FIRST_PREVIOUS, chained, root

LEAVES = st.sets(st.binary(min_size=32, max_size=32), max_size=40)


def split(leaves: list[bytes]) -> bytes:
    """The definition, word for word: the left part is as many as the greatest power of two below their number."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + split(leaves[:left]) + split(leaves[left:])).digest()


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("00", "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
    ],
)
def test_the_root_of_none_and_of_one_is_as_anybody_reckons_it(leaves: str, expected: str) -> None:
    assert root([leaves] if leaves else []) == expected


@given(LEAVES)
def test_the_root_is_that_of_the_definition(leaves: set[bytes]) -> None:
    assert root(leaf.hex() for leaf in leaves) == split(sorted(leaves)).hex()


@given(LEAVES, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_found_does_not_matter(leaves: set[bytes], chance: object) -> None:
    given_order = [leaf.hex() for leaf in leaves]
    shuffled = list(given_order)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert root(shuffled) == root(given_order)


@given(LEAVES.filter(bool), st.data())
def test_a_leaf_that_is_gone_or_another_gives_another_root(leaves: set[bytes], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(leaves)))
    left = [leaf.hex() for leaf in leaves if leaf != gone]
    assert root(left) != root(leaf.hex() for leaf in leaves)
    other = hashlib.sha256(gone).hexdigest()
    assert root([*left, other]) != root(leaf.hex() for leaf in leaves)


def test_the_chain_of_days_binds_day_root_and_all_before() -> None:
    first = chained(FIRST_PREVIOUS, "2026-11-22", root([]))
    assert first == hashlib.sha256(bytes(32) + b"2026-11-22" + hashlib.sha256().digest()).hexdigest()
    others = [
        chained("1" * 64, "2026-11-22", root([])),
        chained(FIRST_PREVIOUS, "2026-11-23", root([])),
        chained(FIRST_PREVIOUS, "2026-11-22", root(["00"])),
    ]
    assert len({first, *others}) == 4
