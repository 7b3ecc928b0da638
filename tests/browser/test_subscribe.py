"""A subscription's whole way on the deployed stack, permissions enforced: form, letter, button, morning mail, end."""

import re
from datetime import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from infra.commands.mail import sent_mails
from tests.browser.visit import DESKTOP, PHONE, Scheme, Visitor
from tests.e2e.citizen import file_report, wait_for
from tests.support.ahead import ahead
from tests.support.whole import Whole

LINK = re.compile(r"http://127\.0\.0\.1:\d+(/#/subscription/\w+\?token=[0-9a-z]{51})")
LOMZA = {"lat": 53.1781, "lon": 22.0594}


@pytest.fixture
def quiet(visitor: Visitor) -> Visitor:
    """Nothing has been published on this stack yet: the one file that says so is asked for and not there."""
    visitor.allow("/data/manifest.json", "Failed to load resource")
    return visitor


def mails_to(stack: Whole, address: str) -> list[dict[str, Any]]:
    return [mail for mail in sent_mails(stack.running.endpoint) if mail["to"] == [address]]


def title(page: Page, text: str) -> None:
    # While one view gives way to the next, both have headings.
    expect(page.locator(".panel :is(h1, .notice h2)").first).to_have_text(text)


def link(mail: dict[str, Any], where: str) -> str:
    (found,) = {path for path in LINK.findall(mail["text"]) if f"/{where}?" in path}
    return str(found)


def morning(stack: Whole) -> dict[str, Any]:
    """Run the deployed digest as if it were seven tomorrow."""
    summary: dict[str, Any] = stack.running.invoke("digest", {"now": ahead(1, time(7)).isoformat()})
    return summary


def test_A01_from_the_form_to_the_morning_mail_and_out_again_by_keyboard(stack: Whole, quiet: Visitor) -> None:
    address = f"a{uuid4().hex[:8]}@example.org"
    page = quiet.open(stack.base_url, DESKTOP)
    # The list is drawn anew when the map has drawn: the link may be another by then, so it is pressed at once.
    page.locator("a[href='#/subscribe']").press("Enter")
    title(page, "Powiadomienia z okolicy")
    page.locator(".panel [role=combobox]").focus()
    page.keyboard.type("lomza")
    expect(page.locator(".panel [role=option]").first).to_contain_text("Łomża")
    page.keyboard.press("Enter")
    expect(page.locator(".panel [role=status].allowance")).to_contain_text("3 km wokół: Łomża")
    page.locator("#email").focus()
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    title(page, "Sprawdź skrzynkę")
    (letter,) = wait_for(lambda: mails_to(stack, address))
    page.goto(stack.base_url + link(letter, "confirm"))
    title(page, "Potwierdź powiadomienia")
    # The token has left the address bar.
    assert "token" not in page.url
    page.locator(".panel button.primary").focus()
    page.keyboard.press("Enter")
    title(page, "Gotowe")
    filed = file_report(stack, place=LOMZA)
    assert filed.status == 201
    assert morning(stack)["sent"] == 1
    _, mail = mails_to(stack, address)
    assert f"/#/map?show={filed.json['id']}" in mail["text"]
    assert morning(stack)["sent"] == 0
    page.goto(stack.base_url + link(mail, "leave"))
    title(page, "Zakończ powiadomienia")
    page.locator(".panel button.primary").focus()
    page.keyboard.press("Enter")
    title(page, "Adres usunięty")
    quiet.allow("/data/manifest.json", "Failed to load resource", "410")
    # A fresh page, as a mail program opens it: the view is drawn again when the map is there, and the token stays.
    page.goto("about:blank")
    page.goto(stack.base_url + link(letter, "confirm"))
    page.wait_for_selector("body[data-ready]")
    page.locator(".panel button.primary").click()
    title(page, "Ten link już nie działa")


def test_what_is_wrong_with_an_address_is_said_beside_it(stack: Whole, quiet: Visitor) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "422")
    page = quiet.open(f"{stack.base_url}/#/subscribe", PHONE, touch=True)
    page.fill("#email", "ala@example")
    page.locator("button[type=submit]").tap()
    expect(page.locator("#email-problem")).to_contain_text("nie wygląda na adres e-mail")
    expect(page.locator("#email")).to_be_focused()
    page.locator("input[value=powiat]").check()
    page.locator("button[type=submit]").tap()
    expect(page.locator("#area-problem")).to_contain_text("Wybierz miejsce")


@pytest.mark.parametrize("kind", ["powiat", "unit"])
def test_A02_an_area_is_chosen_from_a_list(stack: Whole, quiet: Visitor, kind: str) -> None:
    page = quiet.open(f"{stack.base_url}/#/subscribe", DESKTOP)
    page.locator(f"input[value={kind}]").check()
    label, said = {"powiat": ("Łomża (2062)", "Łomża (2062)"), "unit": ("Komenda Miejska Policji w Łomży",) * 2}[kind]
    page.locator(f"#choose-{kind}").select_option(label=label)
    expect(page.locator(".panel [role=status].allowance")).to_contain_text(said)
    page.fill("#email", f"b{uuid4().hex[:8]}@example.org")
    page.locator("button[type=submit]").click()
    title(page, "Sprawdź skrzynkę")


def test_a_reloaded_page_says_where_the_code_is(stack: Whole, quiet: Visitor) -> None:
    page = quiet.open(f"{stack.base_url}/#/subscription/confirm", DESKTOP)
    title(page, "Brakuje kodu z wiadomości")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 640])
def test_pictures_of_the_mails(stack: Whole, visitor: Visitor, artifacts: Path, scheme: Scheme, width: int) -> None:
    mails = [mail for mail in sent_mails(stack.running.endpoint) if "example.org" in mail["to"][0]]
    page = visitor.page(stack.base_url, (width, 900), scheme)
    digests = [mail for mail in mails if "/#/map?show=" in mail["text"]]
    for name, mail in (("letter", mails[0]), ("digest", digests[-1])):
        page.set_content(mail["html"])
        page.screenshot(path=artifacts / f"{name}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
