"""The page that makes the widget's snippet: what it says is what it shows, for everybody, in every language."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from infra.local.front import HeaderRules
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import DESKTOP, PHONE, Scheme, Visitor

DRAWN = "body[data-drawn]"


class Frame(HTMLParser):
    """The attributes of the one frame in a snippet."""

    def __init__(self, snippet: str) -> None:
        super().__init__()
        self.tags: list[dict[str, str | None]] = []
        self.feed(snippet)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "iframe"
        self.tags.append(dict(attrs))


def opened(visitor: Visitor, site: str, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> Page:
    page = visitor.page(site, size, scheme)
    page.goto(f"{site}/embed/generator/")
    page.wait_for_selector(DRAWN)
    return page


def snippet(page: Page) -> dict[str, str | None]:
    (frame,) = Frame(page.get_by_label("Kod do wklejenia").input_value()).tags
    return frame


@pytest.mark.package
def test_the_page_may_show_the_widget_and_nothing_of_others(site_folder: Path) -> None:
    rules = HeaderRules.read((site_folder / "headers.json").read_text("utf-8"))
    policy = rules.of("/embed/generator/")["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "frame-src" not in rules.of("/embed/")["Content-Security-Policy"]


@pytest.mark.package
def test_every_powiat_and_voivodeship_is_offered_once_by_name(site_folder: Path) -> None:
    page = (site_folder / "embed" / "generator" / "index.html").read_text("utf-8")
    offered = re.findall(r'<option value="(\d+)" data-name="([^"]+)"', page)
    codes = [code for code, _ in offered]
    assert len(codes) == len(set(codes))
    assert len([code for code in codes if len(code) == 2]) == 16
    assert len([code for code in codes if len(code) == 4]) > 370
    assert ("2062", "Łomża") in offered


def test_the_snippet_holds_what_was_chosen_and_the_preview_shows_it(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site)
    assert parse_qs(urlsplit(snippet(page)["src"] or "").query) == {"lang": ["pl"]}
    page.get_by_label("Obszar").select_option("2062")
    page.get_by_label("Język widżetu").select_option("en")
    page.locator("#widget-theme").select_option("dark")
    frame = snippet(page)
    address = urlsplit(frame["src"] or "")
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{site}/embed/"
    assert parse_qs(address.query) == {"teryt": ["2062"], "lang": ["en"], "theme": ["dark"]}
    assert (frame["title"], frame["lang"], frame["loading"]) == ("Czujka: reports, Łomża", "en", "lazy")
    shown = page.frame_locator("#preview")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Łomża")
    expect(shown.get_by_role("link", name="More figures")).to_be_visible()
    expect(page.locator("#preview")).to_have_attribute("title", "Czujka: reports, Łomża")


def test_choosing_leaves_no_steps_in_the_history(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site)
    before = page.evaluate("history.length")
    for area in ("2062", "14", ""):
        page.get_by_label("Obszar").select_option(area)
        page.frame_locator("#preview").get_by_role("heading", level=1).wait_for()
    assert page.evaluate("history.length") == before


def test_the_code_is_copied_and_said_to_be(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiuj kod").click()
    expect(page.locator("#announcer")).to_have_text("Skopiowano.")
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Kod do wklejenia").input_value()
    page.get_by_label("Obszar").select_option("2062")
    expect(page.locator("#copied")).to_be_empty()


def test_where_the_clipboard_is_closed_the_code_is_marked(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); }")
    page.get_by_role("button", name="Kopiuj kod").click()
    marked = page.evaluate("() => { const area = document.activeElement; return [area.id, area.selectionEnd]; }")
    assert marked == ["snippet", len(page.get_by_label("Kod do wklejenia").input_value())]


def test_another_language_of_the_page_keeps_what_was_chosen(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site)
    page.get_by_label("Obszar").select_option("2062")
    page.locator("#language").select_option("uk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Віджет для вашого сайту")
    assert page.get_by_label("Територія").input_value() == "2062"
    expect(page).to_have_title("Віджет для вашого сайту – Czujka")


def test_neither_page_nor_preview_keeps_anything_but_the_reader_s_choices(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site)
    page.get_by_label("Obszar").select_option("2062")
    page.frame_locator("#preview").get_by_role("heading", level=1).wait_for()
    assert page.context.cookies() == []
    assert page.evaluate("() => Object.keys(localStorage)") == ["language"]


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), ((320, 640), "dark"), (DESKTOP, "dark")])
def test_the_page_is_open_to_everybody(visitor: Visitor, site: str, size: tuple[int, int], scheme: Scheme) -> None:
    page = opened(visitor, site, size, scheme)
    page.frame_locator("#preview").get_by_role("heading", level=1).wait_for()
    assert axe(page) == []
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(TARGETS % (SMALLEST, SMALLEST)) == []
