"""The pack in force: read through the pointer, noticed when it changes, kept when the store fails."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.config import Config

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.place import PackDamaged
from chalicelib.store.objects import Objects, PointerMoved
from chalicelib.store.places import POINTER, RECHECK, PlacesPack
from infra.places.areas import Area
from infra.places.builtin import ensure_places
from infra.places.compiler import compile_areas
from infra.places.publish import current, publish
from tests.places.conftest import ROOT
from tests.support.stacks import DataStack

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
HERE = (52.05, 19.05)


def pack_of(code: str) -> bytes:
    """One area of a tenth of a degree."""
    ring = [(19.0, 52.0), (19.1, 52.0), (19.1, 52.1), (19.0, 52.1), (19.0, 52.0)]
    return compile_areas([Area(code, [ring])]).pack


@pytest.fixture
def s3(clean_stack: DataStack) -> Any:
    return clean_stack.client("s3")


@pytest.fixture
def bucket(clean_stack: DataStack) -> str:
    return clean_stack.names["WORK_BUCKET"]


@pytest.fixture
def nowhere() -> Any:
    """An S3 client whose endpoint does not answer."""
    config = Config(connect_timeout=0.2, retries={"total_max_attempts": 1})
    return botocore.session.get_session().create_client(
        "s3",
        endpoint_url="http://127.0.0.1:9",
        region_name="eu-central-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=config,
    )


def test_published_pack_is_in_force(s3: Any, bucket: str) -> None:
    publish(s3, bucket, pack_of("2062"), "register", NOON)
    assert PlacesPack(s3, bucket).current(NOON).locate(*HERE).area == "2062"


def test_new_pack_is_noticed_after_a_minute_and_not_before(s3: Any, bucket: str) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    held = PlacesPack(s3, bucket)
    held.current(NOON)
    publish(s3, bucket, pack_of("2063"), "register", NOON)
    assert held.current(NOON + RECHECK - timedelta(seconds=1)).locate(*HERE).area == "2062"
    assert held.current(NOON + RECHECK).locate(*HERE).area == "2063"


def test_unchanged_pack_is_not_read_again(s3: Any, bucket: str) -> None:
    key = publish(s3, bucket, pack_of("2062"), "built-in", NOON)["key"]
    held = PlacesPack(s3, bucket)
    first = held.current(NOON)
    s3.delete_object(Bucket=bucket, Key=key)
    assert held.current(NOON + RECHECK) is first


def test_clock_that_runs_backwards_looks_again(s3: Any, bucket: str) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    held = PlacesPack(s3, bucket)
    held.current(NOON)
    publish(s3, bucket, pack_of("2063"), "register", NOON)
    assert held.current(NOON - timedelta(days=1)).locate(*HERE).area == "2063"


def test_store_without_a_pack_is_unavailable_and_recovers_at_once(s3: Any, bucket: str) -> None:
    held = PlacesPack(s3, bucket)
    with pytest.raises(Unavailable):
        held.current(NOON)
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    assert held.current(NOON).locate(*HERE).area == "2062"


def test_store_that_does_not_answer_is_unavailable(nowhere: Any) -> None:
    with pytest.raises(Unavailable):
        PlacesPack(nowhere, "none").current(NOON)


def test_earlier_pack_stays_in_force_while_the_store_fails(s3: Any, nowhere: Any, bucket: str) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    held = PlacesPack(s3, bucket)
    first = held.current(NOON)
    held._objects = Objects(nowhere, bucket)
    assert held.current(NOON + RECHECK) is first


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_G04_earlier_pack_stays_in_force_when_the_new_one_is_harmed(s3: Any, bucket: str, harm: str) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    held = PlacesPack(s3, bucket)
    first = held.current(NOON)
    key = publish(s3, bucket, pack_of("2063"), "register", NOON)["key"]
    if harm == "missing":
        s3.delete_object(Bucket=bucket, Key=key)
    else:
        s3.put_object(Bucket=bucket, Key=key, Body=pack_of("2064"))
    assert held.current(NOON + RECHECK) is first


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'"text"'])
def test_pointer_that_makes_no_sense_leaves_the_earlier_pack(s3: Any, bucket: str, body: bytes) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    held = PlacesPack(s3, bucket)
    first = held.current(NOON)
    s3.put_object(Bucket=bucket, Key=POINTER, Body=body)
    assert held.current(NOON + RECHECK) is first


def test_pointer_tells_what_is_in_force(s3: Any, bucket: str) -> None:
    told = publish(s3, bucket, pack_of("2062"), "register", NOON)
    assert current(s3, bucket) == told
    assert told["key"] == f"places/{told['sha256']}.pack"
    assert (told["boundaries"], told["origin"]) == ("exact", "register")
    assert told["imported_at"] == "2026-03-29T12:00:00+00:00"


def test_bytes_that_are_no_pack_are_not_published(s3: Any, bucket: str) -> None:
    with pytest.raises(PackDamaged):
        publish(s3, bucket, b"not a pack", "register", NOON)
    assert current(s3, bucket) is None


def test_pointer_moved_by_another_importer_is_not_overwritten(
    s3: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    put = Objects.put

    def slow_upload(self: Objects, *arguments: Any) -> None:
        """Let another importer finish between our look at the pointer and our move of it."""
        monkeypatch.setattr(Objects, "put", put)
        publish(s3, bucket, pack_of("2064"), "register", NOON)
        put(self, *arguments)

    monkeypatch.setattr(Objects, "put", slow_upload)
    with pytest.raises(PointerMoved):
        publish(s3, bucket, pack_of("2063"), "register", NOON)
    assert PlacesPack(s3, bucket).current(NOON).locate(*HERE).area == "2064"


def test_fresh_instance_gets_the_pack_of_its_folder(s3: Any, bucket: str) -> None:
    pointer = ensure_places(s3, bucket, ROOT / "instances" / "vancouver", NOON)
    assert pointer["origin"] == "built-in"
    assert PlacesPack(s3, bucket).current(NOON).locate(49.2827, -123.1207).area == "vancouver"


def test_start_never_replaces_an_imported_register(s3: Any, bucket: str, tmp_path: Path) -> None:
    told = publish(s3, bucket, pack_of("2062"), "register", NOON)
    assert ensure_places(s3, bucket, tmp_path, NOON + timedelta(days=1)) == told


def test_start_with_the_same_pack_writes_nothing(s3: Any, bucket: str) -> None:
    folder = ROOT / "instances" / "vancouver"
    told = ensure_places(s3, bucket, folder, NOON)
    assert ensure_places(s3, bucket, folder, NOON + timedelta(days=1)) == told


def test_start_replaces_the_built_in_pack_of_an_earlier_version(s3: Any, bucket: str) -> None:
    publish(s3, bucket, pack_of("2062"), "built-in", NOON)
    ensure_places(s3, bucket, ROOT / "instances" / "vancouver", NOON)
    assert PlacesPack(s3, bucket).current(NOON).locate(49.2827, -123.1207).area == "vancouver"
