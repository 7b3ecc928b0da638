"""The page without a network: what it shows, what it never keeps, and how it changes and ends."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from infra.local.emulator import ROOT
from tests.browser.conftest import serve
from tests.browser.visit import PHONE, READY, Visitor, until

STORED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    found[name] = requests.map(({ url }) => new URL(url).pathname);
  }
  return found;
}"""
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
OFFLINE = ("Failed to load resource", "net::ERR", "/v1/")


@pytest.fixture
def kept(visitor: Visitor, site: str) -> Page:
    """A page that its worker has taken over, with the data of the whole country."""
    visitor.allow(*OFFLINE)
    page = visitor.page(site, PHONE, worker=True)
    page.goto(site)
    page.wait_for_selector(READY)
    page.wait_for_function(CONTROLLED)
    # What the first view had fetched before the worker was there is fetched through it now.
    page.reload()
    page.wait_for_selector(READY)
    return page


def test_the_page_opens_without_a_network_and_says_how_old_its_data_are(kept: Page, site: str) -> None:
    shown = kept.locator(".lead strong").inner_text()
    kept.context.set_offline(True)
    kept.reload()
    kept.wait_for_selector(READY)
    expect(kept.locator(".stale")).to_have_text("Nie ma połączenia. Tak było na mapie: niedz., 22 listopada 00:12.")
    expect(kept.locator(".lead strong")).to_have_text(shown)
    for view, title in (("about", "O mapie"), ("follow", "Śledź zgłoszenie"), ("report/what", "Co się dzieje?")):
        kept.goto(f"{site}/#/{view}")
        expect(kept.locator(".panel h1")).to_have_text(title)
    kept.context.set_offline(False)
    kept.goto(f"{site}/#/map")
    kept.evaluate("() => dispatchEvent(new Event('online'))")
    expect(kept.locator(".stale")).to_have_count(0)


def test_answers_that_may_hold_anything_of_anybody_are_never_stored(kept: Page) -> None:
    asked = (
        "/v1/rules",
        "/v1/receipt",
        "/v1/police/me",
        "/v1/reports/ABC",
        "/v1/reports?lat=1",
        "/policja/",
        "/partner/",
    )
    body = json.dumps({"secret": 1})
    kept.context.route("**/v1/**", lambda route: route.fulfill(body=body, content_type="application/json"))
    for path in asked:
        kept.evaluate("(path) => fetch(path).then((answer) => answer.text())", path)
    stored = kept.evaluate(STORED)
    paths = [path for name in stored for path in stored[name]]
    assert len(stored) == 2
    assert "/data/manifest.json" in paths
    assert [path for path in paths if path.startswith("/v1/")] == ["/v1/rules"]
    assert not [path for path in paths if path.startswith(("/policja", "/partner"))]


@pytest.fixture
def deployed(site_folder: Path, published: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the site that the test may change while pages are open."""
    folder = tmp_path / "site"
    shutil.copytree(site_folder, folder)
    for address in serve(folder, published):
        yield folder, address


@pytest.fixture
def visited(visitor: Visitor, deployed: tuple[Path, str]) -> Page:
    visitor.allow(*OFFLINE)
    page = visitor.page(deployed[1], PHONE, worker=True)
    page.goto(deployed[1])
    page.wait_for_selector(READY)
    page.wait_for_function(CONTROLLED)
    return page


def updated(page: Page) -> None:
    """Have the browser look for another worker, as it does at each visit, and wait until that one has settled."""
    page.evaluate("""async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.update().catch(() => {});
      const next = registration.installing;
      if (next) await new Promise((done) => next.addEventListener("statechange", done, { once: true }));
    }""")


def test_an_open_form_goes_on_while_another_build_takes_its_place(visited: Page, deployed: tuple[Path, str]) -> None:
    folder = deployed[0]
    text = (folder / "sw.js").read_text("utf-8")
    (version,) = set(visited.evaluate(STORED)) - {"data"}
    shutil.rmtree(folder / "a")
    changed = text.replace(version.removeprefix("page-"), "0123456789ab")
    (folder / "sw.js").write_text(re.sub(r'\["/a/[^]]*\],?', "", changed), "utf-8")
    updated(visited)
    assert {version, "page-0123456789ab"} <= set(visited.evaluate(STORED))
    visited.click(".panel-foot a")
    visited.click(".panel-foot a")
    expect(visited.locator(".panel h1")).to_have_text("Co się dzieje?")


def test_a_build_that_is_not_whole_is_not_taken(visited: Page, deployed: tuple[Path, str]) -> None:
    before = visited.evaluate(STORED)
    text = (deployed[0] / "sw.js").read_text("utf-8")
    (version,) = set(before) - {"data"}
    (deployed[0] / "sw.js").write_text(text.replace(version.removeprefix("page-"), "0123456789ab"), "utf-8")
    with (deployed[0] / "config.json").open("a") as config:
        config.write(" ")
    updated(visited)
    after = visited.evaluate(STORED)
    assert after[version] == before[version]
    assert "page-0123456789ab" not in after


def test_the_police_and_institutions_get_the_servers_own_page_or_none(
    visited: Page, deployed: tuple[Path, str]
) -> None:
    folder, address = deployed
    for name in ("policja", "partner"):
        (folder / name / "index.html").write_text("<title>the newest</title>", "utf-8")
        visited.goto(f"{address}/{name}/")
        assert visited.title() == "the newest"
    visited.context.set_offline(True)
    for name in ("policja", "partner"):
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            visited.goto(f"{address}/{name}/")


def test_the_way_out_ends_the_worker_and_what_it_kept(visited: Page, deployed: tuple[Path, str]) -> None:
    shutil.copy(ROOT / "static-site" / "src" / "worker" / "stop.js", deployed[0] / "sw.js")
    updated(visited)
    ended = "async () => (await navigator.serviceWorker.getRegistrations()).length === 0"
    until(lambda: bool(visited.evaluate(ended)))
    assert visited.evaluate(STORED) == {}
    # Whoever fills in the form meanwhile goes on.
    visited.click(".panel-foot a")
    expect(visited.locator(".panel h1")).to_have_text("Czy komuś coś teraz grozi?")
