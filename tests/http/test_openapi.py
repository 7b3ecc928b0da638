"""The interface's description is true: it names every route, and every answer is of the form it gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from chalicelib.domain import errors
from chalicelib.domain.email import Address
from chalicelib.domain.errors import Problem
from chalicelib.domain.receipt import ReceiptKey, derive
from chalicelib.domain.subscription_token import Link, mint, subscription_id
from chalicelib.http.open311.answer import PREFIX
from chalicelib.http.openapi import OPERATIONS, document
from chalicelib.http.operation import HTML
from chalicelib.http.routes import PARTNER, POLICE, ROUTES
from chalicelib.services.proof import Asked
from tests.http.gateway import Answer, match
from tests.http.world import SEA, WARSAW, Citizen, World, draft

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"
HERE = f"lat={WARSAW[0]}&lon={WARSAW[1]}"
DOCUMENT = document("1.0.0", "https://example.org")
Met = tuple[str, str, int]
"""Path, method and status."""

VIEWS = {(path, method.lower()): view for path, methods in ROUTES.items() for method, view in methods.items()}


WISH: dict[str, Any] = {"email": "ala@example.org", "area": {"unit": "KSP"}, "language": "pl"}
FOREIGN = derive(ReceiptKey(1, b"another", b"map"), "device", UUID(KEY)).shown


def test_the_description_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    validate(DOCUMENT)


def test_it_is_served(world: World) -> None:
    answer = world.stranger().call("GET", "/v1/openapi.json")
    assert answer.body["paths"] == DOCUMENT["paths"]
    assert answer.body["info"]["version"] == world.box.settings.version


def test_it_names_every_route_and_no_other() -> None:
    described = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert described == VIEWS.keys()
    assert {view for (path, _), view in VIEWS.items() if not path.startswith(PREFIX)} == OPERATIONS.keys()


def test_every_problem_of_the_vocabulary_that_can_occur_is_described() -> None:
    described = {problem.code for operation in OPERATIONS.values() for problem in operation.problems}
    of_keys = {errors.KeyInvalid.code}
    everywhere = {errors.Internal.code, errors.Unavailable.code, errors.MethodNotAllowed.code}
    assert described | of_keys | everywhere == {problem.code for problem in every(Problem)}


def subscribing(world: World, stranger: Citizen) -> Iterator[tuple[Citizen, str, str, None, dict[str, str]]]:
    """The links of a subscription: confirmed, ended, and too late to be confirmed."""
    key, address = world.box.secrets.keyring.subscriptions, Address(WISH["email"])
    link = f"/v1/subscriptions/{mint(key, Link(subscription_id(key, address), world.clock.now))}"
    yield stranger, "POST", f"{link}/confirm", None, {}
    yield stranger, "POST", f"{link}/unsubscribe", None, {}
    yield stranger, "DELETE", f"{link}/unsubscribe", None, {}
    yield stranger, "POST", f"{link}/confirm", None, {}


def conversation(world: World) -> Iterator[tuple[str, str, Answer]]:
    """Call every operation in each way that it is meant to end."""
    eager = Citizen(world.clock, address="2001:db8::1")
    citizen, stranger, used = world.citizen(), world.stranger(), world.citizen()
    used.file()
    body: Mapping[str, Any] = draft(description="głośno", pattern={"days": [1], "parts": ["night"]})
    calls = [
        *(
            (citizen, "GET", path, None, {})
            for path in ("/v1/health", "/v1/catalogue", "/v1/rules", "/v1/openapi.json")
        ),
        (stranger, "GET", f"/v1/units/locate?{HERE}", None, {}),
        (stranger, "GET", "/v1/units/locate?lat=52.3&lon=22", None, {}),
        (stranger, "GET", f"/v1/units/locate?lat={SEA[0]}&lon={SEA[1]}", None, {}),
        (stranger, "GET", "/v1/units/locate", None, {}),
        (stranger, "POST", "/v1/challenge", {"idempotency_key": KEY}, {}),
        (used, "POST", "/v1/challenge", {"idempotency_key": KEY, "client": "api"}, {}),
        (stranger, "POST", "/v1/challenge", {}, {}),
        (stranger, "POST", "/v1/challenge", "{", {}),
        (stranger, "POST", "/v1/challenge", " " * 40_000, {}),
        (stranger, "POST", "/v1/challenge", "{}", {"Content_Type": "text/plain"}),
        (citizen, "POST", "/v1/reports", body, {"Idempotency_Key": KEY}),
        (citizen, "POST", "/v1/reports", body, {"Idempotency_Key": KEY}),
        (used, "POST", "/v1/reports", body, {"Idempotency_Key": KEY}),
        (stranger, "POST", "/v1/reports", body, {"Idempotency_Key": KEY}),
        (world.citizen(), "POST", "/v1/reports", draft(category="drug_use"), {"Idempotency_Key": KEY}),
        (world.citizen(), "POST", "/v1/reports", draft(category="drowning"), {"Idempotency_Key": KEY}),
        (world.citizen(), "POST", "/v1/reports", "{", {"Idempotency_Key": KEY}),
        (world.citizen(), "POST", "/v1/reports", " " * 40_000, {"Idempotency_Key": KEY}),
        (world.citizen(), "POST", "/v1/reports", "{}", {"Idempotency_Key": KEY, "Content_Type": "text/plain"}),
        (stranger, "GET", f"/v1/reports?{HERE}", None, {}),
        (stranger, "GET", "/v1/reports?lat=x", None, {}),
        (stranger, "GET", "/v1/reports/nothing", None, {}),
        (stranger, "POST", "/v1/receipt/withdraw", None, {}),
        (stranger, "POST", "/v1/receipt/withdraw", None, {"Receipt": FOREIGN}),
        (stranger, "POST", "/v1/receipt/answers", {"answer": "gone"}, {"Receipt": FOREIGN}),
        (stranger, "POST", "/v1/receipt/answers", {"answer": "text"}, {}),
        (stranger, "POST", "/v1/receipt/answers", "{", {"Receipt": FOREIGN}),
        (stranger, "POST", "/v1/receipt/answers", " " * 40_000, {"Receipt": FOREIGN}),
        (stranger, "POST", "/v1/receipt/answers", "{}", {"Content_Type": "text/plain"}),
        (stranger, "GET", "/v1/receipt", None, {}),
        (stranger, "GET", "/v1/receipt", None, {"Receipt": "x"}),
        (stranger, "GET", "/v1/receipt", None, {"Receipt": FOREIGN}),
        (stranger, "POST", "/v1/subscriptions", WISH, {}),
        (stranger, "POST", "/v1/subscriptions", {**WISH, "email": "x"}, {}),
        (stranger, "POST", "/v1/subscriptions", "{", {}),
        (stranger, "POST", "/v1/subscriptions", " " * 40_000, {}),
        (stranger, "POST", "/v1/subscriptions", "{}", {"Content_Type": "text/plain"}),
        *((eager, "POST", "/v1/subscriptions", WISH, {}) for _ in range(4)),
        (stranger, "POST", "/v1/subscriptions/x/confirm", None, {}),
        (stranger, "POST", "/v1/subscriptions/x/unsubscribe", None, {}),
        (stranger, "DELETE", "/v1/subscriptions/x/unsubscribe", None, {}),
        *subscribing(world, stranger),
    ]
    for who, method, target, sent, headers in calls:
        yield method, target, who.call(method, target, sent, **headers)
    filed = citizen.file(KEY).body
    world.clock.pass_by(hours=2)
    for target in (f"/v1/reports/{filed['id']}", f"/v1/reports?{HERE}"):
        yield "GET", target, stranger.call("GET", target)
    yield "POST", "/v1/reports", world.citizen().file()
    seen, said = f"/v1/reports/{filed['id']}/corroborations", {"Idempotency_Key": KEY}
    witness = world.citizen()
    for who, target, sent, headers in (
        (witness, seen, {"pattern": {"days": [5], "parts": ["night"]}}, said),
        (witness, seen, {}, said),
        (witness, seen, {}, {}),
        (witness, seen, "{", said),
        (witness, seen, " " * 40_000, said),
        (witness, seen, "{}", {**said, "Content_Type": "text/plain"}),
        (witness, seen.replace(filed["id"], "nothing"), {}, said),
        (stranger, seen, {}, said),
    ):
        yield "POST", target, who.call("POST", target, sent, **headers)
    for number in range(1, 4):
        other = world.citizen().file(lat=WARSAW[0] + number / 100).body
        target = seen.replace(filed["id"], other["id"])
        yield "POST", target, witness.call("POST", target, {}, **said)
    photo = {"content_type": "image/png", "size": 1}
    asked: list[tuple[Any, dict[str, str]]] = [
        *((photo, {}) for _ in range(4)),
        *((wrong, {}) for wrong in ("{", " " * 40_000, "{}")),
        ("{}", {"Content_Type": "text/plain"}),
        (photo, {"Receipt": FOREIGN}),
    ]
    for sent, changed in asked:
        given = {"Receipt": filed["receipt"], **changed}
        yield "POST", "/v1/receipt/uploads", stranger.call("POST", "/v1/receipt/uploads", sent, **given)
    yield "GET", "/v1/receipt", stranger.call("GET", "/v1/receipt", Receipt=filed["receipt"])
    world.clock.pass_by(hours=24)
    closed = stranger.call("POST", "/v1/receipt/uploads", photo, Receipt=filed["receipt"])
    yield "POST", "/v1/receipt/uploads", closed
    world.box._resources.proof = Asked(1, lambda: None)
    yield "POST", "/v1/reports", world.citizen().file()
    yield "POST", seen, witness.call("POST", seen, {}, **said)
    vars(world.box._resources).pop("proof")
    receipt = {"Receipt": filed["receipt"]}
    yield "POST", "/v1/receipt/answers", stranger.call("POST", "/v1/receipt/answers", {"answer": "gone"}, **receipt)
    world.casework.ask(filed["id"], "Kiedy?", 1)
    yield "GET", "/v1/receipt", stranger.call("GET", "/v1/receipt", **receipt)
    said = {"answer": "text", "text": "Wieczorem"}
    yield "POST", "/v1/receipt/answers", stranger.call("POST", "/v1/receipt/answers", said, **receipt)
    world.step(filed["id"], "verifying", "taken_up")
    yield "POST", "/v1/receipt/withdraw", stranger.call("POST", "/v1/receipt/withdraw", **receipt)
    other = world.citizen().file(category="vandalism").body
    world.casework.merge(other["id"], filed["id"], 1)
    world.step(filed["id"], "confirmed", "seen_at_check")
    receipt = {"Receipt": other["receipt"]}
    yield "GET", "/v1/receipt", stranger.call("GET", "/v1/receipt", **receipt)
    withdrawn = {"Receipt": world.citizen().file(category="speeding").body["receipt"]}
    yield "POST", "/v1/receipt/withdraw", stranger.call("POST", "/v1/receipt/withdraw", **withdrawn)


def undescribed(
    answers: Iterable[tuple[str, str, Answer]], concerns: Callable[[str], bool]
) -> set[tuple[str, str, int]]:
    """Hold each answer to its description; return what is described of the paths that it concerns and never came."""
    met: set[Met] = set()
    for method, target, answer in answers:
        path = match(target.partition("?")[0])[0]
        described = DOCUMENT["paths"][path][method.lower()]["responses"]
        met.add((path, method, answer.status))
        content = described[str(answer.status)]["content"][answer.headers["content-type"]]
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        body = answer.text if answer.headers["content-type"] == HTML else answer.body
        faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(body)]
        assert faults == [], (method, target)
    described_ones = {
        (path, method.upper(), int(status))
        for path, methods in DOCUMENT["paths"].items()
        if concerns(path)
        for method, operation in methods.items()
        for status in operation["responses"]
    }
    return {(path, method, status) for path, method, status in described_ones - met if status < 500}


def test_every_answer_is_of_the_form_described(world: World) -> None:
    # The façade is held to its description in tests/open311, what officers see in tests/police,
    # what institutions see in tests/partners.
    assert undescribed(conversation(world), lambda path: not path.startswith((PREFIX, POLICE, PARTNER))) == set()


def test_a_body_described_as_closed_is_closed(world: World) -> None:
    assert DOCUMENT["components"]["schemas"]["ReportBody"]["additionalProperties"] is False
    assert world.citizen().file(tier=1).status == 422


def every(problem: type[Problem]) -> set[type[Problem]]:
    """All classes below one."""
    return {deeper for below in problem.__subclasses__() for deeper in {below, *every(below)}}
