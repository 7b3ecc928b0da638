"""The keys that everything secret is derived from."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from chalicelib.domain.errors import DeviceInvalid, Unavailable
from chalicelib.store.secrets import KEY_BYTES, Keyring, Secrets, new_document
from tests.http.world import World


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


def test_the_keys_are_read_once(ssm: Stubber) -> None:
    ssm.add_response("get_parameter", {"Parameter": {"Value": new_document()}})
    secrets = Secrets(ssm.client, "/keys")
    assert secrets.device(secrets.new_device().token).key_version == 1
    ssm.assert_no_pending_responses()


def test_keys_that_cannot_be_read_are_tried_again(ssm: Stubber) -> None:
    ssm.add_client_error("get_parameter", "ThrottlingException")
    ssm.add_response("get_parameter", {"Parameter": {"Value": new_document()}})
    secrets = Secrets(ssm.client, "/keys")
    with pytest.raises(Unavailable):
        secrets.new_device()
    assert secrets.new_device().key_version == 1


def test_a_device_is_minted_under_the_newest_key_and_known_under_any() -> None:
    rows: list[dict[str, Any]] = [{"version": n, "device": f"{n:064x}", "k1": "00", "k2": "00"} for n in (1, 2)]
    both = Keyring.from_document({"imports": "00", "keys": rows})
    first = Keyring.from_document({"imports": "00", "keys": rows[:1]})
    assert both.mint(bytes(16)).key_version == 2
    assert both.verify(first.mint(bytes(16)).token).key_version == 1
    with pytest.raises(DeviceInvalid):
        first.verify(both.mint(bytes(16)).token)


def test_no_key_shows_in_a_log() -> None:
    document = json.loads(new_document())
    shown = repr(Keyring.from_document(document).receipt)
    assert "version=1" in shown
    assert document["keys"][0]["k1"] not in shown
    assert "k1" not in shown
