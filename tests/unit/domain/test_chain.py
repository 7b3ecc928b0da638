"""The chain of a case: any history holds, whatever is erased of it; any change to it is named."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.chain import (
    Breach,
    Break,
    Head,
    Link,
    Words,
    breaks,
    canonical,
    commitment,
    derived_salt,
    genesis,
    link,
)

ID = "0k3v9xq2m7r1s5t8w4y6z"
SALTS = st.binary(min_size=16, max_size=16).map(bytes.hex)
SAID = st.dictionaries(st.sampled_from(["text", "note", "contact"]), st.text(max_size=8), min_size=1)
FIELDS = st.fixed_dictionaries(
    {"type": st.sampled_from(["status", "question", "transfer"]), "at": st.integers(0, 999).map(str)},
    optional={
        "reason": st.text(max_size=5),
        "tier": st.integers(1, 2),
        "checked": st.lists(st.text(max_size=4), min_size=1, max_size=3),
    },
)
EVENTS = st.lists(st.tuples(FIELDS, SALTS, st.none() | st.tuples(SALTS, SAID)), min_size=1, max_size=7)


def written(events: list[Any]) -> list[Link]:
    """The links of a case to which these things happened, one after the other."""
    links: list[Link] = []
    before = genesis(ID)
    for number, (given_fields, salt, words) in enumerate(events, 1):
        fields = {**given_fields, "id": ID, "seq": number, "salt": salt}
        if words is not None:
            fields["commit"] = commitment(*words)
        before = link(before, fields)
        links.append(Link(number, fields, before, Words(*words) if words else None))
    return links


def head_of(links: list[Link]) -> Head:
    return Head(links[-1].sequence, links[-1].chain)


def found(links: list[Link], head: Head | None) -> list[Break]:
    return list(breaks(ID, links, head))


@given(EVENTS, st.sets(st.integers(0, 6)), st.booleans())
def test_any_history_holds_whatever_words_have_been_erased(events: list[Any], erased: set[int], deleted: bool) -> None:  # noqa: FBT001
    links = written(events)
    kept = [replace(one, words=None) if number in erased else one for number, one in enumerate(links)]
    assert found(kept, None if deleted else head_of(links)) == []


Tampering = Callable[[list[Link], int], tuple[list[Link], set[Break]] | None]


def flip(links: list[Link], at: int) -> tuple[list[Link], set[Break]]:
    """Change the event's moment."""
    fields = {**links[at].fields, "at": links[at].fields["at"] + "0"}
    return [*links[:at], replace(links[at], fields=fields), *links[at + 1 :]], {Break(at + 1, Breach.ALTERED)}


def add(links: list[Link], at: int) -> tuple[list[Link], set[Break]]:
    """Add a field that nobody knows."""
    fields = {**links[at].fields, "extra": "x"}
    return [*links[:at], replace(links[at], fields=fields), *links[at + 1 :]], {Break(at + 1, Breach.ALTERED)}


def remove(links: list[Link], at: int) -> tuple[list[Link], set[Break]]:
    """Take the event away; the one after it follows on nothing that is there."""
    after = {Break(at + 2, Breach.ALTERED)} if at + 1 < len(links) else set[Break]()
    return [*links[:at], *links[at + 1 :]], {Break(at + 1, Breach.MISSING), *after}


def close_ranks(links: list[Link], at: int) -> tuple[list[Link], set[Break]] | None:
    """Take the event away and number those after it anew."""
    if at + 1 == len(links):
        return None
    moved = [replace(one, sequence=one.sequence - 1) for one in links[at + 1 :]]
    return [*links[:at], *moved], {Break(at + 1, Breach.ALTERED), Break(len(links), Breach.MISSING)}


def swap(links: list[Link], at: int) -> tuple[list[Link], set[Break]] | None:
    """Let two events change places."""
    if at + 1 == len(links):
        return None
    first, second = replace(links[at + 1], sequence=at + 1), replace(links[at], sequence=at + 2)
    return [*links[:at], first, second, *links[at + 2 :]], {Break(at + 1, Breach.ALTERED)}


def insert(links: list[Link], at: int) -> tuple[list[Link], set[Break]] | None:
    """Put an event with a hash of its own between two."""
    if at + 1 == len(links):
        return None
    fields = {**links[at].fields, "seq": at + 2, "type": "invented"}
    invented = Link(at + 2, fields, link(links[at].chain or "", fields))
    later = [replace(one, sequence=one.sequence + 1) for one in links[at + 1 :]]
    return [*links[: at + 1], invented, *later], {Break(at + 3, Breach.ALTERED)}


