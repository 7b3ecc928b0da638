"""The console on the deployed stack: a report from the queue to its verdict, and what the public then sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chalicelib.clock import system_clock
from chalicelib.domain.calendar import day_of
from chalicelib.domain.roles import Role
from chalicelib.services.plan_files import Week
from chalicelib.store import keys
from infra.commands.officer import Pool
from tests.browser.visit import DESKTOP, Visitor
from tests.e2e.citizen import file_report, items
from tests.e2e.test_photos import permit, settled
from tests.photos import files
from tests.photos.sending import post
from tests.support.ahead import ZONE, ahead
from tests.support.whole import Whole

# Suwałki; no other test reports there.
PLACE = {"lat": 54.1115, "lon": 22.9309}
# Nothing has been published on this stack yet: the one file that says so is asked for and not there.
UNPUBLISHED = ("/data/manifest.json", "Failed to load resource")
WORDS = "Ktoś maluje po ścianie.\nZawsze po zmroku."


@dataclass(frozen=True)
class Filed:
    """A report with words and a photo, as the citizen knows it."""

    id: str
    receipt: str
    unit: str


@pytest.fixture(scope="module")
def filed(stack: Whole) -> Filed:
    answer = file_report(stack, place=PLACE, description=WORDS)
    assert answer.status == 201, answer.body
    case = answer.json
    form = permit(stack, case["receipt"])
    assert post(form["url"], form["fields"], files.written(files.scene(800, 400))).status == 204
    assert settled(stack, case["receipt"]) == [{"slot": 1, "state": "stored"}]
    return Filed(case["id"], case["receipt"], case["unit"]["code"])


def link_of(stack: Whole, role: Role, unit: str) -> str:
    """The address that `make officer` gives."""
    pool, name = Pool(stack.running.client("cognito-idp"), stack.running.names["OFFICER_POOL"]), f"console-{role}"
    pool.enter(name, role, unit)
    token = pool.token(name, stack.running.names["OFFICER_CLIENT"])
    return f"{stack.base_url}/policja/#/login?token={token}"


@pytest.fixture(scope="module")
def link(stack: Whole, filed: Filed) -> str:
    """The address that `make officer` gives an officer of the report's unit."""
    return link_of(stack, Role.OFFICER, filed.unit)


def noted(stack: Whole, report: str) -> set[str]:
    """What officers have read or done with a report, as the audit says it."""
    today = day_of(system_clock(), ZONE)
    # Local midnight may have come since.
    days = [(today - timedelta(days=back)).isoformat() for back in (0, 1)]
    entries = [entry for day in days for shard in range(keys.SHARDS) for entry in items(stack, keys.audit(day, shard))]
    return {entry["deed"]["S"] for entry in entries if entry.get("report", {}).get("S") == report}


def take_up(page: Page) -> None:
    page.click("[data-act=verifying]")
    page.click("dialog [type=submit]")
    page.wait_for_selector("article.case[data-status='verifying']")


def confirm_with_look(page: Page, note: str) -> str:
    """Give the verdict with the first window that can be named; returns that window."""
    page.click("[data-act=confirmed]")
    page.check("dialog input[value=seen_at_check]")
    box = page.locator("dialog [data-window]").first
    window = box.get_attribute("data-window") or ""
    box.check()
    page.fill("#public-note", note)
    page.click("dialog [type=submit]")
    page.wait_for_selector("article.case[data-status='confirmed']")
    return window


def test_a_report_goes_from_the_queue_to_its_verdict_and_the_public_sees_it(
    visitor: Visitor, stack: Whole, filed: Filed, link: str, artifacts: Path
) -> None:
    photos = f"{stack.running.endpoint}/{stack.running.names['PHOTO_BUCKET']}/reports/{filed.id}/"
    visitor.allow(f"asked another origin: {photos}", *UNPUBLISHED)
    page = visitor.page(stack.base_url, DESKTOP)
    page.goto(link)
    page.wait_for_selector("body[data-drawn='cases']")
    assert "token" not in page.url
    assert noted(stack, filed.id) == set()
    row = page.locator(f"tr[data-id='{filed.id}']")
    expect(row).to_contain_text("Suwałki")
    page.screenshot(path=artifacts / "console-stack-queue.png")

    row.locator(".row-link").click()
    expect(page.locator("blockquote.words").first).to_have_text(WORDS)
    assert noted(stack, filed.id) == {"case"}
    page.get_by_role("button", name="zdjęcie").click()
    picture = page.locator(".photo img")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('.photo img').naturalWidth === 800")
    assert noted(stack, filed.id) == {"case", "photo"}
    page.screenshot(path=artifacts / "console-stack-case.png", full_page=True)

    page.get_by_role("link", name="Karta").click()
    expect(page.locator(".card-sheet h1")).to_be_visible()
    expect(page.locator(".card-sheet")).to_contain_text("Ktoś maluje po ścianie.")
    page.screenshot(path=artifacts / "console-stack-card.png", full_page=True)
    page.go_back()

    page.wait_for_selector("article.case[data-status='new']")
    take_up(page)
    window = confirm_with_look(page, "Patrol był na miejscu.")
    assert noted(stack, filed.id) >= {"case", "photo", "card", "step"}

    public = stack.call("GET", f"/v1/reports/{filed.id}").json
    day, part = window.split(":")
    assert (public["status"], public["checked"]) == ("confirmed", [{"day": day, "part": part}])
    page.goto(f"{stack.base_url}/#/follow?receipt={filed.receipt}")
    expect(page.locator(".story")).to_contain_text("Patrol był na miejscu.")
    page.screenshot(path=artifacts / "console-stack-public.png")


