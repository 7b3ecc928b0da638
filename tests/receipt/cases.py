"""Cases brought to where a test wants them, by the steps that lead there."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.report import Status
from tests.http.gateway import Answer
from tests.http.world import World

TAKEN_UP = ("verifying", "taken_up")
WAYS: dict[Status, list[tuple[str, str]]] = {
    Status.NEW: [],
    Status.VERIFYING: [TAKEN_UP],
    Status.CONFIRMED: [TAKEN_UP, ("confirmed", "seen_at_check")],
    Status.PASSED_ON: [TAKEN_UP, ("confirmed", "seen_at_check"), ("passed_on", "other_body")],
    Status.UNCONFIRMED: [TAKEN_UP, ("unconfirmed", "not_present")],
    Status.ELIMINATED: [TAKEN_UP, ("confirmed", "known_to_police"), ("eliminated", "gone")],
    Status.JOKE: [("joke", "joke")],
    Status.WITHDRAWN: [("withdrawn", "taken_back")],
    Status.MERGED: [("merged", "same_case")],
}
"""The steps from the acceptance to each status."""


@dataclass(frozen=True)
class Held:
    """A case and its receipt in a reporter's hands."""

    world: World
    id: str
    receipt: str

    def look(self) -> Answer:
        """Open the receipt."""
        return self.world.stranger().call("GET", "/v1/receipt", Receipt=self.receipt)

    def say(self, answer: str, text: object = None) -> Answer:
        """Answer by receipt."""
        body = {"answer": answer} if text is None else {"answer": answer, "text": text}
        return self.world.stranger().call("POST", "/v1/receipt/answers", body, Receipt=self.receipt)

    def withdraw(self) -> Answer:
        """Take the report back."""
        return self.world.stranger().call("POST", "/v1/receipt/withdraw", Receipt=self.receipt)

    def ask(self, question: str = "Po której stronie drogi?") -> None:
        """Let the police ask."""
        self.world.casework.ask(self.id, question, self.world.current(self.id).version)

    def go(self, *statuses: str) -> None:
        """Let the police take these steps, a minute apart, for the first reason that fits."""
        for status in statuses:
            self.world.clock.pass_by(minutes=1)
            self.world.step(self.id, status, REASONS[status])

    def items(self) -> list[dict[str, Any]]:
        """Everything that is kept of the case, alerts included."""
        return [
            item
            for item in self.world.items("main")
            if item.get("id", {}).get("S") == self.id or self.id in item["PK"]["S"]
        ]


REASONS = {
    "verifying": "taken_up",
    "confirmed": "seen_at_check",
    "unconfirmed": "not_present",
    "eliminated": "gone",
    "passed_on": "other_body",
    "joke": "joke",
}


def held(world: World, **changes: Any) -> Held:
    """A case that has just been filed."""
    filed = world.citizen().file(**changes).body
    return Held(world, filed["id"], filed["receipt"])


def held_at(world: World, status: Status, **changes: Any) -> Held:
    """A case that stands in a status."""
    case = held(world, **changes)
    for to, reason in WAYS[status]:
        world.clock.pass_by(minutes=1)
        if to == "merged":
            world.casework.merge(case.id, held(world).id, 1)
        else:
            world.step(case.id, to, reason, actor="reporter" if to == "withdrawn" else "police")
    return case