def append(links: list[Link], at: int) -> tuple[list[Link], set[Break]] | None:
    """Add an event that the case does not know of."""
    if at + 1 < len(links):
        return None
    fields = {**links[at].fields, "seq": at + 2}
    return [*links, Link(at + 2, fields, link(links[at].chain or "", fields))], {Break(at + 2, Breach.HEAD)}


def strip(links: list[Link], at: int) -> tuple[list[Link], set[Break]] | None:
    """Pretend that a later event is from before there was a chain."""
    if not at:
        return None
    expected = {Break(at + 1, Breach.UNCHAINED)}
    expected |= {Break(at + 2, Breach.ALTERED)} if at + 1 < len(links) else {Break(at + 1, Breach.HEAD)}
    return [*links[:at], replace(links[at], chain=None), *links[at + 1 :]], expected


def say(links: list[Link], at: int) -> tuple[list[Link], set[Break]]:
    """Say something else than was said, or something where nothing was said."""
    words = links[at].words or Words("00" * 16, {})
    said = {**words.said, "text": words.said.get("text", "") + "x"}
    return [*links[:at], replace(links[at], words=Words(words.salt, said)), *links[at + 1 :]], {
        Break(at + 1, Breach.WORDS)
    }


def unsalt(links: list[Link], at: int) -> tuple[list[Link], set[Break]] | None:
    """Keep the words and take their salt away."""
    words = links[at].words
    if words is None:
        return None
    return [*links[:at], replace(links[at], words=Words(None, words.said)), *links[at + 1 :]], {
        Break(at + 1, Breach.WORDS)
    }


TAMPERINGS: list[Tampering] = [flip, add, remove, close_ranks, swap, insert, append, strip, say, unsalt]


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_whatever_is_changed_is_named(tampering: Tampering) -> None:
    seen: Counter[Tampering] = Counter()

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(EVENTS, st.integers(0, 6))
    def tamper(events: list[Any], at: int) -> None:
        links = written(events)
        tampered = tampering(links, at % len(links))
        if tampered is not None:
            changed, expected = tampered
            assert expected <= set(found(changed, head_of(links)))
            seen[tampering] += 1

    tamper()
    assert seen[tampering] >= 5


@given(EVENTS, st.data())
def test_one_alteration_is_named_once(events: list[Any], data: st.DataObject) -> None:
    links = written(events)
    at = data.draw(st.integers(0, len(links) - 1))
    changed, expected = flip(links, at)
    assert set(found(changed, head_of(links))) == expected


def test_a_history_cut_off_at_its_end_is_named_even_with_a_case_that_was_deleted() -> None:
    links = written([({"type": "status", "at": "1"}, "00" * 16, None)] * 3)
    assert found(links[:2], head_of(links)) == [Break(3, Breach.MISSING)]
    assert found(links[:2], Head(2, links[2].chain)) == [Break(2, Breach.HEAD)]


def test_what_happened_before_there_was_a_chain_may_come_first_and_only_there() -> None:
    old = Link(1, {"id": ID, "seq": 1}, None)
    fields = {"id": ID, "seq": 2}
    new = Link(2, fields, link(genesis(ID), fields))
    assert found([old], Head(1, None)) == []
    assert found([old, new], head_of([new])) == []
    assert found([old, new, replace(old, sequence=3)], Head(3, None)) == [
        Break(3, Breach.UNCHAINED),
        Break(3, Breach.HEAD),
    ]


def test_hashes_are_made_of_what_is_promised() -> None:
    """Written out by hand, so that whoever checks a chain without this program comes to the same."""
    salt, said = "ab" * 16, {"text": "Szkło"}
    first = hashlib.sha256(b"0k3v9xq2m7r1s5t8w4y6z").digest()
    assert genesis(ID) == first.hex()
    assert link(first.hex(), {"seq": 1, "id": "x"}) == hashlib.sha256(first + b'{"id":"x","seq":1}').hexdigest()
    words = b"\xab" * 16 + '{"text":"Szkło"}'.encode()
    assert commitment(salt, said) == hashlib.sha256(words).hexdigest()


def test_json_of_a_value_is_one() -> None:
    assert canonical({"b": 1, "a": ["ż", True]}) == '{"a":["ż",true],"b":1}'.encode()
    assert json.loads(canonical({"b": 1})) == {"b": 1}


def test_the_salt_of_an_imported_row_is_its_own_and_the_key_s() -> None:
    salts = {
        derived_salt(key, report, purpose)
        for key in (b"k", b"l")
        for report in ("a", "b")
        for purpose in ("event", "text")
    }
    assert len(salts) == 8
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)
