"""Following by receipt on the deployed stack: the history in plain words, the question, is it gone, taking it back."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chalicelib.container import Container
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.services.casebook import Words
from chalicelib.services.casework import Casework
from chalicelib.settings import Settings
from chalicelib.store import keys, step
from chalicelib.store.models import ReportItem
from infra.local.emulator import ROOT
from tests.browser.visit import DESKTOP, PHONE, Visitor
from tests.e2e.citizen import file_report
from tests.support.whole import Whole


@dataclass(frozen=True)
class Office:
    """The police at work on the deployed stack's own tables."""

    stack: Whole
    box: Container

    def filed(self, **fields: Any) -> tuple[str, str]:
        """The id and the receipt of a new report."""
        filed = file_report(self.stack, **fields).json
        return filed["id"], filed["receipt"]

    def go(self, report: str, *steps: tuple[str, str], public: str | None = None) -> None:
        """Take steps, the last one with words for the reporter."""
        for number, (to, reason) in enumerate(steps, 1):
            words = Words(public) if number == len(steps) else None
            self.work.take_step(report, Status(to), reason, Actor.POLICE, self.version(report), words)

    def ask(self, report: str, question: str) -> None:
        """Put the one question."""
        self.work.ask(report, question, self.version(report))

    def version(self, report: str) -> int:
        """The case's version."""
        found = step.current(report)
        assert found is not None
        return found.version

    @property
    def work(self) -> Casework:
        """The officers' work now."""
        return Casework(self.box.instance, self.box.clock())


@pytest.fixture
def office(stack: Whole, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The police, with the settings of the deployed function."""
    environment = {**stack.running.environment(), "INSTANCE_DIR": str(ROOT / "instances" / "pl")}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Office(stack, Container(Settings.from_environment(environment)))


def follow(visitor: Visitor, stack: Whole, receipt: str, size: tuple[int, int], *, allow: str = "none") -> Page:
    """Open the link of a receipt."""
    visitor.allow("/data/manifest.json", "Failed to load resource", allow)
    page = visitor.open(f"{stack.base_url}/#/follow?receipt={receipt}", size, touch=size == PHONE)
    expect(page.locator(".story")).to_be_visible()
    return page


def picture(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the whole panel."""
    page.wait_for_timeout(200)
    page.screenshot(path=folder / f"follow-{name}.png", full_page=True)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_question_is_answered_by_keyboard_and_the_history_tells_it(
    visitor: Visitor, stack: Whole, office: Office, artifacts: Path, size: tuple[int, int]
) -> None:
    report, receipt = office.filed(description="Pies bez smyczy")
    office.go(report, ("verifying", "taken_up"))
    office.ask(report, "Po której stronie ulicy?\nPrzy sklepie czy przy szkole?")
    page = follow(visitor, stack, receipt, size)
    expect(page.locator("#deed-question")).to_have_text("Policja ma pytanie")
    picture(page, artifacts, f"question-{size[0]}")
    page.focus("#answer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".deed .problem")).to_have_text("Wpisz odpowiedź. Wystarczy jedno zdanie.")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.type("Przy szkole, po lewej <b>stronie</b>.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".allowance")).to_contain_text("Dziękujemy, dotarło")
    expect(page.locator(".timeline li").last).to_contain_text("Przy szkole, po lewej <b>stronie</b>.")
    expect(page.locator("#deed-question")).to_have_count(0)
    expect(page.locator(".story h2")).to_be_focused()
    picture(page, artifacts, f"answered-{size[0]}")
    assert receipt not in page.url


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_four_weeks_later_the_reporter_says_that_it_is_still_there(
    visitor: Visitor, stack: Whole, office: Office, artifacts: Path, size: tuple[int, int]
) -> None:
    report, receipt = office.filed()
    steps = ("verifying", "taken_up"), ("confirmed", "seen_at_check"), ("eliminated", "removed_by_police")
    office.go(report, *steps, public="Znak stoi na nowo.")
    # As if four weeks had passed.
    closed = keys.instant(office.box.clock() - timedelta(days=30))
    ReportItem.get(keys.report(report), keys.REPORT).update([ReportItem.resolved.set(closed)])
    page = follow(visitor, stack, receipt, size)
    expect(page.locator("#deed-presence")).to_have_text("Czy to już zniknęło?")
    expect(page.locator(".timeline")).to_contain_text("Znak stoi na nowo.")
    picture(page, artifacts, f"gone-{size[0]}")
    page.click("button:has-text('Nadal tam jest')")
    expect(page.locator(".story .badge").first).to_contain_text("Weryfikacja")
    expect(page.locator(".deed")).to_have_count(0)


