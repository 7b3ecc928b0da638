"""What everything that changes a case costs in write units, from the door to the answer, by how much is said.

Each change is made ready unbilled and then made once, as officers, reporters and institutions make it. What the answer
writes belongs to it: who was shown the case's words. Ordinary are the changes that an officer makes to one case and
that nobody has to be told of; the others also write to whoever waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from chalicelib.domain.report import Status
from chalicelib.domain.take_up_link import mint
from chalicelib.services.bulk import MOST
from chalicelib.services.login import Logins
from chalicelib.store.login_keys import LoginKeys
from chalicelib.store.models import connection
from tests.bench import stage
from tests.bench.units import Bill, Meter
from tests.http.gateway import Answer
from tests.http.world import NOON, World
from tests.partners.institutions import Institution, hired
from tests.police.officers import CLIENT, ISSUER, Staff, serving
from tests.receipt.cases import Held, held_at

GOAL = 13
"""Write units of an ordinary change with words of the usual length, entries of indexes among them."""

WORDS = "Samochody stoją na przejściu przy szkole, piesi schodzą na jezdnię. Pod blokiem 7 to samo co dzień rano. " * 5
MANY = f"taken_up_{MOST}_at_once"
UNIT, OTHER = "KSP", "KMP-RADOM"
WEST, EAST = {"lat": 52.3, "lon": 21.3}, {"lat": 52.3, "lon": 21.9}
"""Where a case is found to be: in the area of its own unit, and in another's."""

Place = dict[str, Any]
Ready = Callable[[], Answer]


@dataclass(frozen=True)
class Said:
    """Characters of a report's text, and of each of an officer's two notes or of what another says."""

    report: int
    note: int


SAID = {"nothing": Said(0, 0), "usual": Said(200, 200), "longest": Said(500, 500)}


def places() -> Iterator[Place]:
    """Yield points in the area of `UNIT`, five kilometres from each other."""
    yield from (
        {"lat": 51.85 + 0.05 * row, "lon": 20.55 + 0.08 * column} for row, column in product(range(19), range(11))
    )


@dataclass
class Desk:
    """Officers, an institution, and cases with as many words as are said here; `hire` logs an officer in, now."""

    world: World
    hire: Callable[[], Staff]
    institution: Institution
    said: Said
    places: Iterator[Place] = field(default_factory=places)

    def case(self, status: Status = Status.NEW) -> Held:
        """File a case and bring it to a status."""
        case = held_at(self.world, status, description=self._words(self.said.report), **next(self.places))
        self.world.clock.pass_by(minutes=1)
        return case

    def passed(self) -> Held:
        """Pass a case on to the institution."""
        case = self.case(Status.CONFIRMED)
        whom = {"addressee": {"partner": self.institution.code}}
        _taken(self.does(case, "status", to="passed_on", reason="other_body", **whom)())
        return case

    def does(self, case: Held, act: str, **body: Any) -> Ready:
        """Return the officer's request, with two notes where words are said."""
        notes = {} if act == "question" else {"note": self.note, "public_note": self.note}
        said = {name: words for name, words in notes.items() if words is not None}
        given = {"version": self.world.current(case.id).version, **said, **body}
        return lambda: self.hire().call("POST", f"/v1/police/reports/{case.id}/{act}", given)

    def steps(self, case: Held, to: str, reason: str, **body: Any) -> Ready:
        """Return the officer's request for a step of the table."""
        return self.does(case, "status", to=to, reason=reason, **body)

    @property
    def note(self) -> str | None:
        """What is said in a note."""
        return self._words(self.said.note)

    def _words(self, length: int) -> str | None:
        return WORDS[:length].strip() or None


def _looks(desk: Desk, *windows: int) -> Ready:
    case = desk.case(Status.VERIFYING)
    seen = [{"day": day.isoformat(), "part": part.value} for day, part in desk.world.windows(case.id)]
    return desk.steps(case, "unconfirmed", "not_present", checked=[seen[window] for window in windows])


def _passes_on(desk: Desk, **whom: str) -> Ready:
    brief = {"note": desk.note} if "partner" in whom and desk.note else {}
    return desk.steps(desk.case(Status.CONFIRMED), "passed_on", "other_body", addressee={**whom, **brief})


def _resumes(desk: Desk) -> Ready:
    case = desk.case(Status.VERIFYING)
    _taken(desk.does(case, "pause", reason="weather", until="2026-06-30")())
    return desk.does(case, "resume")


def _answers(desk: Desk) -> Ready:
    case = desk.case(Status.VERIFYING)
    case.ask()
    return lambda: case.say("text", desk.note or "Tak")


def _says_still(desk: Desk) -> Ready:
    case = desk.case(Status.ELIMINATED)
    return lambda: case.say("still_there")


