"""What Lighthouse finds on the pages that people land on; how fast they are is measured, not tested."""

import pytest
from playwright.sync_api import Browser

from tests.browser.lighthouse import faults, lighthouse

CHECKED = ("accessibility", "best-practices", "seo")
MOST_SHIFT = 0.02
KNOWN = {
    # Lighthouse asks for it from within the page, whose policy lets it ask nothing.
    "/info/pl/about/": {"robots-txt"},
    # The widget stands in other pages, and is not to be found by itself.
    "/embed/?teryt=1465&lang=pl": {"is-crawlable", "meta-description"},
}


@pytest.mark.slow
@pytest.mark.parametrize("page", ["/", "/dane/", *KNOWN])
def test_lighthouse_finds_nothing_to_mend(browser: Browser, site: str, page: str) -> None:
    report = lighthouse(f"{site}{page}", browser.browser_type.executable_path, "performance," + ",".join(CHECKED))
    found = {fault for category in CHECKED for fault in faults(report, category)}
    assert found == KNOWN.get(page, set())
    assert report["audits"]["cumulative-layout-shift"]["numericValue"] <= MOST_SHIFT
