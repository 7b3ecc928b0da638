"""The bulletin's two parts: they say the same, in three languages, escape everything and load nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.notify.bulletin import BULLETIN, Bulletin, Entry, render
from chalicelib.notify.case import News
from chalicelib.notify.mail import Mail
from chalicelib.notify.words import Words
from tests.alerts.cases import CASE, SITE, WARSAW, Seen


def bulletin(language: str = "pl", *, level: int = 0, rest: dict[int, int] | None = None, **changes: Any) -> Mail:
    """The mail of two cases, the first of which differs from `CASE` in `changes`."""
    entries = [
        Entry(replace(CASE, **changes), 3, is_new=True),
        Entry(replace(CASE, report="8R4N", category_name="Inne"), 1, is_new=True),
    ]
    told = Bulletin("KMP-LOMZA-x", CASE.unit, CASE.unit_name, CASE.unit_short, level, entries, rest or {})
    return render(told, Words.of(language, WARSAW), language, SITE)


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_both_parts_say_the_same(language: str, level: int) -> None:
    overdue = {"kind": "overdue_unit", "news": News(CASE.at), "state": "Nowe", "due": CASE.at - timedelta(days=4)}
    mail = bulletin(language, level=level, rest={2: 5}, **(overdue if level else {}))
    seen = Seen(mail.html)
    for line in mail.text.splitlines():
        words = line.removeprefix("1. ").removeprefix("2. ")
        if words.startswith(("http", "--")) or not words or SITE in words:
            continue
        assert words in seen.text
    assert set(seen.links.values()) == {f"{SITE}/policja/#/sprawa/{name}" for name in ("7Q3M", "8R4N")} | {
        f"{SITE}/policja/"
    }


@pytest.mark.parametrize(
    ("language", "label"), [("pl", "Przyjmij sprawę"), ("en", "Take up the case"), ("uk", "Прийняти справу")]
)
def test_S07_each_case_that_waits_has_its_link_to_take_it_up(language: str, label: str) -> None:
    address = f"{SITE}/policja/#/przyjmij/signed"
    mail = bulletin(language, take_up=address)
    assert Seen(mail.html).links[label] == address
    assert mail.text.count(f"{label}: {address}") == 1


def test_the_subject_tells_how_many_are_urgent_and_the_next_deadline() -> None:
    assert bulletin().subject == "[KMP Łomża] Zgłoszenia: 2 · najbliższy termin: wt. 24.11, 14:05"
    urgent = bulletin(priority=1, rest={1: 2, 3: 4}).subject
    assert urgent == "[KMP Łomża] Zgłoszenia: 8, w tym pilne: 3 · najbliższy termin: wt. 24.11, 14:05"


def test_hostile_names_are_words_and_nothing_else() -> None:
    hostile = '<script>alert(1)</script>"\r\nBcc: x'
    mail = bulletin(category_name=hostile, place=hostile, report='"><a href="https://evil.example')
    seen = Seen(mail.html)
    assert not {tag for tag, _ in seen.tags} & {"script", "img", "link", "iframe", "form"}
    assert all(link.startswith(SITE) for link in seen.links.values())
    assert "\r" not in mail.subject + mail.text + mail.html


def test_every_colour_has_a_dark_one_and_nothing_is_loaded() -> None:
    html = bulletin(priority=1).html
    style = html[html.index("<style>") : html.index("</style>")]
    used = {name for _, attributes in Seen(html).tags for name in (attributes.get("class") or "").split()}
    assert all(f".{name} {{" in style for name in used)
    assert "urgent" in used
    assert "url(" not in html


def test_headers_bear_the_id_of_the_bulletin() -> None:
    assert bulletin().headers == {"Auto-Submitted": "auto-generated", BULLETIN: "KMP-LOMZA-x"}


def test_a_case_near_an_approximate_border_brings_the_warning() -> None:
    assert "Granice są przybliżone" in bulletin(boundaries="approximate").text
    assert "Granice są przybliżone" not in bulletin().text


def test_a_case_that_repeats_says_when() -> None:
    assert "Powtarza się" in bulletin(days=(5, 6), parts=("evening",)).text


def test_a_case_without_a_deadline_says_how_it_stands_where_that_is_news() -> None:
    assert "Stan teraz: Weryfikacja." in bulletin(due=None, state="Weryfikacja").text
    assert "Stan teraz" not in bulletin(due=None, state=None).text
