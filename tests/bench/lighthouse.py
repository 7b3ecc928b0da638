"""How fast the first page is to a phone of the middle class, as Lighthouse reckons: the median of five looks."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from infra.local.site import build_site
from tests.browser import fixture
from tests.browser.conftest import chromium_path, serve
from tests.browser.lighthouse import lighthouse, score

LOOKS = 5
FIGURES = {
    "first_paint_ms": "first-contentful-paint",
    "largest_paint_ms": "largest-contentful-paint",
    "blocked_ms": "total-blocking-time",
    "shift": "cumulative-layout-shift",
    "bytes": "total-byte-weight",
}


def run() -> dict[str, Any]:
    """Return the medians over the looks, and the range of the scores: one machine differs from itself by ten points."""
    with sync_playwright() as playwright:
        chromium = chromium_path(playwright)
    with TemporaryDirectory() as name:
        folder = Path(name)
        build_site("pl", folder / "site", "http://127.0.0.1:8080")
        fixture.write(folder / "published")
        served = serve(folder / "site", folder / "published")
        reports = [lighthouse(f"{address}/", chromium, "performance") for address in served for _ in range(LOOKS)]
    scores = [score(report, "performance") for report in reports]
    found = {name: [report["audits"][audit]["numericValue"] for report in reports] for name, audit in FIGURES.items()}
    medians = {name: round(median(values), 4) for name, values in found.items()}
    return {"performance": median(scores), "least": min(scores), "most": max(scores), **medians}
