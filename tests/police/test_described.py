"""What officers are answered is of the form that the interface's description gives."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from chalicelib.domain.report import Status
from chalicelib.domain.take_up_link import mint
from chalicelib.http.routes import POLICE, TAKE_UP_LINK
from chalicelib.services.files import JSON
from chalicelib.services.plan_files import Made, Week
from chalicelib.store import flags
from chalicelib.store.objects import Objects
from tests.http.gateway import Answer
from tests.http.test_openapi import undescribed
from tests.http.world import World
from tests.police.cases import with_photo
from tests.police.officers import Staff
from tests.receipt.cases import held_at


def conversation(world: World, staff: Callable[..., Staff]) -> Iterator[tuple[str, str, Answer]]:
    """Call every police operation in each way that it is meant to end."""
    officer, nobody = staff(), Staff(None)
    for who in (officer, nobody):
        yield "GET", "/v1/police/me", who.call("GET", "/v1/police/me")
    yield from reading(world, officer, nobody)
    yield from acting(world, officer, staff(None, "national"), nobody)
    yield from taking_up(world, officer, staff(None, "national"), nobody)
    yield from by_mail(world)
    yield from figures(officer, nobody)
    yield from plans(world, officer, nobody)
    yield from settings(world, staff("KSP", "coordinator"), officer, nobody)


def reading(world: World, officer: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Look at lists, cases, cards and photos."""
    queue, case = "/v1/police/reports", f"/v1/police/reports/{with_photo(world)}"
    photo = f"{case}/photos/1"
    for target in (queue, f"{queue}?limit=0", case, f"{case}/card", photo, f"{photo}?size=x"):
        for who in (officer, nobody):
            yield "GET", target, who.call("GET", target)
    for target in (f"{queue}/x", f"{queue}/x/card", f"{case}/photos/9"):
        yield "GET", target, officer.call("GET", target)


BODIES: dict[str, tuple[Status, dict[str, Any]]] = {
    "status": (Status.NEW, {"to": "joke", "reason": "joke"}),
    "transfer": (Status.NEW, {"unit": "KMP-RADOM"}),
    "location": (Status.NEW, {"lat": 52.24, "lon": 21.0}),
    "merge": (Status.NEW, {}),
    "question": (Status.NEW, {"text": "Gdzie?"}),
    "pause": (Status.VERIFYING, {"reason": "weather", "until": "2026-06-20"}),
    "resume": (Status.VERIFYING, {}),
}


