import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault
from chalicelib.domain.text import clean


def codes(raw: str) -> list[Fault]:
    with pytest.raises(Invalid) as refusal:
        clean(raw)
    return [fault.code for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Auto na chodniku.", "Auto na chodniku."),
        ("  Auto \t na\u00a0 chodniku. ", "Auto na chodniku."),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("a \n\n \n\n b", "a\n\nb"),
        ("Z\u0307o\u0301ł\u0107", "Żółć"),
        ("za\u00adkaz\u200b \ufeffpar\u2060k.", "zakaz park."),
        ("e\u200b\u0301", "é"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        (" \n\t\u3000", ""),
        ("\u200d\u0301\n\u200c", ""),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_text_is_brought_into_one_form(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", *"\u202e\u2066\u200f\u061c"])
def test_control_bidirectional_and_broken_characters_are_refused(character: str) -> None:
    assert codes(f"a{character}b") == [Fault.CONTROL_CHARACTER]


def test_every_control_and_direction_of_unicode_is_refused_but_tabs_and_line_breaks() -> None:
    # Unicode has none beyond these planes' beginnings.
    everything = [chr(point) for block in ((0, 0x2100), (0xD7F0, 0xE010), (0xFE00, 0x10010)) for point in range(*block)]
    directed = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    marks = {"\u061c", "\u200e", "\u200f"}
    wanted = {
        character
        for character in everything
        if unicodedata.category(character) in {"Cc", "Cs"}
        or unicodedata.bidirectional(character) in directed
        or character in marks
    } - set("\t\n\r")
    refused = {character for character in everything if _refuses(f"a{character}b")}
    assert refused == wanted


def _refuses(raw: str) -> bool:
    try:
        clean(raw)
    except Invalid:
        return True
    return False


@pytest.mark.parametrize("character", ["a", "ż", "👮", "\u0063\u0301"])
def test_R05_limit_counts_code_points_after_normalisation(character: str) -> None:
    assert clean(character * 500) == unicodedata.normalize("NFC", character) * 500
    assert codes(character * 501) == [Fault.TOO_LONG]


def test_R05_too_long_says_how_long_and_how_long_it_may_be() -> None:
    with pytest.raises(Invalid) as refusal:
        clean("abcd", field="source", limit=3)
    [fault] = refusal.value.faults
    assert (fault.field, fault.params) == ("source", {"limit": 3, "length": 4})


def test_white_space_at_the_ends_does_not_count() -> None:
    assert clean("\n " + "a" * 500 + " \n") == "a" * 500


def test_every_fault_is_named() -> None:
    assert codes("\x00" * 501) == [Fault.CONTROL_CHARACTER, Fault.TOO_LONG]


@given(st.text(max_size=200))
def test_what_passes_is_clean_and_stays_as_it_is(raw: str) -> None:
    try:
        text = clean(raw, limit=1000)
    except Invalid:
        assert codes(raw) == [Fault.CONTROL_CHARACTER]
        return
    assert clean(text, limit=1000) == text
    assert unicodedata.is_normalized("NFC", text)
    assert "  " not in text
    assert "\n\n\n" not in text
    assert text == text.strip()
    text.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=200))
def test_ordinary_writing_is_never_refused(raw: str) -> None:
    clean(raw, limit=1000)
