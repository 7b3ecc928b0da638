"""Institutions of the tests, and cases that lie before them."""

import json
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.partners import digest, minted
from chalicelib.store import partners
from tests.http.gateway import Answer, event, send
from tests.http.world import World
from tests.police.officers import Staff

NAMES = {"pl": "Zarząd Dróg", "en": "Roads", "uk": "Дороги"}


@dataclass
class Institution:
    """People at an institution, who hold its token."""

    code: str
    token: str | None

    def call(self, method: str, target: str, body: object = None, **headers: str) -> Answer:
        """Send a request with the token."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent["Partner-Token"] = self.token
        if body is not None:
            sent["Content-Type"] = "application/json"
        return send(event(method, target, headers=sent, body=None if body is None else json.dumps(body)))

    def answer(self, case: str, answer: str = "done", **words: str) -> Answer:
        """Answer a case."""
        return self.call("POST", f"/v1/partner/cases/{case}/answer", {"answer": answer, **words})

    def listed(self, status: str = "open") -> list[dict[str, Any]]:
        """The first page of a list."""
        answer = self.call("GET", f"/v1/partner/cases?status={status}")
        assert answer.status == 200, answer.text
        cases: list[dict[str, Any]] = answer.body["cases"]
        return cases


def hired(world: World, code: str = "ZDM", **changes: Any) -> Institution:
    """Add an institution that serves the area 1465 and give it a token."""
    given = {"kind": "road", "names": NAMES, "areas": ["1465"], "addresses": ["drogi@example.org"], **changes}
    partners.save(code, **given)
    return Institution(code, token_of(world, code))


def token_of(world: World, code: str, fill: bytes = b"\7") -> str:
    """Give an institution a token, which then is the only one that counts."""
    found = partners.find(code, consistent=True)
    assert found is not None
    token = minted(code, fill * 32)
    partners.set_token(found, digest(world.box.secrets.keyring.partner_tokens, token), world.clock())
    return token


def confirmed(world: World, **changes: Any) -> str:
    """File a case that the police then confirm; return its id."""
    report: str = world.citizen().file(description="kanarek", **changes).body["id"]
    for to, reason in (("verifying", "taken_up"), ("confirmed", "seen_at_check")):
        world.clock.pass_by(minutes=1)
        world.step(report, to, reason)
    return report


def pass_on(officer: Staff, world: World, report: str, code: str = "ZDM", **changes: Any) -> Answer:
    """Let an officer pass a case on to an institution."""
    body = {
        "to": "passed_on",
        "reason": "other_body",
        "addressee": {"partner": code, "note": "Od strony szkoły"},
        "public_note": "Prosimy o znak",
        "note": "wrona",
        "version": world.current(report).version,
        **changes,
    }
    return officer.call("POST", f"/v1/police/reports/{report}/status", body)


def passed(officer: Staff, world: World, code: str = "ZDM", **changes: Any) -> str:
    """Return the id of a case that was passed on."""
    report = confirmed(world, **changes)
    answer = pass_on(officer, world, report, code)
    assert answer.status == 200, answer.text
    return report


def history(officer: Staff, report: str) -> list[dict[str, Any]]:
    """Return what happened to a case, as an officer sees it."""
    events: list[dict[str, Any]] = officer.call("GET", f"/v1/police/reports/{report}").body["history"]
    return events
