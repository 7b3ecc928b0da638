"""Whatever stands in a document, both formats hold the same, and XML stays well-formed."""

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.http.open311.answer import written
from tests.open311.client import Client, of_element, of_json, read, words

NASTY = "&<>]]>\"'\x00\x01\x0b\x1f\x7f\ufffe\uffff\ud800\t\n\r ż 🙂"
TEXT = st.text(st.characters(exclude_categories=()), max_size=30) | st.just(NASTY)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
RECORDS = st.fixed_dictionaries(
    {"code": SCALARS, "description": SCALARS},
    optional={"attributes": st.lists(st.fixed_dictionaries({"key": SCALARS, "values": st.lists(SCALARS, max_size=3)}))},
)


@settings(max_examples=300)
@given(records=st.lists(RECORDS, max_size=4))
def test_O13_any_document_is_the_same_in_both_formats(records: list[dict[str, Any]]) -> None:
    in_json = json.loads(written("json", "errors", records))
    text = written("xml", "errors", records)
    in_xml = of_element(fromstring(text.encode()))  # noqa: S314 - our own
    assert in_xml == of_json(in_json)


def test_what_xml_cannot_hold_is_replaced_in_both() -> None:
    for kind in ("json", "xml"):
        text = written(kind, "errors", [{"code": 400, "description": NASTY}])
        assert text.encode()
        assert not set("\x00\x01\x0b\x1f\ufffe\uffff\ud800\r") & set(text)
    assert "]]>" not in written("xml", "errors", [{"description": NASTY}])


@pytest.mark.parametrize("name", ["&<>]]>", "\x00", "ż" * 80, '"', "]]>"])
def test_names_that_a_caller_chose_are_told_safely(city: Client, name: str) -> None:
    answers = [city.post(kind, **{f"attribute[{name.replace(']', '')}]": "1"}) for kind in ("json", "xml")]
    assert read(answers[0]) == read(answers[1])
    assert words(answers[1]) == [("400", "unknown_field")]