def test_a_mistake_is_taken_back_after_its_consequence_was_told(
    visitor: Visitor, stack: Whole, office: Office, artifacts: Path
) -> None:
    _, receipt = office.filed()
    page = follow(visitor, stack, receipt, PHONE)
    page.tap("button:has-text('Wycofaj zgłoszenie')")
    expect(page.locator(".deed h3")).to_be_focused()
    expect(page.locator(".deed")).to_contain_text("Tego nie da się cofnąć")
    picture(page, artifacts, "withdraw-390")
    page.tap("button:has-text('Nie, zostaw')")
    expect(page.locator("button:has-text('Wycofaj zgłoszenie')")).to_be_focused()
    page.tap("button:has-text('Wycofaj zgłoszenie')")
    page.tap("button:has-text('Tak, wycofaj')")
    expect(page.locator(".allowance")).to_contain_text("Zgłoszenie jest wycofane")
    expect(page.locator(".timeline li").last).to_contain_text("z Twojego kodu")
    expect(page.locator(".deed")).to_have_count(0)


def test_who_is_late_is_shown_how_the_case_stands_now(visitor: Visitor, stack: Whole, office: Office) -> None:
    report, receipt = office.filed()
    page = follow(visitor, stack, receipt, DESKTOP, allow="409 /v1/receipt/withdraw")
    page.click("button:has-text('Wycofaj zgłoszenie')")
    office.go(report, ("verifying", "taken_up"))
    page.click("button:has-text('Tak, wycofaj')")
    expect(page.locator(".allowance")).to_contain_text("Tego już nie można zrobić")
    expect(page.locator(".timeline li")).to_have_count(2)


def test_without_a_connection_and_in_another_language_the_words_stay(
    visitor: Visitor, stack: Whole, office: Office
) -> None:
    report, receipt = office.filed()
    office.ask(report, "Kiedy?")
    page = follow(visitor, stack, receipt, DESKTOP, allow="net::ERR")
    page.fill("#answer", "Wieczorem")
    page.context.set_offline(True)
    page.click("button:has-text('Wyślij odpowiedź')")
    expect(page.locator(".deed .problem").first).to_contain_text("Nie ma połączenia")
    expect(page.locator("#answer")).to_have_value("Wieczorem")
    page.context.set_offline(False)
    page.select_option("#language", "en")
    expect(page.locator("#deed-question")).to_have_text("The police have a question")
    expect(page.locator("#answer")).to_have_value("Wieczorem")
    page.click("button:has-text('Send the answer')")
    expect(page.locator(".timeline li").last).to_contain_text("Wieczorem")


def test_a_merged_report_leads_on_and_nothing_of_it_is_faulty(
    visitor: Visitor, stack: Whole, office: Office, artifacts: Path
) -> None:
    (report, receipt), (other, _) = office.filed(), office.filed(category="speeding")
    office.work.merge(report, other, office.version(report))
    office.go(other, ("verifying", "taken_up"), ("confirmed", "seen_at_check"))
    page = follow(visitor, stack, receipt, DESKTOP)
    expect(page.locator(".story")).to_contain_text("Połączone z innym zgłoszeniem")
    expect(page.locator(".timeline").nth(1).locator("li")).to_have_count(2)
    picture(page, artifacts, "merged-1280")
