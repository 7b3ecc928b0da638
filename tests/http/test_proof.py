"""Proof of work: what is asked for, what counts as solved, and that a solved challenge is worth one report."""

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import altcha
import pytest

from chalicelib.domain.proof import LEVELS, Work
from chalicelib.services.proof import Asked, challenge, holds
from chalicelib.store import control
from infra.commands import proof as command
from tests.http.gateway import Answer
from tests.http.world import NOON, SEA, Citizen, World, errors
from tests.store.faults import faults, throttled

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"
OTHER = "4f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"
EASY = Work(1, 3)
"""Cheap enough to be solved some thousand times in a test."""
SECRET = b"s" * 32
NOTHING = {"report": 0, "event": 0, "outbox": 0, "quota": 0}


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A map that asks for a little work."""
    monkeypatch.setattr("chalicelib.services.proof.LEVELS", {1: EASY, 2: EASY.times(2)})
    world.box._resources.proof = Asked(1, lambda: control.level(control.PROOF))
    yield world
    vars(world.box._resources).pop("proof")


def solved(made: dict[str, Any]) -> str:
    """Solve a challenge as the page does."""
    given = altcha.Challenge.from_dict(made)
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()


def ask(citizen: Citizen, key: str = KEY) -> Any:
    """Ask for a challenge; None where no work is asked for."""
    answer = citizen.call("POST", "/v1/challenge", {"idempotency_key": key, "client": "api"})
    assert answer.status == 200, answer.text
    return answer.body["challenge"]


def refused(answer: Answer) -> bool:
    return (answer.status, answer.body["code"]) == (403, "proof_invalid")


def test_where_no_work_is_asked_for_a_proof_is_ignored(world: World) -> None:
    assert ask(world.citizen()) is None
    assert world.citizen().file(proof="whatever").status == 201


def test_a_solved_challenge_lets_a_report_in(asked: World) -> None:
    citizen = asked.citizen()
    made = ask(citizen)
    assert made["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert (made["parameters"]["cost"], made["parameters"]["data"]["most"]) == (EASY.rounds, EASY.most)
    answer = citizen.file(KEY, proof=solved(made))
    assert answer.status == 201, answer.text


def test_L14_a_solved_challenge_sent_again_creates_nothing(asked: World) -> None:
    citizen = asked.citizen()
    proof = solved(ask(citizen))
    first = citizen.file(KEY, proof=proof)
    again = citizen.file(KEY, proof=proof)
    assert (first.status, again.status, again.text) == (201, 200, first.text)
    assert refused(citizen.file(OTHER, proof=proof))
    assert refused(asked.citizen().file(OTHER, proof=proof))
    assert asked.census()["report"] == 1


def test_L14_a_solved_challenge_sent_by_many_at_once_creates_one_report(asked: World) -> None:
    citizen = asked.citizen()
    proof = solved(ask(citizen))
    assert asked.box.places is not None
    count = 12
    barrier = Barrier(count)

    def post(number: int) -> int:
        barrier.wait()
        return citizen.file(KEY if number % 2 else OTHER, proof=proof).status

    with ThreadPoolExecutor(count) as pool:
        statuses = sorted(pool.map(post, range(count)))
    assert statuses == [200] * (count // 2 - 1) + [201] + [403] * (count // 2)
    assert asked.census() == {"report": 1, "event": 1, "outbox": 1, "quota": 1}


def opened(proof: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(base64.b64decode(proof))
    return parsed


def closed(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def changed(path: str, value: object) -> Callable[[str], str]:
    def change(proof: str) -> str:
        payload = opened(proof)
        *parents, last = path.split(".")
        held = payload
        for name in parents:
            held = held[name]
        held[last] = value
        return closed(payload)

    return change


FORGED: dict[str, Callable[[str], str | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: "",
    "no base64": lambda _: "ü ? %",
    "no json": lambda _: base64.b64encode(b"{").decode(),
    "no object": lambda _: closed([1, 2]),
    "half": lambda proof: proof[: len(proof) // 2],
    "too deep": lambda _: base64.b64encode(b"[" * 3000).decode(),
    "nothing in it": lambda _: closed({"challenge": {}, "solution": {}}),
    "wrong types": lambda _: closed({"challenge": {"parameters": []}, "solution": 5}),
    "another key": changed("challenge.parameters.data.for", "0" * 64),
    "longer life": changed("challenge.parameters.data.expires", 2**40),
    "other cost": changed("challenge.parameters.cost", EASY.rounds + 1),
    "other prefix": changed("challenge.parameters.keyPrefix", "00"),
    "no data": changed("challenge.parameters.data", None),
    "unsigned": changed("challenge.signature", None),
    "wrong signature": changed("challenge.signature", "0" * 64),
    "guessed key": changed("solution.derivedKey", "0" * 64),
    "solution of odd type": changed("solution.derivedKey", {"a": 1}),
    "signature for solution": lambda proof: changed(
        "solution.derivedKey", opened(proof)["challenge"]["parameters"]["keySignature"]
    )(proof),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_L14_a_forged_proof_is_refused_and_nothing_is_looked_up(
    asked: World, forge: Callable[[str], str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = asked.citizen()
    proof = forge(solved(ask(citizen)))
    monkeypatch.setattr("chalicelib.services.intake.Intake.file", None)
    answer = citizen.file(KEY, proof=proof)
    assert refused(answer), answer.text
    assert asked.census() == NOTHING


def test_a_proof_that_is_too_long_is_a_fault_of_its_field(asked: World) -> None:
    assert errors(asked.citizen().file(KEY, proof="A" * 5000)) == {("proof", "too_long")}


def test_who_has_no_proof_hears_first_what_is_wrong_with_the_body(asked: World) -> None:
    citizen = asked.citizen()
    assert errors(citizen.file(KEY, category="aliens")) == {("category", "unknown_category")}
    assert errors(citizen.file(KEY, proof=5)) == {("proof", "wrong_type")}
    assert citizen.call("POST", "/v1/reports", "[" * 9000, Idempotency_Key=KEY).body["code"] == "malformed"
    assert refused(citizen.file(KEY, lat=SEA[0], lon=SEA[1])), "the place is looked up for those who have worked"


@pytest.mark.parametrize(("minutes", "status"), [(19.9, 201), (20, 403), (60 * 24, 403)])
def test_a_challenge_lasts_twenty_minutes(asked: World, minutes: float, status: int) -> None:
    citizen = asked.citizen()
    proof = solved(ask(citizen))
    asked.clock.pass_by(minutes=minutes)
    assert citizen.file(KEY, proof=proof).status == status


def test_a_challenge_outlives_midnight(asked: World) -> None:
    citizen = asked.citizen()
    asked.clock.pass_by(hours=11, minutes=55)
    proof = solved(ask(citizen))
    asked.clock.pass_by(minutes=10)
    assert citizen.file(KEY, proof=proof).status == 201


def test_a_proof_made_under_another_secret_is_refused(asked: World) -> None:
    proof = solved(challenge(SECRET, UUID(KEY), EASY, NOON))
    assert refused(asked.citizen().file(KEY, proof=proof))


def test_who_was_accepted_and_lost_the_answer_finds_the_report_with_a_new_proof(asked: World) -> None:
    citizen = asked.citizen()
    first = citizen.file(KEY, proof=solved(ask(citizen)))
    asked.clock.pass_by(hours=1)
    assert refused(citizen.file(KEY))
    assert citizen.file(KEY, proof=solved(ask(citizen))).text == first.text


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_a_challenge_of_each_level_is_solved_within_its_numbers(level: int) -> None:
    work = Work(1, LEVELS[level].most)
    key = uuid4()
    made = challenge(SECRET, key, work, NOON)
    assert holds([SECRET], solved(made), key, NOON)
    counter = opened(solved(made))["solution"]["counter"]
    assert 0 <= counter <= work.most
    assert made["parameters"]["data"]["most"] == work.most


def test_the_operator_raises_the_work_and_lowers_it_again(
    asked: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("MAIN_TABLE", "QUOTA_TABLE"):
        monkeypatch.setenv(name, asked.stack.names[name])
    citizen = asked.citizen()

    def after(level: str, minutes: float = 1) -> int | None:
        assert command.main([level]) == 0
        asked.clock.pass_by(minutes=minutes)
        made = ask(citizen)
        return None if made is None else int(made["parameters"]["data"]["most"])

    assert after("2", minutes=0) == EASY.most, "a process goes by what it has read for a minute"
    assert after("2") == EASY.times(2).most
    assert after("0") is None
    assert citizen.file(OTHER).status == 201
    assert after("default") == EASY.most
    # The request after the command may have been logged below what the command printed.
    assert {"level": "default"} in [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("level", ["4", "-1", "much", ""])
def test_there_are_four_levels(level: str) -> None:
    with pytest.raises(SystemExit):
        command.main([level])


def test_a_switch_that_cannot_be_read_leaves_the_level_as_it_was(world: World) -> None:
    asked = Asked(1, lambda: control.level(control.PROOF))
    with faults(*[throttled] * 3, operation="GetItem"):
        assert asked.work(NOON) == LEVELS[1]
    control.set_level(control.PROOF, 3)
    world.clock.pass_by(minutes=2)
    assert asked.work(world.clock()) == LEVELS[3]
    world.clock.pass_by(minutes=2)
    with faults(*[throttled] * 3, operation="GetItem"):
        assert asked.work(world.clock()) == LEVELS[3]


def test_a_level_that_is_unknown_counts_for_nothing() -> None:
    assert Asked(2, lambda: 9).work(NOON) == LEVELS[2]


def test_the_switch_is_read_once_a_minute() -> None:
    reads: list[int] = []

    def read() -> int:
        reads.append(1)
        return 1

    asked, moment = Asked(0, read), NOON
    for _ in range(10):
        asked.work(moment)
    assert len(reads) == 1


def test_the_description_of_a_challenge_is_true(asked: World) -> None:
    described = asked.stranger().call("GET", "/v1/openapi.json").body["components"]["schemas"]
    made = ask(asked.citizen())
    work, parameters = described["Work"], described["WorkParameters"]
    assert set(made) == set(work["properties"])
    assert set(made["parameters"]) == set(parameters["properties"]) == set(parameters["required"])
