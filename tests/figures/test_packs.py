"""Packs of documents: read back one by one, the same bytes for the same documents, and whole or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.services import packs
from tests.figures.nights import objects
from tests.nightly.conftest import night, reach
from tests.nightly.world import Night

__all__ = ["night", "reach"]

DOCUMENTS = [(["all", "KSP"], [1, 2]), (["all", "KSP", "WOLA"], [["żółw", None]]), (["all"], [])]


def stored(night: Night) -> None:
    """Write a pack as the night does."""
    for file in packs.files("packs/one", ((names, json.dumps(each).encode()) for names, each in DOCUMENTS)):
        objects(night).put(file.key, file.body, file.content_type)


@pytest.mark.parametrize("name", ["all", "KSP", "WOLA"])
def test_under_a_name_its_documents_are_found_in_their_order_and_no_others(night: Night, name: str) -> None:
    stored(night)
    place = packs.directory(objects(night), "packs/one")[name]
    assert packs.read(objects(night), "packs/one", place) == [each for names, each in DOCUMENTS if name in names]


def test_documents_of_a_name_that_do_not_follow_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="KSP is torn apart"):
        list(packs.files("p", [(["KSP"], b"1"), (["KWP"], b"2"), (["KSP"], b"3")]))


def test_of_a_document_no_other_byte_is_asked_for(night: Night) -> None:
    stored(night)
    first, size = packs.directory(objects(night), "packs/one")["WOLA"]
    assert first > 0
    part = objects(night).get_range("packs/one.pack", first, size)
    assert part is not None
    assert len(part) == size < len(objects(night).get("packs/one.pack") or b"")


def test_where_there_is_no_pack_nothing_is_listed(night: Night) -> None:
    assert packs.directory(objects(night), "packs/none") == {}


def test_a_pack_that_is_gone_is_an_error(night: Night) -> None:
    with pytest.raises(FileNotFoundError, match="packs/none"):
        packs.read(objects(night), "packs/none", (0, 9))


@given(st.lists(st.binary(max_size=64), max_size=6))
def test_equal_documents_are_equal_bytes(documents: list[bytes]) -> None:
    body, listed = packs.files("p", ((["all"], each) for each in documents))
    assert [body, listed] == list(packs.files("p", ((["all"], each) for each in documents)))
    assert (body.key, listed.key) == ("p.pack", "p.json")