def _takes_up_by_link(desk: Desk) -> Ready:
    case, world = desk.case(), desk.world
    token = mint(world.box.secrets.keyring.take_up_links, case.id, UNIT, world.clock.now.date())
    return lambda: world.stranger().call("POST", "/v1/police/take-up-link", {}, Take_Up=token)


def _takes_up_many(desk: Desk) -> Ready:
    body = {"ids": [desk.case().id for _ in range(MOST)], "versions": [1] * MOST}
    return lambda: desk.hire().call("POST", "/v1/police/reports/take-up", body)


def _partner_says(desk: Desk, answer: str, **words: str) -> Ready:
    case = desk.passed()
    said = words if desk.note is None else {**words, "text": desk.note}
    return lambda: desk.institution.answer(case.id, answer, **said)


ORDINARY: dict[str, Callable[[Desk], Ready]] = {
    "taken_up": lambda desk: desk.steps(desk.case(), "verifying", "taken_up"),
    "taken_up_by_link": _takes_up_by_link,
    "confirmed": lambda desk: desk.steps(desk.case(Status.VERIFYING), "confirmed", "seen_at_check"),
    "nobody_there_once": lambda desk: _looks(desk, 0),
    "nobody_there_twice": lambda desk: _looks(desk, 0, 1),
    "no_threat": lambda desk: desk.steps(desk.case(Status.VERIFYING), "unconfirmed", "not_a_threat"),
    "eliminated": lambda desk: desk.steps(desk.case(Status.CONFIRMED), "eliminated", "gone"),
    "passed_on_to_a_body": lambda desk: _passes_on(desk, name="Zarząd Dróg Miejskich", contact="tel. 22 000 00 00"),
    "asked": lambda desk: desk.does(desk.case(), "question", text=desk.note or "Po której stronie drogi?"),
    "paused": lambda desk: desk.does(desk.case(Status.VERIFYING), "pause", reason="weather", until="2026-06-30"),
    "resumed": _resumes,
    "moved_within_the_unit": lambda desk: desk.does(desk.case(), "location", **WEST),
}
"""What an officer does to one case."""

OTHERS: dict[str, Callable[[Desk], Ready]] = {
    "transferred": lambda desk: desk.does(desk.case(), "transfer", unit=OTHER, reason="other_area"),
    "moved_to_another_unit": lambda desk: desk.does(desk.case(), "location", **EAST),
    "passed_on_to_an_institution": lambda desk: _passes_on(desk, partner=desk.institution.code),
    "taken_back_from_an_institution": lambda desk: desk.steps(desk.passed(), "confirmed", "returned"),
    "merged": lambda desk: desk.does(desk.case(), "merge", into=desk.case().id),
    "reporter_withdraws": lambda desk: desk.case().withdraw,
    "reporter_answers": _answers,
    "reporter_sees_it_still": _says_still,
    "institution_done": lambda desk: _partner_says(desk, "done"),
    "institution_not_ours": lambda desk: _partner_says(desk, "not_ours", whose="Gmina Wołomin"),
    MANY: _takes_up_many,
}
"""What others are told of, what touches two cases, and what is not an officer's."""


def billed(desk: Desk, meter: Meter, make: Callable[[Desk], Ready]) -> Bill:
    """Make one change ready on a day at noon, and return what it costs to make it."""
    desk.world.clock.now = NOON
    ready = make(desk)
    with meter.bill() as bill:
        answer = ready()
    _taken(answer)
    return bill


def run() -> dict[str, Any]:
    """Write units of each change by how much is said, entries of indexes among them, and in brackets those alone."""
    with stage.world() as world, serving() as pool:
        vars(world.box._resources)["logins"] = Logins(LoginKeys(pool.url), ISSUER, CLIENT)
        institution, meter = hired(world), Meter(connection().client, world.stack.client("dynamodb"))
        spots, units = places(), dict[str, dict[str, str]]()

        def hire() -> Staff:
            return Staff(pool.token(pool.claims(world.clock, "officer", UNIT)))

        for length, said in SAID.items():
            desk = Desk(world, hire, institution, said, spots)
            for name, make in (ORDINARY | OTHERS).items():
                bill = billed(desk, meter, make)
                units.setdefault(name, {})[length] = f"{bill.write + bill.index} ({bill.index})"
    usual = {name: int(units[name]["usual"].partition(" ")[0]) for name in ORDINARY}
    return {
        "characters": {length: [said.report, said.note] for length, said in SAID.items()},
        "write_units": units,
        "goal_of_an_ordinary_change": GOAL,
        "beyond_the_goal": [name for name, each in usual.items() if each > GOAL],
    }


def _taken(answer: Answer) -> None:
    if answer.status != 200:
        raise AssertionError(answer.text)
