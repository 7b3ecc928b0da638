"""The verification card in a browser: one sheet of A4, with its own style, whatever a reporter wrote."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from chalicelib.container import DOCUMENTS
from chalicelib.domain import checks
from chalicelib.domain.calendar import Part
from chalicelib.domain.instance import Instance
from chalicelib.domain.text import DESCRIPTION_LIMIT
from chalicelib.http.police.card_page import LAST_EVENTS, MOST_CHECKED, POLICY, Card
from chalicelib.store.casefile import Casefile, Line, Told
from chalicelib.store.reports import Stored
from infra.local.emulator import ROOT

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
SENTENCE = "Od kilku tygodni w piątkowe i sobotnie wieczory za garażami palą się opony, dym wchodzi do mieszkań. "


def instance() -> Instance:
    """The instance of Poland."""
    folder = ROOT / "instances" / "pl"
    return Instance.from_documents(*(json.loads((folder / f"{name}.json").read_text("utf-8")) for name in DOCUMENTS))


def fullest(language: str, text: str) -> Card:
    """A card with as much on it as there can be."""
    poland = instance()
    stored = Stored(
        id="0v6f8m2k4t9c7b1x3z5n0q8r",
        category="dangerous_venue",
        status="verifying",
        reason="taken_up",
        tier=1,
        unit="KPP-WOLOMIN",
        area="1434",
        cell="8b1f53a5a6c1fff",
        created=NOW - timedelta(days=9),
        changed=NOW,
        day="2026-11-15",
        occurred=None,
        part=None,
        days=tuple(range(1, 8)),
        parts=tuple(part.value for part in Part),
        resolved=None,
        checked=tuple((date(2026, 11, day), Part.AFTERNOON) for day in range(1, 11)),
        recheck=NOW,
    )
    line = Line(stored, 9, 52.345678, 21.234567, "approximate", 3, True, 2, 3, None, NOW, NOW, ())
    told = Told(
        1,
        "status",
        NOW,
        "new",
        "verifying",
        "taken_up",
        "police",
        None,
        None,
        (),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    )
    events = tuple(replace(told, sequence=number) for number in range(12))
    times = {(day, part): 12 for day in range(1, 8) for part in Part}
    return Card(
        case=Casefile(line, text, events, ()),
        due={"kind": "recheck", "at": "2026-11-24T13:05:00.000Z", "overdue": True, "paused": True},
        place="Konstantynów-Dąbrowa Wielka",
        area_name="powiat wołomiński",
        times=times,
        sources=99,
        suggested=checks.suggest(times, [], NOW, poland.zone),
        instance=poland,
        language=language,
        now=NOW,
    )


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("text", [(SENTENCE * 5)[:DESCRIPTION_LIMIT], "Ż" * DESCRIPTION_LIMIT])
def test_the_fullest_card_fits_one_sheet_of_paper(browser: Browser, language: str, text: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    html = fullest(language, text).page()
    page.route("**/*", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("http://card.invalid/")
    assert page.locator("header").evaluate("node => getComputedStyle(node).display") == "flex"
    pdf = page.pdf(prefer_css_page_size=True)
    context.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]", pdf)
    assert complaints == []


def test_what_does_not_fit_is_the_oldest() -> None:
    page = fullest("en", "").page()
    assert page.count("Being verified") == LAST_EVENTS + 1
    assert len(re.findall(r"<li>\w+ \d+ November in the afternoon \(12–18\)</li>", page)) == MOST_CHECKED
