"""One address and nothing else: what is taken, how it is spelt, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.email import LONGEST, parse
from chalicelib.domain.errors import Invalid

LABEL = "a" * 63


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("ala@example.org", "ala@example.org"),
        (" ala@example.org ", "ala@example.org"),
        ("Ala.Kot+mapa@Example.ORG", "Ala.Kot+mapa@example.org"),
        ("o'neil!#$%&*/=?^_`{|}~-@example.org", "o'neil!#$%&*/=?^_`{|}~-@example.org"),
        ("ala@żółw.pl", "ala@xn--w-uga1v8h.pl"),
        ("ala@xn--w-uga1v8h.pl", "ala@xn--w-uga1v8h.pl"),
        ("a@a-b.co", "a@a-b.co"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
        (f"a@{LABEL}.org", f"a@{LABEL}.org"),
        ("1@2.pl", "1@2.pl"),
    ],
)
def test_an_address_is_kept_as_mail_goes_to_it(raw: str, kept: str) -> None:
    assert parse(raw).text == kept


REFUSED = [
    *("", " ", "a", "@", "a@", "@b.pl", "a@b", "a@b.", "a@.b", "a@b..pl", "a@-b.pl", "a@b-.pl", "a@b_c.pl", "a@b.1"),
    *("a b@c.pl", "a@b c.pl", "a@@b.pl", "a@b@c.pl", ".a@b.pl", "a.@b.pl", "a..b@c.pl", '"a b"@c.pl', "a@[127.0.0.1]"),
    *(
        "a@b.pl,c@d.pl",
        "a@b.pl;c@d.pl",
        "a@b.pl c@d.pl",
        "Ala <a@b.pl>",
        "<a@b.pl>",
        "mailto:a@b.pl",
        "a@b.pl>",
        "a(x)@b.pl",
    ),
    *("a@b.pl\nBcc: x@y.pl", "a@b.pl\r\nBcc: x@y.pl", "a\n@b.pl", "a@b.pl\n", "\ta@b.pl", "a\0@b.pl", "a@b\u2028.pl"),
    *(
        "zażółć@b.pl",
        "ａ@b.pl",
        "a@b.pl\u202e",
        f"{'a' * 65}@b.pl",
        f"a@{LABEL}a.pl",
        "a@127.0.0.1",
        "a\\@b.pl",
        "a@b.p",
    ),
]


@pytest.mark.parametrize("raw", REFUSED)
def test_H_what_is_not_one_address_is_refused(raw: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(raw)
    assert [fault.code for fault in refusal.value.faults] == ["not_an_address"]


def test_an_address_that_is_too_long_is_told_by_how_much() -> None:
    domain = ".".join([LABEL] * 3)
    fits = f"{'a' * (LONGEST - len(domain) - 4)}@{domain}.pl"
    assert len(fits) == LONGEST
    assert parse(fits).text == fits
    with pytest.raises(Invalid) as refusal:
        parse("a" + fits)
    assert refusal.value.faults[0].params == {"limit": LONGEST, "length": LONGEST + 1}


def test_letters_beyond_ascii_count_as_they_are_spelt() -> None:
    raw = "a" * 10 + "@" + ".".join(["ż" * 28] * 7) + ".pl"
    assert len(raw) < LONGEST
    with pytest.raises(Invalid) as refusal:
        parse(raw)
    assert refusal.value.faults[0].code == "too_long"


@given(st.text(max_size=80))
def test_no_text_is_taken_that_could_end_a_header(raw: str) -> None:
    try:
        text = parse(raw).text
    except Invalid:
        return
    assert text.isascii()
    assert text.isprintable()
    assert not set(text) & set(' ,;<>"()[]\\:\r\n')
    assert text.count("@") == 1


@given(st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z0-9.-]{1,30}\.[a-z]{2,5}", fullmatch=True))
def test_an_address_once_taken_is_taken_again_unchanged(raw: str) -> None:
    try:
        text = parse(raw).text
    except Invalid:
        return
    assert parse(text).text == text
    assert parse(text.upper()).known_as == parse(text).known_as
