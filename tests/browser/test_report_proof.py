"""The proof of work in the form, at level 1 on the deployed stack: done in the background, said in words, stopped."""

import json
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Request, Route, expect

from chalicelib.store import control
from chalicelib.store.models import bind
from infra.commands.proof import main as switch
from tests.browser.filing import TEXT, title, to_summary
from tests.browser.visit import Visitor
from tests.support.whole import Whole


def asks(stack: Whole) -> bool:
    """Whether a challenge is given now."""
    answer = stack.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4()), "client": "api"})
    return answer.json["challenge"] is not None


def becomes(stack: Whole, *, wanted: bool) -> None:
    """Wait until the functions go by the switch: they look once a minute."""
    deadline = time.monotonic() + 90
    while asks(stack) is not wanted:
        assert time.monotonic() < deadline, "the switch was not heeded"
        time.sleep(2)


@pytest.fixture(scope="module", autouse=True)
def level_one(stack: Whole) -> Iterator[None]:
    """The operator asks for work while these tests run."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.running.environment().items():
            patch.setenv(name, value)
        assert switch(["1"]) == 0
        becomes(stack, wanted=True)
        yield
        bind(stack.running.names["MAIN_TABLE"], stack.running.names["QUOTA_TABLE"])
        control.set_level(control.PROOF, None)
        becomes(stack, wanted=False)


def test_the_work_begins_with_the_form_and_its_proof_is_believed(quiet: Visitor, origin: str) -> None:
    page = quiet.open(origin)
    workers: list[str] = []
    proofs: list[str] = []
    page.on("worker", lambda worker: workers.append(worker.url))

    def keep(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/v1/reports"):
            proofs.append(json.loads(request.post_data or "{}")["proof"])

    page.on("request", keep)
    page.goto(f"{origin}/#/report")
    expect(page.locator(".allowance")).to_contain_text("można dziś wysłać")
    page.wait_for_timeout(500)
    assert workers
    assert all("/v/" in url and url.endswith("altcha-worker.js") for url in workers)
    page.goto(f"{origin}/#/map")
    to_summary(page)
    expect(page.locator(".browser-check")).to_have_text("Sprawdzenie przeglądarki gotowe: można wysłać.")
    assert page.get_attribute(".browser-check", "role") == "status"
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    assert len(proofs) == 1
    expect(page.locator("#receipt-code")).to_be_visible()


def test_a_proof_that_is_never_believed_ends_in_words_and_keeps_the_draft(quiet: Visitor, origin: str) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "403 /v1/reports")
    page = quiet.open(origin)
    to_summary(page)
    tried = []

    def spoil(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        tried.append(body["proof"])
        route.continue_(post_data=json.dumps({**body, "proof": body["proof"][:-8]}))

    page.route("**/v1/reports", spoil)
    page.click(".panel-foot button")
    problem = page.locator(".problem:visible")
    expect(problem).to_contain_text("nie udało się trzy razy")
    expect(problem).to_contain_text("najbliższej jednostce policji")
    expect(page.locator(".answers")).to_contain_text(TEXT)
    assert len(set(tried)) == 3
    page.unroute("**/v1/reports")
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")


def test_an_old_challenge_is_renewed_before_sending(quiet: Visitor, origin: str) -> None:
    page = quiet.open(origin)
    page.clock.install()
    to_summary(page)
    expect(page.locator(".browser-check")).to_contain_text("gotowe")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/v1/challenge") else None)
    page.clock.fast_forward("16:00")
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    assert len(asked) == 1


def test_waiting_for_the_work_is_said_and_can_be_stopped(quiet: Visitor, origin: str) -> None:
    page = quiet.open(origin)
    hard = []

    def harder(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        # Work that no test would wait for; the signature is not what this is about.
        body["challenge"]["parameters"]["cost"] = 50_000_000
        hard.append(body)
        route.fulfill(response=answer, json=body)

    page.route("**/v1/challenge", harder)
    to_summary(page)
    expect(page.locator(".browser-check")).to_contain_text("kończy sprawdzenie")
    page.click(".panel-foot button")
    waiting = page.locator(".notes [role=status]")
    expect(waiting).to_contain_text("krótkie obliczenie")
    page.click("text=Przerwij")
    expect(waiting).to_be_hidden()
    expect(page.locator(".panel-foot button")).to_be_enabled()
    title(page, "Czy wszystko się zgadza?")
    expect(page.locator(".answers")).to_contain_text(TEXT)
    assert hard
