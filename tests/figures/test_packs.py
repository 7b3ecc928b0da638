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

DOCUMENTS = {"KSP": [1, 2], "all": [["żółw", None]], "empty": []}


def stored(night: Night) -> None:
    """Write a pack as the night does."""
    for file in packs.files("packs/one", ((name, json.dumps(each).encode()) for name, each in DOCUMENTS.items())):
        objects(night).put(file.key, file.body, file.content_type)


def test_every_document_of_a_pack_is_read_alone(night: Night) -> None:
    stored(night)
    places = packs.directory(objects(night), "packs/one")
    assert {name: packs.document(objects(night), "packs/one", places[name]) for name in places} == DOCUMENTS


def test_of_a_document_no_other_byte_is_asked_for(night: Night) -> None:
    stored(night)
    first, size = packs.directory(objects(night), "packs/one")["all"]
    assert first > 0
    part = objects(night).get_range("packs/one.pack", first, size)
    assert part is not None
    assert len(part) == size < len(objects(night).get("packs/one.pack") or b"")


def test_where_there_is_no_pack_nothing_is_listed(night: Night) -> None:
    assert packs.directory(objects(night), "packs/none") == {}


def test_a_pack_that_is_gone_is_an_error(night: Night) -> None:
    with pytest.raises(FileNotFoundError, match="packs/none"):
        packs.document(objects(night), "packs/none", (0, 9))


@given(st.dictionaries(st.text(max_size=4), st.binary(max_size=64), max_size=6))
def test_equal_documents_are_equal_bytes_one_after_the_other(documents: dict[str, bytes]) -> None:
    body, listed = packs.files("p", documents.items())
    again, _ = packs.files("p", documents.items())
    assert body == again
    assert (body.key, listed.key) == ("p.pack", "p.json")
