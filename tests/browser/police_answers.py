"""Recorded answers of the police routes, for pages that are looked at without a stack; what was sent is kept."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route

from tests.browser import police_figures

NOW = datetime.fromtimestamp(time(), UTC)
UNIT = {"code": "KMP-LOMZA", "name": "Komenda Miejska Policji w Łomży", "short": "KMP Łomża"}
LEADING = ["unit_read", "unit_write", "test_mail"]
DEEDS = ["ask", "correct", "figures", "merge", "pause", "read", "step", "take_up", "transfer"]
CATEGORIES = ["speeding", "illegal_parking", "public_drinking", "vandalism", "illegal_dump", "road_infrastructure"]
PLACES = ["Łomża, Stary Rynek", "Łomża, Południe", "Piątnica", "Nowogród", "Zbójna", "Jedwabne"]
STATUSES = ["new", "verifying", "new", "confirmed", "new", "verifying"]


def moment(hours: float) -> str:
    """A moment so many hours from now."""
    return (NOW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def token() -> str:
    """What looks like an access token of a quarter of an hour; nobody here verifies it."""
    # From this moment, not from NOW: the tests before these may have taken longer than a token lasts.
    claims = {"sub": "officer", "exp": int(time()) + 15 * 60}
    parts = ({"alg": "RS256"}, claims)
    coded = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, "signature"])


def row(number: int) -> dict[str, Any]:
    """A case of the queue; the first two are overdue."""
    status = STATUSES[number % len(STATUSES)]
    hours = [-50.0, -5.0, 3.0, 26.0, 70.0, 120.0][number % 6] + number // 6 * 24
    return {
        "id": f"{number:032x}",
        "version": 3,
        "category": CATEGORIES[number % len(CATEGORIES)],
        "priority": 1 if number == 0 else 2,
        "status": status,
        "reason": None,
        "tier": 1,
        "unit": UNIT,
        "area": "2062",
        "area_name": "Łomża",
        "created_at": moment(-60 - number),
        "due": {
            "kind": {"new": "take_up", "verifying": "verify"}.get(status, "none"),
            "at": None if status == "confirmed" else moment(hours),
            "overdue": hours < 0,
            "paused": False,
        },
        "location": {"lat": 53.1781 + number * 0.004, "lon": 22.0594 + number * 0.006},
        "sources": 1 + number,
        "photos": number % 3,
        "has_text": True,
        "place": PLACES[number % len(PLACES)],
        "asked": number == 1,
        "answered": number == 1,
        "checked": [],
    }


def case(line: dict[str, Any]) -> dict[str, Any]:
    """The whole case of a row."""
    day = NOW.date().isoformat()
    steps: Any = {
        "new": [("verifying", ["taken_up"], []), ("joke", ["joke", "mistake"], [])],
        "verifying": [
            ("confirmed", ["seen_at_check", "known_to_police"], []),
            ("unconfirmed", ["not_present", "not_checkable", "not_a_threat"], ["checked"]),
            ("joke", ["joke", "mistake"], []),
        ],
        "confirmed": [
            ("eliminated", ["removed_by_police", "removed_by_other", "gone"], []),
            ("passed_on", ["other_body"], ["addressee"]),
        ],
    }.get(line["status"], [])
    event = {"seq": 1, "at": line["created_at"], "type": "accepted", "from": None, "to": "new", "reason": None}
    nothing = dict.fromkeys(
        ("by", "answer", "until", "addressee", "unit_from", "unit_to", "other", "whose", "text", "note"), None
    )
    return {
        **line,
        "occurred_at": None,
        "pattern": None,
        "boundaries": "approximate",
        "text": "Samochody pędzą przy szkole,\nnajczęściej w piątki wieczorem.",
        "photos": [{"slot": slot + 1, "state": "stored"} for slot in range(line["photos"])],
        "history": [{**nothing, **event, "checked": []}],
        "question": None,
        "sighted": {
            "sources": 6,
            "pattern": [
                {"day": 5, "part": "evening", "count": 5},
                {"day": 6, "part": "evening", "count": 3},
                {"day": 5, "part": "night", "count": 1},
            ],
        },
        "suggested": [{"day": day, "part": "evening", "score": 0.6, "why": "5 z 9 wskazań: piątek wieczorem"}],
        "steps": [{"to": to, "reasons": reasons, "needs": needs} for to, reasons, needs in steps],
        "merged_from": [],
        "merged_into": None,
        "addressees": [{"code": "ZDW-OLSZTYN", "kind": "road", "name": "Zarząd Dróg"}],
        "near": [{"id": f"{3:032x}", "status": "confirmed", "created_at": moment(-200), "distance_m": 42}],
        "links": {"public": None},
    }


@dataclass
class Desk:
    """The API as one unit sees it: cases that change with what is posted, and a network that can fail."""

    rows: dict[str, dict[str, Any]] = field(default_factory=lambda: {row(n)["id"]: row(n) for n in range(9)})
    posted: list[dict[str, Any]] = field(default_factory=list)
    offline: bool = False
    done: set[str] = field(default_factory=set)
    put: list[dict[str, Any]] = field(default_factory=list)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=police_figures.settings)
    leads: bool = True

    def unit(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """The unit's settings, kept where the version is the one that stands, and the test mail."""
        if path == "unit/test-mail":
            return 202, {"sent_to": self.settings["addresses"][1:], "skipped": self.settings["addresses"][:1]}
        if method == "PUT":
            self.put.append(body)
            if body["version"] != self.settings["version"]:
                return 409, {"status": 409, "code": "conflict", "detail": "Zmieniono.", "current": self.settings}
            if bad := [n for n, address in enumerate(body["addresses"]) if "@" not in address]:
                errors = [{"field": f"addresses.{n}", "code": "email", "message": "To nie jest adres."} for n in bad]
                return 422, {"status": 422, "code": "invalid", "detail": "Błąd.", "errors": errors}
            self.settings = {**self.settings, **body, "flagged": [], "version": body["version"] + 1}
        return 200, self.settings

    def attach(self, page: Page) -> None:
        """Answer the police routes of a page."""
        page.route("**/v1/police/**", self.answer)

    def open(self, page: Page, site: str, fragment: str = "#/cases") -> None:
        """Log in by link and go to a view."""
        self.attach(page)
        page.goto(f"{site}/policja/#/login?token={token()}")
        page.wait_for_selector("body[data-drawn='cases']")
        if fragment != "#/cases":
            page.evaluate("(to) => { location.hash = to }", fragment)
            view = fragment.removeprefix("#/").split("/")[0].split("?")[0]
            page.wait_for_selector(f"body[data-drawn='{view}']")

    def answer(self, route: Route) -> None:
        """One request."""
        if self.offline:
            route.abort("internetdisconnected")
            return
        parts = urlsplit(route.request.url)
        path = parts.path.removeprefix("/v1/police/")
        assert route.request.headers["authorization"].startswith("Bearer ")
        asked = route.request.headers.get("accept", "")
        if asked in police_figures.SHEETS.get(path, {}):
            self.sheets.append((path, asked))
            route.fulfill(body=police_figures.SHEETS[path][asked], content_type=asked)
            return
        if path.startswith("unit"):
            status, body = self.unit(route.request.method, path, route.request.post_data_json)
        elif route.request.method == "POST":
            status, body = self.post(path, route.request.post_data_json or {}, route.request.headers["idempotency-key"])
        else:
            status, body = self.get(path, parse_qs(parts.query))
        route.fulfill(status=status, json=body)

    def get(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        """Me, the queue by due time, or a case."""
        if path == "me":
            units = [{**UNIT, "parent": None}]
            return 200, {
                "subject": "officer",
                "role": "coordinator" if self.leads else "officer",
                "unit": units[0],
                "units": units,
                "deeds": DEEDS + LEADING if self.leads else DEEDS,
                "expires_at": moment(0.25),
            }
        if path == "reports":
            lines = [line for line in self.rows.values() if query.get("status", [line["status"]])[0] == line["status"]]
            lines = [line for line in lines if "overdue" not in query or line["due"]["overdue"]]
            lines.sort(key=lambda line: line["due"]["at"] or "9")
            return 200, {"reports": lines, "cursor": None, "now": moment(0)}
        if path in police_figures.ANSWERS:
            return 200, police_figures.ANSWERS[path]
        found = self.rows.get(path.removeprefix("reports/"))
        return (200, case(found)) if found else (404, {"status": 404, "code": "not_found", "detail": "Nie ma."})

    def post(self, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        """A deed: done once a key, refused where the version is an old one."""
        self.posted.append({"path": path, "key": key, **body})
        if path == "reports/take-up":
            for each in body["ids"]:
                self.move(each, "verifying")
            return 200, {"reports": [self.rows[each] for each in body["ids"]]}
        line = self.rows[path.split("/")[1]]
        if key not in self.done:
            if body["version"] != line["version"]:
                current = {name: line[name] for name in ("status", "reason", "version")}
                return 409, {"status": 409, "code": "conflict", "detail": "Zmieniono.", "current": current}
            self.done.add(key)
            if "to" in body:
                self.move(line["id"], body["to"])
        return 200, case(deepcopy(line))

    def move(self, each: str, status: str) -> None:
        """Let a case have a status, whoever has moved it."""
        line = self.rows[each]
        line.update(status=status, version=line["version"] + 1)
