"""`make partner`: adding, changing, tokens; what is in the way is said."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.store import partners
from infra.commands import partner
from infra.local.emulator import ROOT
from tests.http.world import World
from tests.partners.institutions import Institution
from tests.store.faults import faults, throttled

POLAND = ROOT / "instances" / "pl"
ADDED = ["--code", "ZDM", "--kind", "road", "--name", "Zarząd Dróg", "--areas", "1465,14", "--addresses", "a@b.example"]

Run = Callable[..., Any]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on the world's tables and return what it prints."""
    for name, value in world.stack.names.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SITE_URL", "https://czujka.example")

    def ran(*arguments: str) -> Any:
        # What requests have logged is nothing that the command prints.
        capsys.readouterr()
        code = partner.main(list(arguments))
        told = capsys.readouterr()
        return json.loads(told.out) if code == 0 else told.err

    return ran


def me(token: str) -> int:
    return Institution("ZDM", token).call("GET", "/v1/partner/me").status


def test_an_institution_is_added_with_a_token_that_is_shown_once(run: Run) -> None:
    made = run(*ADDED)
    assert me(made["token"]) == 200
    assert made["link"] == f"https://czujka.example/partner/#token={made['token']}"
    again = run(*ADDED)
    assert "token" not in again
    assert {name: again[name] for name in ("kind", "areas", "addresses")} == {
        "kind": "road",
        "areas": ["14", "1465"],
        "addresses": ["a@b.example"],
    }
    assert [each["code"] for each in run()] == ["ZDM"]
    assert me(made["token"]) == 200


def test_what_is_named_is_changed_and_the_rest_stays(run: Run) -> None:
    run(*ADDED)
    run("--code", "ZDM", "--areas", "1434", "--names", '{"pl": "Drogi", "en": "Roads"}')
    found = partners.find("ZDM")
    assert found is not None
    assert (found.kind, found.areas, found.known, found.names["en"]) == ("road", ("1434",), ("a@b.example",), "Roads")
    assert [each.code for each in partners.serving("1434")] == ["ZDM"]
    assert partners.serving("1465") == []


def test_tokens_are_replaced_and_taken_away(run: Run) -> None:
    first = run(*ADDED)["token"]
    second = run("--code", "ZDM", "--token", "new")["token"]
    assert (me(first), me(second)) == (401, 200)
    for _ in range(2):
        assert run("--code", "ZDM", "--token", "revoke")["token_expires"] is None
    assert me(second) == 401
    assert "token" not in run(*ADDED)


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        (["--kind", "circus"], "KIND="),
        (["--name", " "], "NAME="),
        (["--name", "x" * 101], "NAME="),
        (["--names", '{"en": "Roads"}'], "NAME="),
        (["--areas", "Wola"], "AREAS="),
        (["--areas", ",".join(map(str, range(1000, 1041)))], "AREAS="),
        (["--addresses", "nobody"], "no address"),
        (["--code", "zdm"], "capital letters"),
        (["--code", "A_B"], "capital letters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(run: Run, changes: list[str], advice: str) -> None:
    assert advice in run(*ADDED, *changes)
    assert partners.listed() == []


@pytest.mark.parametrize("arguments", [["--kind", "road"], ["--token", "new"], ["--code", "A", "--file", "x.json"]])
def test_a_wrong_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        partner.parse(arguments)


def test_a_new_institution_needs_kind_name_and_areas(run: Run) -> None:
    assert "KIND=" in run("--code", "ZDM")
    assert "NAME=" in run("--code", "ZDM", "--kind", "road")
    assert "AREAS=" in run("--code", "ZDM", "--kind", "road", "--name", "Z")


def test_a_file_adds_all_or_says_which_row_is_wrong(run: Run, tmp_path: Path) -> None:
    rows = json.loads((POLAND / "partners.json").read_text("utf-8"))
    assert run("--file", str(POLAND / "partners.json")) == {"changed": len(rows)}
    assert run("--file", str(POLAND / "partners.json")) == {"changed": 0}
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps([{**rows[0], "code": "NEW"}, {**rows[1], "areas": []}]))
    assert "AREAS=" in run("--file", str(bad))
    assert [each.code for each in partners.listed()] == sorted(row["code"] for row in rows)
    assert all(each.expires is None for each in partners.listed())


def test_a_fresh_instance_has_those_of_its_folder_and_an_operator_s_change_stays(world: World) -> None:
    client, table = world.stack.client("dynamodb"), world.stack.names["MAIN_TABLE"]
    count = partner.load_new(client, table, POLAND)
    assert count == len(partners.listed()) >= 2
    partners.save("PKP-PLK", "railway", {"pl": "Kolej"}, ["14"], [])
    assert partner.load_new(client, table, POLAND) == count
    found = partners.find("PKP-PLK")
    assert found is not None
    assert (found.names, found.areas) == ({"pl": "Kolej"}, ("14",))
    assert {"PKP-PLK", "SM-WARSZAWA"} <= {each.code for each in partners.serving("1465")}
    assert partner.load_new(client, table, ROOT / "instances" / "vancouver") == 0


def test_of_two_operators_at_once_one_is_told(world: World) -> None:
    partners.save("ZDM", "road", {"pl": "Z"}, ["14"], [])
    found = partners.find("ZDM")
    assert found is not None
    barrier, outcomes = Barrier(3), list[str]()

    def change(number: int) -> None:
        barrier.wait()
        try:
            partners.set_token(found, str(number), world.clock())
            outcomes.append("done")
        except partners.Changed:
            outcomes.append("told")

    threads = [Thread(target=change, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told", "told"]


def test_a_change_that_rests_on_an_old_look_is_not_written(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*ADDED)
    before = world.items("main", "PARTNER")
    plain = partners.is_unchanged
    monkeypatch.setattr(partners, "is_unchanged", lambda version: plain(version + 1))
    assert "same moment" in run("--code", "ZDM", "--areas", "1434")
    assert world.items("main", "PARTNER") == before


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("TransactWriteItems", lambda _: partners.save("ZDM", "road", {"pl": "Z"}, ["1465"], [])),
        ("UpdateItem", partners.revoke),
        ("UpdateItem", lambda _: partners.flag("ZDM", "a@b.example")),
    ],
    ids=["saved", "revoked", "flagged"],
)
def test_a_store_that_does_not_answer_is_not_taken_for_another_operator(
    world: World, operation: str, change: Callable[[partners.Partner], object]
) -> None:
    partners.save("ZDM", "road", {"pl": "Z"}, ["14"], ["a@b.example"])
    found = partners.find("ZDM", consistent=True)
    assert found is not None
    before = world.items("main", "PARTNER")
    with faults(*[throttled] * 3, operation=operation) as left, pytest.raises(PynamoDBException):
        change(found)
    assert left == []
    assert world.items("main", "PARTNER") == before
