"""The map on a slow phone with a slow network: when its first hexagons stand, and what a step of dragging costs.

The pyramid is that of `NATION_REPORTS` made-up reports (default 10,000,000 where CZUJKA_PYRAMID names its folder, else
the small one of the browser tests).
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from infra.local.site import build_site
from tests.browser import fixture
from tests.browser.conftest import FLAGS, chromium_path, serve

PHONE = (390, 844)
SLOWER = 4
"""How many times slower than this machine the phone reckons."""

# Slow 4G as Lighthouse has it: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
STEPS = 30
LOOKS = 3


def run() -> dict[str, Any]:
    """Return the medians over the looks: milliseconds to the first hexagons, and of scripting for a step."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        build_site("pl", folder / "site", "http://127.0.0.1:8080")
        published = Path(os.environ.get("CZUJKA_PYRAMID") or folder / "published")
        if "CZUJKA_PYRAMID" not in os.environ:
            fixture.write(published)
        looks = [_look(address) for address in serve(folder / "site", published) for _ in range(LOOKS)]
    return {key: round(median(look[key] for look in looks), 1) for key in looks[0]}


def _look(address: str) -> dict[str, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(playwright), args=FLAGS)
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True, service_workers="block"
        )
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", NETWORK)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        devtools.send("Performance.enable")
        page.add_init_script(
            "new MutationObserver((_, all) => { if (document.querySelector('.items .item')) "
            "{ window.firstHexagons = performance.now(); all.disconnect(); } })"
            ".observe(document, { subtree: true, childList: true })"
        )
        page.goto(address)
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        first = float(page.evaluate("() => window.firstHexagons"))
        found = {"first_hexagons_ms": first, **_drag(page, devtools)}
        browser.close()
        return found


def _drag(page: Page, devtools: CDPSession) -> dict[str, float]:
    """Drag the map a finger's breadth at a time; scripting is what the main thread reckoned of our own."""
    before = _scripting(devtools)
    page.mouse.move(200, 300)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(200 + 4 * step, 300 + 2 * step)
        time.sleep(0.05)
    after = _scripting(devtools)
    page.mouse.up()
    return {"drag_step_scripting_ms": 1000 * (after - before) / STEPS}


def _scripting(devtools: CDPSession) -> float:
    metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return float(metrics["ScriptDuration"])
