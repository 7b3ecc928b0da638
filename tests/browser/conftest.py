"""A Chromium, the built site on a static server, and pages that report every fault they had."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from infra.local.emulator import ROOT
from infra.local.site import build_site
from tests.browser import fixture
from tests.browser.serving import SiteHandler
from tests.browser.visit import Visitor
from tests.support.whole import Whole

HERE = Path(__file__).parent
ARTIFACTS = ROOT / "test-results" / "browser"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NO_BROWSER = (
    "No Chromium here. Install one:\n"
    "  apt-get install chromium              (Debian, Ubuntu, as root)\n"
    "  .venv/bin/playwright install chromium (no root needed)"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives Chromium."""
    for item in items:
        if item.path.is_relative_to(HERE) and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def chromium_path(playwright: Playwright) -> str:
    """The installed Chromium, or the one that Playwright has installed; fails with the command to run."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    own = playwright.chromium.executable_path
    if not Path(own).exists():
        pytest.exit(NO_BROWSER, returncode=1)
    return own


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each test has a context of its own."""
    # A first call wakes a function, on a machine that other tests share.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(playwright), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of Poland, without published data."""
    folder = tmp_path_factory.mktemp("site")
    build_site("pl", folder, "http://127.0.0.1:8080")
    return folder


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's published files."""
    folder = tmp_path_factory.mktemp("published")
    fixture.write(folder)
    return folder


def serve(*folders: Path) -> Iterator[str]:
    """Serve the folders as one origin; the first that has a file answers."""
    # Nothing is uploaded here: no origin takes the place of the bucket's.
    text = (folders[0] / "headers.json").read_text(encoding="utf-8")
    rules = json.loads(text.replace("{uploads}", "").replace("{photos}", ""))
    server = ThreadingHTTPServer(("127.0.0.1", 0), SiteHandler.of(folders, rules))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def site(site_folder: Path, published: Path) -> Iterator[str]:
    """The site with the fixture's data."""
    yield from serve(site_folder, published)


@pytest.fixture(scope="session")
def empty_site(site_folder: Path) -> Iterator[str]:
    """The site before anything was published."""
    yield from serve(site_folder)


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where pictures of the site go."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Opens pages; afterwards no page may have logged an error, broken the policy or asked another origin."""
    visits = Visitor(browser)
    yield visits
    visits.close()


@pytest.fixture
def origin(stack: Whole) -> str:
    return stack.base_url


@pytest.fixture
def quiet(visitor: Visitor) -> Visitor:
    """Nothing has been published on this stack yet: the one file that says so is asked for and not there."""
    visitor.allow("/data/manifest.json", "Failed to load resource")
    return visitor
