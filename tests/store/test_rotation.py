"""`make rotate`: keys change under a running map, and nobody notices."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.errors import DeviceInvalid
from chalicelib.domain.receipt import derive
from chalicelib.store.secrets import FRESH, PAUSE, Keyring, Secrets, new_document, new_row
from infra.commands import instance, rotate
from infra.commands.rotate import LEAD, RECEIPTS, SERVICE, RotationRefused, rotated
from tests.http.world import Clock, World
from tests.support.stacks import DataStack

NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)
NAME = "/czujka/rotation/secrets"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ssm(data_stack: DataStack) -> Iterator[Any]:
    """A parameter store with a fresh document under `NAME`."""
    client = data_stack.client("ssm")
    client.put_parameter(Name=NAME, Value=new_document(), Type="SecureString", Overwrite=True)
    yield client
    client.delete_parameter(Name=NAME)


def versions(document: dict[str, Any]) -> list[int]:
    return [row["version"] for row in document["keys"]]


def test_at_no_moment_does_one_process_refuse_what_another_has_made(ssm: Any) -> None:
    clocks = [Clock(NOON - offset) for offset in (FRESH - MINUTE, timedelta(0))]
    processes = [Secrets(ssm, NAME, clock) for clock in clocks]
    for process in processes:
        process.new_device()
    rotate.rotate(ssm, NAME, NOON, at_once=False)
    minted = set()
    for minute in range(int((LEAD + 2 * FRESH) / MINUTE)):
        for clock in clocks:
            clock.now = NOON + minute * MINUTE
        key = uuid4()
        for maker in processes:
            made = maker.new_device()
            minted.add(made.key_version)
            for other in processes:
                known = other.device(made.token)
                receipt = derive(other.keyring.receipt[known.key_version], known.name, key)
                assert maker.keyring.receipt_key(receipt.key_version) is not None
                assert maker.keyring.proof in other.keyring.proofs.values()
    assert minted == {1, 2}, "the new version has come into service meanwhile"


def test_a_report_is_found_again_and_its_receipt_opens_it_after_the_keys_have_changed(
    world: World, ssm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen, key = world.citizen(), str(uuid4())
    first = citizen.file(key)
    name = world.box.settings.secrets_param
    before = json.loads(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])

    def with_keys(document: dict[str, Any]) -> None:
        ssm.put_parameter(Name=NAME, Value=json.dumps(document), Type="SecureString", Overwrite=True)
        monkeypatch.setattr(world.box._resources, "secrets", Secrets(ssm, NAME, Clock(NOON)))

    followed = rotated(before, NOON - SERVICE - LEAD, at_once=False).document
    with_keys(followed)
    assert citizen.file(key).text == first.text, "whoever lost the answer finds it under the old version"
    assert str(world.citizen().token).startswith("v2.")
    with_keys(rotated(followed, NOON, at_once=False).document)
    shown = citizen.call("GET", "/v1/receipt", Receipt=first.body["receipt"])
    assert (shown.status, shown.body["id"]) == (200, first.body["id"])
    assert citizen.file().body["code"] == "device_invalid", "its version is out of service"
    assert world.citizen().file().status == 201


def test_a_year_after_its_successor_a_version_is_retired_and_a_year_later_it_is_gone() -> None:
    document = json.loads(new_document())
    first = rotated(document, NOON, at_once=False)
    assert (first.added, first.retired, first.removed) == (2, [], [])
    early = rotated(first.document, NOON + LEAD + SERVICE - MINUTE, at_once=False)
    assert (early.added, early.retired, early.removed) == (3, [], [])
    second = rotated(first.document, NOON + LEAD + SERVICE, at_once=False)
    assert (second.added, second.retired, second.removed) == (3, [1], [])
    kept = rotated(second.document, NOON + LEAD + SERVICE + RECEIPTS - MINUTE, at_once=False)
    assert (kept.retired, kept.removed) == ([2], [])
    third = rotated(second.document, NOON + LEAD + SERVICE + RECEIPTS, at_once=False)
    assert (third.added, third.retired, third.removed) == (4, [2], [1])
    assert versions(third.document) == [2, 3, 4]
    assert third.document["imports"] == document["imports"], "or a file imported again would be doubled"
    assert versions(document) == [1], "what was read is not changed"


def test_receipts_open_at_least_as_long_as_they_are_promised_to() -> None:
    assert timedelta(days=366) <= RECEIPTS
    assert LEAD > 2 * FRESH, "even a process whose reading failed once knows the version before it begins"


def test_known_keys_end_at_once_and_nobody_loses_a_receipt() -> None:
    document = json.loads(new_document())
    old = Keyring.from_document(document, NOON)
    token = old.mint(bytes(16)).token
    ring = Keyring.from_document(rotated(document, NOON, at_once=True).document, NOON)
    with pytest.raises(DeviceInvalid):
        ring.verify(token)
    assert ring.mint(bytes(16)).key_version == 2
    assert old.proof not in ring.proofs.values()
    assert ring.receipt_key(1) == old.receipt_key(1)


def test_a_process_that_has_not_read_the_new_keys_reads_them_for_a_token_that_it_does_not_know(ssm: Any) -> None:
    clock = Clock(NOON)
    slow, quick = Secrets(ssm, NAME, clock), Secrets(ssm, NAME, clock)
    slow.new_device()
    rotate.rotate(ssm, NAME, NOON, at_once=True)
    token = quick.new_device().token
    clock.now += PAUSE
    assert slow.device(token).key_version == 2


def test_a_rotation_waits_for_the_one_before_but_not_where_keys_are_known() -> None:
    waiting = rotated(json.loads(new_document()), NOON, at_once=False).document
    with pytest.raises(RotationRefused, match=r"Version 2 begins at 2026-06-10T10:15:00\.000Z"):
        rotated(waiting, NOON + LEAD - MINUTE, at_once=False)
    assert rotated(waiting, NOON + LEAD, at_once=False).added == 3
    assert rotated(waiting, NOON, at_once=True).retired == [1, 2]


def test_numbers_come_round_and_none_is_given_twice() -> None:
    rows = [new_row(30), new_row(31), new_row(0)]
    assert rotated({"imports": "00", "keys": rows}, NOON, at_once=False).added == 1
    assert rotated({"imports": "00", "keys": [new_row(1), *rows]}, NOON, at_once=False).added == 2


def test_no_more_versions_are_made_than_the_parameter_holds() -> None:
    document = json.loads(new_document())
    for number in range(13):
        document = rotated(document, NOON + number * LEAD, at_once=False).document
    with pytest.raises(RotationRefused, match="full"):
        rotated(document, NOON + 13 * LEAD, at_once=False)
    assert len(json.dumps(document)) <= rotate.LARGEST


def test_of_two_operators_at_once_one_is_told(ssm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*arguments: Any, **options: Any) -> Any:
        monkeypatch.undo()
        rotate.rotate(ssm, NAME, NOON, at_once=False)
        return rotated(*arguments, **options)

    monkeypatch.setattr(rotate, "rotated", meanwhile)
    with pytest.raises(RotationRefused, match="Somebody else"):
        rotate.rotate(ssm, NAME, NOON, at_once=False)


def test_the_command_says_which_versions_and_shows_no_key(
    ssm: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRETS_PARAM", NAME)
    assert rotate.main([]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"added": 2, "retired": [], "removed": []}
    held = json.loads(ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]["Value"])
    assert not any(row[name] in printed.out + printed.err for row in held["keys"] for name in ("device", "k1", "k2"))
    assert rotate.main([]) == 1
    assert "begins at" in capsys.readouterr().err
    assert rotate.main(["--now"]) == 0
    assert json.loads(capsys.readouterr().out)["retired"] == [1, 2]


def test_without_an_instance_the_advice_is_how_to_start_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SECRETS_PARAM", raising=False)
    monkeypatch.setattr(instance, "LOCAL", tmp_path)
    assert rotate.main([]) == 1
    assert "make run" in capsys.readouterr().err
