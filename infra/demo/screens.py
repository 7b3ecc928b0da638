"""The states of the site worth looking at, as pictures: what each shows, and how a visitor gets there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

Steps = Callable[[Page], None]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
SETTLED_MS = 700
"""Longer than any motion of the page."""


class NoBrowser(Exception):
    """There is no Chromium to look with; the message says how to get one."""


@dataclass(frozen=True)
class Look:
    """Who looks: the window in CSS pixels, the colours that their system asks for, and their language."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    language: str
    contrast: Literal["more", "no-preference"] = "no-preference"

    @property
    def phone(self) -> bool:
        """Whether it is held in a hand."""
        return self.width < 600


LOOKS = (
    Look("phone-light-pl", 390, 844, "light", "pl"),
    Look("desktop-dark-en", 1440, 900, "dark", "en"),
    Look("phone-light-uk", 390, 844, "light", "uk"),
    Look("narrow-dark-pl", 320, 640, "dark", "pl"),
    Look("desktop-contrast-pl", 1280, 800, "light", "pl", "more"),
)


@dataclass(frozen=True)
class Scene:
    """One state: its address, with {language} and an officer's {token}, what is done there, if the map is awaited."""

    name: str
    address: str
    steps: list[Steps] = field(default_factory=list)
    map: bool = True


def press(selector: str) -> Steps:
    """Press what the selector finds first."""
    return lambda page: page.locator(selector).first.click()


def scroll(selector: str) -> Steps:
    """Bring what the selector finds to the top of what scrolls around it."""
    return lambda page: page.locator(selector).first.evaluate("element => element.scrollIntoView({block: 'start'})")


def write(selector: str, text: str) -> Steps:
    """Fill in a field."""
    return lambda page: page.locator(selector).first.fill(text)


def unfold(page: Page) -> None:
    """Raise the sheet of a phone; a wide window shows its whole panel anyway."""
    handle = page.locator("#handle")
    if handle.is_visible():
        handle.click()


FORWARD = press(".panel-foot .button.primary")
TOWN = "/#/map?at=10/52.23/21.01"
CITY = "/#/map?at=12/52.23/21.01"
STREET = "/#/map?at=15/52.23/21.01"
LOGIN = "/policja/#/login?token={token}"
_ASKED = [FORWARD]
_CHOSEN = [*_ASKED, press("label.option")]
_PLACED = [*_CHOSEN, write("#panel [role=combobox]", "lomza"), press("#panel [role=option]"), FORWARD]
_TIMED = [*_PLACED, FORWARD]

SCENES = (
    Scene("map-country", "/"),
    Scene("map-city", CITY),
    Scene("map-street", STREET),
    Scene("list", CITY, [unfold]),
    Scene("filters", CITY, [press(".filter-button:visible, .chip.outline:visible")]),
    Scene("hexagon", TOWN, [unfold, press(".items a.item")]),
    Scene("hexagon-chance", TOWN, [unfold, press(".items a.item"), scroll(".chance")]),
    Scene("case", STREET, [unfold, press(".items a.item")]),
    Scene("search", "/", [write("#search [role=combobox]", "lom")]),
    Scene("report-danger", "/#/report"),
    Scene("report-what", "/#/report", _ASKED),
    Scene("report-where", "/#/report", _CHOSEN),
    Scene("report-when", "/#/report", _PLACED),
    Scene("report-more", "/#/report", _TIMED),
    Scene("report-summary", "/#/report", [*_TIMED, write("#description", "…"), FORWARD]),
    Scene("follow", "/#/follow"),
    Scene("subscribe", "/#/subscribe"),
    Scene("kept", "/#/kept"),
    Scene("about", "/#/about"),
    Scene("data", "/dane/", map=False),
    Scene("info", "/info/{language}/", map=False),
    Scene("info-rules", "/info/{language}/rules/", map=False),
    Scene("info-about", "/info/{language}/about/", map=False),
    Scene("info-developers", "/info/{language}/developers/", map=False),
    Scene("embed", "/embed/?teryt=1465&lang={language}", map=False),
    Scene("generator", "/embed/generator/", map=False),
    Scene("latest-figures", "/data/exports/latest/summary.{language}.html", map=False),
    Scene("police-login", "/policja/", map=False),
    Scene("police-queue", LOGIN, map=False),
    Scene("police-case", LOGIN, [press("a.row-link, a.card-link")], map=False),
    Scene("partner", "/partner/", map=False),
)


def pictures(origin: str, token: str, folder: Path, only: str = "") -> Iterator[Path]:
    """Take a picture of every scene whose name holds `only` as each of `LOOKS` sees it, and yield the files.

    `token` is an officer's, of a quarter of an hour.

    Raises:
        NoBrowser: there is no Chromium.
    """
    with _chromium() as browser:
        for look in LOOKS:
            for scene in SCENES:
                if only in scene.name:
                    yield _picture(
                        browser, origin + scene.address.format(language=look.language, token=token), folder, look, scene
                    )


def _picture(browser: Browser, address: str, folder: Path, look: Look, scene: Scene) -> Path:
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        contrast=look.contrast,
        locale=look.language,
        has_touch=look.phone,
        is_mobile=look.phone,
        reduced_motion="reduce",
        service_workers="block",
    )
    try:
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        if scene.map:
            page.wait_for_selector("body[data-ready]")
        for step in scene.steps:
            step(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLED_MS)
        target = folder / look.name / f"{scene.name}.png"
        page.screenshot(path=target)
        return target
    finally:
        context.close()


@contextmanager
def _chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        path = found or playwright.chromium.executable_path
        if not Path(path).exists():
            raise NoBrowser("No Chromium here: apt-get install chromium, or .venv/bin/playwright install chromium.")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