def deed(page: Page, name: str, fill: str | None = None, **options: str) -> None:
    """Open the form of a deed, answer it, send it, and wait until the case says that it was done."""
    page.click(f"[data-act={name}]")
    for value in options.values():
        page.check(f"dialog input[value={value}]")
    if fill is not None:
        page.locator("dialog .deed-body").locator("textarea, input:not([type=radio])").first.fill(fill)
    page.click("dialog [type=submit]")
    expect(page.locator("dialog")).to_have_count(0)


def test_an_officer_asks_pauses_and_passes_to_another_unit(visitor: Visitor, stack: Whole, link: str) -> None:
    ids = [file_report(stack, place=PLACE, category=category).json["id"] for category in ("illegal_dump", "speeding")]
    page = visitor.page(stack.base_url, DESKTOP)
    page.goto(link)
    for each in ids:
        page.locator(f"tr[data-id='{each}'] .row-choice").check()
    page.click("#bulk-take-up")
    for each in ids:
        expect(page.locator(f"tr[data-id='{each}']")).to_contain_text("Weryfikacja")
    page.locator(f"tr[data-id='{ids[0]}'] .row-link").click()
    deed(page, "question", "Ile tego jest?")
    expect(page.locator(".asked")).to_contain_text("Ile tego jest?")
    in_a_week = (day_of(system_clock(), ZONE) + timedelta(days=7)).isoformat()
    deed(page, "pause", in_a_week, reason="weather")
    expect(page.locator("[data-act=resume]")).to_be_visible()
    deed(page, "resume")
    expect(page.locator("[data-act=pause]")).to_be_visible()
    deed(page, "transfer", "KPP-SEJNY")
    expect(page.locator("h1")).to_have_text("Sprawa jest teraz w innej jednostce")
    expect(page.locator(".notice")).to_contain_text("Sejnach")
    # From now on it is as if there were no such case.
    assert stack.call("GET", f"/v1/reports/{ids[0]}").json["unit"]["code"] == "KPP-SEJNY"
    visitor.allow(f"404 /v1/police/reports/{ids[0]}", "Failed to load resource")
    page.reload()
    expect(page.locator("h1")).to_have_text("Nie ma takiej sprawy")


def test_a_coordinator_keeps_settings_and_finds_figures_of_the_garrison(visitor: Visitor, stack: Whole) -> None:
    page = visitor.page(stack.base_url, DESKTOP)
    page.goto(link_of(stack, Role.VOIVODESHIP, "KWP-BIALYSTOK"))
    page.wait_for_selector("body[data-drawn='cases']")
    page.click("#nav a[href='#/unit']")
    expect(page.locator("input[type=email]").first).to_have_value("kwp-bialystok@police.example")
    page.fill("#budget", "12")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.locator(".said")).to_contain_text("zapisane")
    page.click("#nav a[href='#/figures']")
    page.wait_for_selector("body[data-drawn='figures']")
    expect(page.locator("h1")).to_have_text("Liczby")
    page.select_option("#scope-unit", "KMP-SUWALKI")
    expect(page.locator(".lead")).to_contain_text("Suwałkach")


def test_the_plan_that_the_night_has_made_is_shown_and_printed(
    visitor: Visitor, stack: Whole, link: str, filed: Filed, artifacts: Path
) -> None:
    night = ahead(1, time(0, 10))
    week = Week.of(night.date())
    stack.running.invoke("nightly", {"day": night.date().isoformat(), "now": night.isoformat()})
    page = visitor.page(stack.base_url, DESKTOP)
    page.goto(link)
    page.wait_for_selector("body[data-drawn='cases']")
    with page.expect_response("**/v1/police/patrol-plan?*") as asked:
        page.goto(f"{stack.base_url}/policja/#/plan/{week}")
    plan = asked.value.json()
    assert (plan["unit"]["code"], plan["week"]) == (filed.unit, str(week))
    page.wait_for_selector("body[data-drawn='plan']")
    expect(page.locator(".plan-row")).to_have_count(len(plan["rows"]))
    assert page.locator(".plan-why li").count() == sum(len(row["reasons"]) for row in plan["rows"])
    page.screenshot(path=artifacts / "console-stack-plan.png", full_page=True)
    page.goto(f"{stack.base_url}/policja/#/sheet/{week}")
    expect(page.locator(".card-sheet h1")).to_have_text("Plan patroli")
