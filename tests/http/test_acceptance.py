"""What a citizen's client may rely on, case by case, where no other file of this folder says it."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from chalicelib import container as composition
from chalicelib.container import Container
from tests.http.gateway import Answer
from tests.http.world import World, draft, errors

ODD = "psy & koty/ulica:1"
"""A code with everything that means something in an address."""

PERSONAL = "Zadzwoń: +48 601 234 567, kanarek@example.org, PESEL 44051401458, auto WX 12345"


@contextmanager
def changed(world: World, folder: Path, document: str, change: Callable[[Any], None]) -> Iterator[World]:
    """The same map with one document of its instance changed."""
    shutil.copytree(world.box.settings.instance_dir, folder)
    path = folder / f"{document}.json"
    held = json.loads(path.read_text("utf-8"))
    change(held)
    path.write_text(json.dumps(held), "utf-8")
    box = Container(world.stack.settings(INSTANCE_DIR=str(folder)), world.clock)
    composition.install(box)
    yield World(world.stack, box, world.clock)
    composition.install(world.box)


@pytest.fixture
def odd_world(world: World, tmp_path: Path) -> Iterator[World]:
    """The map with one more category, under a code of its own kind."""

    def add(catalogue: Any) -> None:
        names = {language: f"Psy i koty {language}" for language in ("pl", "en", "uk")}
        like = catalogue["categories"][0]
        catalogue["categories"].append(like | {"code": ODD, "names": names, "description_required": False})

    with changed(world, tmp_path / "instance", "catalogue", add) as other:
        yield other


@pytest.fixture
def wary_world(world: World, tmp_path: Path) -> Iterator[World]:
    """The map that holds whatever comes from one network."""

    def declare(instance: Any) -> None:
        instance["networks"] = [{"prefix": "198.51.100.0/24", "reports_per_day": 0, "note": "floods the map"}]

    with changed(world, tmp_path / "instance", "instance", declare) as other:
        yield other


def test_R04_what_leads_to_a_person_is_kept_for_the_police_and_shown_to_nobody(world: World) -> None:
    filed = world.citizen().file(description=PERSONAL)
    assert filed.status == 201
    world.clock.pass_by(hours=2)
    lat, lon = draft()["lat"], draft()["lon"]
    public = [
        world.stranger().call("GET", f"/v1/reports/{filed.body['id']}"),
        world.stranger().call("GET", f"/v1/reports?lat={lat}&lon={lon}"),
        world.stranger().call("GET", "/v1/receipt", Receipt=filed.body["receipt"]),
    ]
    assert [answer.status for answer in public] == [200, 200, 200]
    told = "".join(answer.text for answer in [filed, *public])
    assert [word for word in PERSONAL.split() if len(word) > 4 and word in told] == []


def test_R08_a_category_that_needs_words_names_what_is_missing(world: World) -> None:
    answer = world.citizen().file(category="dangerous_venue")
    assert (answer.status, errors(answer)) == (422, {("description", "description_required")})


@pytest.mark.parametrize(("words", "status"), [("0", 201), (" ", 422), ("", 422), ("\u200b", 422)])
def test_R09_a_nought_is_an_answer_and_a_blank_is_none(world: World, words: str, status: int) -> None:
    assert world.citizen().file(category="dangerous_venue", description=words).status == status


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("lat", "52.23", "wrong_type"),
        ("lon", None, "missing"),
        ("lat", [52.23], "wrong_type"),
        ("lat", True, "wrong_type"),
        ("category", 7, "wrong_type"),
        ("description", 7, "wrong_type"),
        ("occurred_at", 1_780_000_000, "wrong_type"),
        ("occurred_at", "2026-06-10 10:00", "not_a_time"),
        ("occurred_at", "10:00:0", "not_a_time"),
        ("occurred_at", "2026-02-30T10:00:00Z", "not_a_time"),
        ("pattern", "nights", "wrong_type"),
        ("acknowledge", "id", "wrong_type"),
    ],
)
def test_R11_a_value_of_another_type_is_a_fault_of_its_field(
    world: World, field: str, value: object, code: str
) -> None:
    answer = send_raw(world, {**draft(), field: value} if value is not None else without(field))
    assert (answer.status, errors(answer)) == (422, {(field, code)})


@pytest.mark.parametrize("left_out", [("lat",), ("lon",), ("lat", "lon")])
def test_R17_a_report_has_a_place(world: World, left_out: tuple[str, ...]) -> None:
    answer = send_raw(world, without(*left_out))
    assert (answer.status, errors(answer)) == (422, {(field, "missing") for field in left_out})


def test_R19_a_code_of_any_characters_works_from_end_to_end(odd_world: World) -> None:
    filed = odd_world.citizen().file(category=ODD)
    assert (filed.status, filed.body["category"]) == (201, ODD)
    odd_world.clock.pass_by(hours=2)
    lat, lon = draft()["lat"], draft()["lon"]
    found = odd_world.stranger().call("GET", f"/v1/reports?lat={lat}&lon={lon}&category={quote(ODD, safe='')}")
    assert [report["category"] for report in found.body["reports"]] == [ODD]


def test_L09_what_comes_from_a_blocked_network_looks_accepted_and_is_seen_by_nobody_but_the_police(
    wary_world: World,
) -> None:
    citizen = wary_world.citizen()
    citizen.address = "198.51.100.7"
    filed = citizen.file()
    assert (filed.status, filed.body["status"], filed.body["tier"]) == (201, "new", 2)
    wary_world.clock.pass_by(hours=2)
    lat, lon = draft()["lat"], draft()["lon"]
    stranger = wary_world.stranger()
    assert stranger.call("GET", f"/v1/reports/{filed.body['id']}").status == 404
    assert stranger.call("GET", f"/v1/reports?lat={lat}&lon={lon}").body["reports"] == []
    assert stranger.call("GET", "/v1/receipt", Receipt=filed.body["receipt"]).body["public"] is False


def test_L12_a_refusal_says_how_often_and_when_again_and_names_nobody(world: World) -> None:
    citizen = world.citizen()
    citizen.file()
    headers = citizen.file().headers
    assert headers["ratelimit-policy"] == '"day";q=1;w=86400'
    assert headers["ratelimit"] == f'"day";r=0;t={headers["retry-after"]}'


def test_V06_public_and_reporter_see_their_own_members_and_no_others(world: World) -> None:
    filed = world.citizen().file(description="kanarek").body
    public = world.stranger().call("GET", f"/v1/reports/{filed['id']}").body
    own = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"]).body
    kept_from_all = {"description", "text", "lat6", "lon6", "v", "kv", "origin", "boundaries", "source"}
    assert (public.keys() | own.keys()).isdisjoint(kept_from_all)
    assert public.keys().isdisjoint({"receipt", "history", "due", "tier", "question", "created_at"})


def send_raw(world: World, body: dict[str, Any]) -> Answer:
    """File exactly this body."""
    return world.citizen().call("POST", "/v1/reports", json.dumps(body), Idempotency_Key=str(uuid4()))


def without(*fields: str) -> dict[str, Any]:
    """A sound body that lacks fields."""
    return {name: value for name, value in draft().items() if name not in fields}
