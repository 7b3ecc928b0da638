"""The keys that everything secret is derived from."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from chalicelib.domain.errors import DeviceInvalid, Unavailable
from chalicelib.store.keys import instant
from chalicelib.store.secrets import FRESH, KEPT, KEY_BYTES, PAUSE, Keyring, Secrets, new_document
from tests.http.world import Clock, World

NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)


@pytest.fixture
def ssm(world: World) -> Iterator[Stubber]:
    """The parameter store, answering what the test says."""
    with Stubber(world.stack.client("ssm")) as stub:
        yield stub


def test_a_new_document_holds_five_different_keys() -> None:
    document = json.loads(new_document())
    (row,) = document["keys"]
    held = [document["imports"], *(row[name] for name in ("device", "k1", "k2"))]
    assert {len(bytes.fromhex(key)) for key in held} == {KEY_BYTES}
    assert len(set(held)) == 4
    assert new_document() != new_document()


def test_the_keys_are_read_once_in_five_minutes(ssm: Stubber) -> None:
    clock = Clock(NOON)
    for _ in range(2):
        ssm.add_response("get_parameter", {"Parameter": {"Value": new_document()}})
    secrets = Secrets(ssm.client, "/keys", clock)
    token = secrets.new_device().token
    clock.now += FRESH - timedelta(seconds=1)
    assert secrets.device(token).key_version == 1
    clock.now += timedelta(seconds=1)
    with pytest.raises(DeviceInvalid):
        secrets.device(token)
    ssm.assert_no_pending_responses()


def test_keys_that_cannot_be_read_are_tried_again(ssm: Stubber) -> None:
    ssm.add_client_error("get_parameter", "ThrottlingException")
    ssm.add_response("get_parameter", {"Parameter": {"Value": new_document()}})
    secrets = Secrets(ssm.client, "/keys")
    with pytest.raises(Unavailable):
        secrets.new_device()
    assert secrets.new_device().key_version == 1


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"imports": "00", "keys": []}', '{"imports": "0", "keys": [{}]}'])
def test_keys_that_make_no_sense_are_as_good_as_none(wrong: str, ssm: Stubber) -> None:
    ssm.add_response("get_parameter", {"Parameter": {"Value": wrong}})
    with pytest.raises(Unavailable):
        Secrets(ssm.client, "/keys").new_device()


def test_keys_are_believed_for_a_day_while_they_cannot_be_read(ssm: Stubber) -> None:
    clock = Clock(NOON)
    ssm.add_response("get_parameter", {"Parameter": {"Value": new_document()}})
    secrets = Secrets(ssm.client, "/keys", clock)
    token = secrets.new_device().token
    for passed in (timedelta(hours=1), KEPT):
        ssm.add_client_error("get_parameter", "InternalServerError")
        clock.now = NOON + passed
        assert secrets.device(token).key_version == 1
    ssm.add_client_error("get_parameter", "InternalServerError")
    clock.now = NOON + KEPT + PAUSE
    with pytest.raises(Unavailable):
        secrets.device(token)


def test_forged_tokens_make_no_more_than_one_reading_a_minute(ssm: Stubber) -> None:
    clock = Clock(NOON)
    for _ in range(2):
        ssm.add_response("get_parameter", {"Parameter": {"Value": new_document()}})
    secrets = Secrets(ssm.client, "/keys", clock)
    for second in range(0, 100, 10):
        clock.now = NOON + timedelta(seconds=second)
        with pytest.raises(DeviceInvalid):
            secrets.device(f"v9.{'A' * 22}.{'A' * 22}")
    ssm.assert_no_pending_responses()


def test_a_device_is_minted_under_the_newest_key_that_has_begun_and_known_under_any() -> None:
    rows: list[dict[str, Any]] = [
        {"version": n, "device": f"{n:064x}", "k1": "00", "k2": "00", "since": instant(NOON + timedelta(hours=n))}
        for n in (1, 2)
    ]
    early, late = (
        Keyring.from_document({"imports": "00", "keys": rows}, NOON + timedelta(hours=hours)) for hours in (1, 2)
    )
    assert [ring.mint(bytes(16)).key_version for ring in (early, late)] == [1, 2]
    assert early.verify(late.mint(bytes(16)).token).key_version == 2
    assert late.verify(early.mint(bytes(16)).token).key_version == 1
    assert early.proofs == late.proofs
    assert early.proof != late.proof


def test_a_retired_version_opens_receipts_alone() -> None:
    rows: list[dict[str, Any]] = [{"version": n, "device": f"{n:064x}", "k1": "00", "k2": "00"} for n in (1, 2)]
    token = Keyring.from_document({"imports": "00", "keys": rows[:1]}, NOON).mint(bytes(16)).token
    rows[0]["retired"] = instant(NOON)
    ring = Keyring.from_document({"imports": "00", "keys": rows}, NOON)
    with pytest.raises(DeviceInvalid):
        ring.verify(token)
    assert set(ring.proofs) == {2}
    assert ring.receipt_key(1) is not None


def test_no_key_shows_in_a_log() -> None:
    document = json.loads(new_document())
    shown = repr(Keyring.from_document(document, NOON).receipt)
    assert "version=1" in shown
    assert document["keys"][0]["k1"] not in shown
    assert "k1" not in shown
