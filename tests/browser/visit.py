"""One visitor of the site: pages that remember every fault they had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

Scheme = Literal["light", "dark"]
PHONE = (390, 844)
DESKTOP = (1280, 800)
READY = "body[data-ready]"

# Colours of the canvas are counted in classes of 32 steps a channel, enough to tell violet from land.
COUNT_PIXELS = """([wanted, near]) => {
  const canvas = document.querySelector("canvas.map-canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (wanted.every((value, channel) => Math.abs(data[i + channel] - value) <= near)) found += 1;
  }
  return found;
}"""

TOKEN = """(name) => {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
  probe.remove();
  return [r, g, b];
}"""


@dataclass
class Visitor:
    """Opens pages in contexts of its own and keeps what went wrong in them."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    allowed: tuple[str, ...] = ()

    def page(
        self,
        origin: str,
        size: tuple[int, int] = DESKTOP,
        scheme: Scheme = "light",
        *,
        touch: bool = False,
        locale: str = "pl-PL",
        worker: bool = False,
    ) -> Page:
        """A page in a fresh context that may ask only `origin`; `worker` lets it keep itself for times offline."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=locale,
            timezone_id="Europe/Warsaw",
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        self.watch(page, urlsplit(origin).netloc)
        return page

    def open(
        self,
        address: str,
        size: tuple[int, int] = DESKTOP,
        scheme: Scheme = "light",
        *,
        touch: bool = False,
        locale: str = "pl-PL",
    ) -> Page:
        """Open an address in a fresh context and wait for the live map."""
        page = self.page(address, size, scheme, touch=touch, locale=locale)
        page.goto(address)
        page.wait_for_selector(READY)
        return page

    def watch(self, page: Page, host: str) -> None:
        """Keep errors, refused policies, answers of 400 and more, and requests to other origins."""

        def answered(response: Response) -> None:
            parts = urlsplit(response.url)
            if parts.scheme.startswith("http") and parts.netloc != host:
                self.faults.append(f"asked another origin: {response.url}")
            if response.status >= 400:
                self.faults.append(f"{response.status} {parts.path}")

        page.on("response", answered)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", lambda said: self.faults.append(f"console: {said.text}") if said.type == "error" else None)

    def allow(self, *parts: str) -> None:
        """Faults that contain one of these are what the test is about."""
        self.allowed = parts

    def close(self) -> None:
        """End every context; fails if a page had a fault that was not expected."""
        for context in self.contexts:
            context.close()
        unexpected = [fault for fault in self.faults if not any(part in fault for part in self.allowed)]
        assert not unexpected, unexpected


def pixels(page: Page, token: str, near: int = 3) -> int:
    """How many pixels of the map's canvas have the colour of a token of the style sheet."""
    return int(page.evaluate(COUNT_PIXELS, [page.evaluate(TOKEN, token), near]))


def settled(page: Page) -> None:
    """Wait until the map has drawn what it was asked for."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def until(settled: Callable[[], bool]) -> None:
    """Wait for what a page cannot tell by an element."""
    for _ in range(200):
        if settled():
            return
        sleep(0.1)
    pytest.fail("it never came to be")
