"""API keys: shown once, kept as a hash, listed, revoked; made by the operator's command."""

import json
from threading import Barrier, Thread

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib.domain.errors import KeyInvalid
from chalicelib.store import apikeys
from infra.commands import apikey
from tests.http.world import World
from tests.open311.client import Client, keyed
from tests.store.faults import faults, forbidden

MADE = "2026-06-01T00:00:00.000Z"


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The operator's command finds the tables in its environment."""
    for name, value in world.stack.names.items():
        monkeypatch.setenv(name, value)
    return world


def test_a_key_is_found_and_nothing_of_it_is_kept_but_its_hash(world: World) -> None:
    key = apikeys.make("city-app", 7, 1, MADE)
    found = apikeys.find(key)
    assert (found.label, found.limit, found.active, found.key_version) == ("city-app", 7, True, 1)
    assert found.name == apikeys.digest(key)
    items = [*world.items("main", "KEY#"), *world.items("main", "KEYS")]
    assert len(items) == 2
    assert key.removeprefix(apikeys.PREFIX) not in str(items)


def test_no_two_keys_are_alike(world: World) -> None:
    assert len({apikeys.make(f"key-{number}", 1, 1, MADE) for number in range(5)}) == 5
    assert len(world.items("main", "KEY#")) == 5


def test_of_two_keys_of_one_name_one_is_made(world: World) -> None:
    barrier, outcomes = Barrier(4), list[str]()

    def make() -> None:
        barrier.wait()
        try:
            apikeys.make("city-app", 1, 1, MADE)
            outcomes.append("made")
        except apikeys.NameTaken:
            outcomes.append("taken")

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "taken", "taken", "taken"]
    assert len(world.items("main", "KEY#")) == 1


def test_a_revoked_key_files_no_more_and_its_name_is_not_used_again(world: World) -> None:
    key = apikeys.make("city-app", 1, 1, MADE)
    for _ in range(2):
        apikeys.revoke("city-app")
    with pytest.raises(KeyInvalid):
        apikeys.find(key)
    with pytest.raises(apikeys.NameTaken):
        apikeys.make("city-app", 1, 1, MADE)
    assert [(each.label, each.active) for each in apikeys.listed()] == [("city-app", False)]
    assert world.census()["report"] == 0


@pytest.mark.usefixtures("world")
def test_what_is_not_there_cannot_be_revoked() -> None:
    with pytest.raises(apikeys.NoSuchKey):
        apikeys.revoke("nobody")
    assert apikeys.listed() == []


def test_the_command_makes_lists_and_revokes(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert apikey.main(["--name", "city-app", "--limit", "3"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert Client(command, made["key"]).post().status == 200
    capsys.readouterr()
    assert apikey.main([]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert {**listed, "created": ""} == {"name": "city-app", "limit": 3, "active": True, "created": ""}
    assert made["key"] not in str(listed)
    assert apikey.main(["--name", "city-app", "--revoke"]) == 0
    assert Client(command, made["key"]).post(lat=52.3).status == 403


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [(["--name", "taken", "--limit", "1"], "Choose another name"), (["--name", "nobody", "--revoke"], "no key called")],
)
@pytest.mark.usefixtures("command")
def test_the_command_says_what_is_in_the_way(
    arguments: list[str], advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    apikeys.make("taken", 1, 1, MADE)
    assert apikey.main(arguments) == 1
    assert advice in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--name", "x"], ["--limit", "5"], ["--revoke"], ["--name", "city-app", "--limit", "0"]),
        *(["--name", "City App", "--limit", "1"], ["--name", "city-app", "--limit", "100001"], ["--limit", "x"]),
    ],
)
def test_a_wrong_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        apikey.parse(arguments)


def test_L03_of_many_at_once_no_more_are_taken_than_the_limit(world: World) -> None:
    small = keyed(world, "small", limit=2)
    barrier, statuses = Barrier(5), list[int]()

    def file(number: int) -> None:
        barrier.wait()
        statuses.append(small.post(lat=52.0 + number / 8).status)

    threads = [Thread(target=file, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 429, 429, 429]
    assert world.census()["report"] == 2


@pytest.mark.usefixtures("world")
def test_a_store_that_fails_is_not_mistaken_for_a_name_that_is_taken() -> None:
    with faults(forbidden), pytest.raises(TransactWriteError):
        apikeys.make("city-app", 1, 1, MADE)
    assert apikeys.make("city-app", 1, 1, MADE)
