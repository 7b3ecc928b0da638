"""`GET /v1/police/reports/{id}/card`: the verification card, one sheet of paper that runs nothing."""

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from chalicelib.http.police.card_page import FINDINGS
from chalicelib.languages import texts
from chalicelib.store import keys
from tests.http.world import NOON, World
from tests.police.cases import UNIT, put, report
from tests.police.test_queue import Hire

EVIL = """<script>alert(1)</script> "onload=' & <b>"""
WANTED = {"days": [5], "parts": ["evening"]}


class Reader(HTMLParser):
    """Collects the elements of a page, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"


def card(staff: Any, case: str, **headers: str) -> Any:
    return staff.call("GET", f"/v1/police/reports/{case}/card", **headers)


@pytest.fixture
def case(world: World) -> str:
    """A case whose reporter wrote markup."""
    found: str = world.citizen().file(description=EVIL, pattern=WANTED).body["id"]
    return found


def test_the_card_is_a_page_with_the_facts_of_the_case(staff: Hire, case: str) -> None:
    answer = card(staff(), case)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = Reader(answer.text)
    for fact in (
        *("Karta weryfikacji", case, "Dzikie wysypiska śmieci", "52.230000, 21.010000", "Nowe", "1465"),
        *("śr. 10 czerwca, 12:00", "przyjąć do sob. 13 czerwca, 12:00", "Powtarza się: pt.; wieczorem (18–22)"),
        *("pt. 12 czerwca, wieczorem (18–22). Wskazania tej pory tygodnia: 1 z 1.", "Jeszcze nie sprawdzano."),
    ):
        assert fact in page.text
    assert page.elements.count("table") == 1


def test_what_people_wrote_stands_there_as_text(staff: Hire, case: str) -> None:
    answer = card(staff(), case)
    page = Reader(answer.text)
    assert EVIL in page.text.replace("\n", "")
    assert escape(EVIL) in answer.text
    assert "script" not in page.elements
    assert {name for name, _ in page.attributes} == {"lang", "charset", "name", "content", "class", "scope"}


def test_the_policy_allows_the_page_s_own_style_and_nothing_else(staff: Hire, case: str) -> None:
    answer = card(staff(), case)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert answer.headers["content-security-policy"].split("; ") == [
        *("default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'", "form-action 'none'"),
        "frame-ancestors 'self'",
    ]
    assert not re.search(r"url\(|@import|https?://", answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("accepted", "language"), [("pl", "pl"), ("en-GB,pl;q=0.5", "en"), ("uk", "uk"), ("de", "pl"), (None, "pl")]
)
def test_the_card_is_in_the_language_that_is_asked_for(
    staff: Hire, case: str, accepted: str | None, language: str
) -> None:
    answer = card(staff(), case, **({} if accepted is None else {"Accept_Language": accepted}))
    words = texts("card", language)
    assert (f'<html lang="{language}">' in answer.text, answer.headers["content-language"]) == (True, language)
    page = Reader(answer.text).text
    for name in ("form.day", "form.time", "form.who", "form.finding", "form.signature", "footer"):
        assert words[name] in page
    assert all(words[f"finding.{finding}"] in page for finding in FINDINGS)


def test_of_the_reporter_there_is_nothing_on_it(world: World, staff: Hire) -> None:
    filed = world.citizen(address="198.51.100.7").file().body
    text = card(staff(), filed["id"]).text
    assert "198.51.100.7" not in text
    assert filed["receipt"] not in text


def test_whoever_prints_it_is_noted(world: World, staff: Hire, case: str) -> None:
    card(staff(), case)
    (note,) = world.items("main", "A#")
    assert note["deed"]["S"] == "card"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"occurred": keys.instant(NOON), "part": "afternoon"}, "Zdarzenie: śr. 10 czerwca, 12:00"),
        ({}, "Nie podano."),
        ({"boundaries": "approximate"}, "Granice są przybliżone"),
        ({"status": "verifying", "recheck": keys.instant(NOON)}, "sprawdzić ponownie do"),
        ({"status": "verifying", "paused": keys.instant(NOON)}, ", wstrzymany"),
        ({"status": "verifying", "checked": ["2026-06-09:night"]}, "wt. 9 czerwca, w nocy (22–6)"),
        ({"status": "joke", "resolved": keys.instant(NOON)}, "brak"),
    ],
)
def test_each_state_of_a_case_is_told(world: World, staff: Hire, changes: dict[str, Any], told: str) -> None:
    put([report(world, 1, **changes)])
    assert told in Reader(card(staff(UNIT), "case0001").text).text


def test_an_overdue_case_says_so_and_tells_its_last_changes(world: World, staff: Hire, case: str) -> None:
    world.step(case, "verifying", "taken_up")
    world.clock.pass_by(days=8)
    page = Reader(card(staff(), case).text).text
    assert "sprawdzić do śr. 17 czerwca, 12:00, po terminie" in page
    assert "śr. 10 czerwca, 12:00: Weryfikacja" in page