def acting(world: World, officer: Staff, national: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Do everything with cases, and meet every refusal of it."""
    for act, (status, body) in BODIES.items():
        case = held_at(world, status)
        target, unknown = f"/v1/police/reports/{case.id}/{act}", f"/v1/police/reports/{'0' * 21}/{act}"
        if act == "resume":
            world.step(case.id, "joke", "joke")
            case = held_at(world, status)
            target = f"/v1/police/reports/{case.id}/{act}"
            paused = {"reason": "weather", "until": "2026-06-20", "version": 2}
            officer.call("POST", target.replace("resume", "pause"), paused)
        sound = {**body, "version": world.current(case.id).version}
        if act == "merge":
            sound["into"] = held_at(world, Status.NEW).id
        for who, to, said in (
            (nobody, target, sound),
            (national, target, sound if act != "transfer" else {**sound, "version": 7}),
            (officer, unknown, sound),
            (officer, target, {**sound, "version": 9}),
            (officer, target, {"version": "1"}),
            (officer, target, "{"),
            (officer, target, " " * 40_000),
            (officer, target, sound),
        ):
            yield "POST", to, who.call("POST", to, said)
        yield "POST", target, officer.call("POST", target, "x", Content_Type="text/plain")


def taking_up(world: World, officer: Staff, national: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Take up many cases at once, and be refused."""
    path, case = "/v1/police/reports/take-up", held_at(world, Status.NEW)
    sound = {"ids": [case.id], "versions": [1]}
    for who in (nobody, national, officer, officer):
        yield "POST", path, who.call("POST", path, sound)
    refused: tuple[object, ...] = ("{", " " * 40_000, {"ids": []})
    for body in refused:
        yield "POST", path, officer.call("POST", path, body)
    yield "POST", path, officer.call("POST", path, "x", Content_Type="text/plain")


def by_mail(world: World) -> Iterator[tuple[str, str, Answer]]:
    """Use the link of a mail while it works, and when it does not."""
    key, day, stranger = world.box.secrets.keyring.take_up_links, world.clock.now.date(), world.stranger()
    case, closed = held_at(world, Status.NEW), held_at(world, Status.JOKE)
    tokens = [mint(key, case.id, "KSP", day), mint(key, case.id, "KSP", day - timedelta(days=8)), "x"]
    for method in ("GET", "POST"):
        yield method, TAKE_UP_LINK, stranger.call(method, TAKE_UP_LINK)
        for token in (*tokens, mint(key, closed.id, "KSP", day)):
            yield method, TAKE_UP_LINK, stranger.call(method, TAKE_UP_LINK, Take_Up=token)


def figures(officer: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Ask for figures and for what is behind them."""
    for path in ("/v1/police/stats", "/v1/police/stats/reports"):
        for who, target in ((nobody, path), (officer, path), (officer, f"{path}?by=x")):
            yield "GET", target, who.call("GET", target)


def plans(world: World, officer: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Ask for the patrol plan of a week that has one, and of others."""
    path = "/v1/police/patrol-plan"
    week = Week.of(world.clock.now.date())
    work = Objects(world.box.s3, world.box.settings.work_bucket)
    work.put(week.key, Made(str(week), "v", "2026-06-08T00:10:00.000Z", "2025-12-08", "2026-06-07").dump(), JSON)
    targets = (path, f"{path}?week=2020-W01", f"{path}?week=x")
    for who, target in ((nobody, path), *((officer, target) for target in targets)):
        yield "GET", path, who.call("GET", target)


def settings(world: World, coordinator: Staff, officer: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Keep a unit's settings and try its addresses, and meet every refusal of it."""
    path = "/v1/police/unit"
    trial, foreign = f"{path}/test-mail", "?unit=KMP-LOMZA"
    sound = {
        "addresses": ["ksp@ksp.example"],
        "escalation": {"chief": []},
        "budget": {"mails_per_hour": 20},
        "version": 1,
    }
    for who, target in ((nobody, path), (officer, path), (coordinator, path + foreign), (coordinator, f"{path}?x=1")):
        yield "GET", target, who.call("GET", target)
    for who, target, said in (
        (nobody, path, sound),
        (officer, path, sound),
        (coordinator, path + foreign, sound),
        (coordinator, path, sound),
        (coordinator, path, {**sound, "addresses": ["other@ksp.example"]}),
        (coordinator, path, {}),
        (coordinator, path, "{"),
        (coordinator, path, " " * 40_000),
    ):
        yield "PUT", target, who.call("PUT", target, said)
    flags.flag("KSP", "ksp@ksp.example", world.clock(), "bounce")
    yield "GET", path, coordinator.call("GET", path)
    sound["version"] = 2
    yield "PUT", path, coordinator.call("PUT", path, sound)
    yield "PUT", path, coordinator.call("PUT", path, "x", Content_Type="text/plain")
    tests: tuple[tuple[Staff, object], ...] = (
        *((nobody, {}), (officer, {}), (coordinator, {"unit": "KMP-LOMZA"}), (coordinator, {"unit": 1})),
        *((coordinator, "{"), (coordinator, " " * 40_000), *[(coordinator, {})] * 4),
    )
    for who, asked in tests:
        yield "POST", trial, who.call("POST", trial, asked)
    yield "POST", trial, coordinator.call("POST", trial, "x", Content_Type="text/plain")


def test_every_answer_to_officers_is_of_the_form_described(world: World, staff: Callable[..., Staff]) -> None:
    assert undescribed(conversation(world, staff), lambda path: path.startswith(POLICE)) == set()
