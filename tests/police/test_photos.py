"""`GET /v1/police/reports/{id}/photos/{slot}`: the address of a photo, for a minute, after a note of who looks."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from pynamodb.exceptions import PutError

from chalicelib.store import keys
from tests.http.world import NOON, World, errors
from tests.police.cases import with_photo
from tests.police.test_queue import Hire
from tests.support.whole import send


@pytest.fixture
def pictured(world: World) -> str:
    """A case with one photo that is kept and a place for another."""
    return with_photo(world)


def ask(staff: Any, case: str, slot: int | str = 1, query: str = "") -> Any:
    return staff.call("GET", f"/v1/police/reports/{case}/photos/{slot}{query}")


def test_a_photo_has_an_address_for_a_minute(staff: Hire, pictured: str) -> None:
    answer = ask(staff(), pictured)
    assert answer.status == 200, answer.text
    assert answer.body.keys() == {"url", "expires_at"}
    assert answer.body["expires_at"] == keys.instant(NOON + timedelta(seconds=60))
    assert "X-Amz-Expires=60" in answer.body["url"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("size", "width"), [("full", 1200), ("small", 320)])
def test_the_address_gives_the_clean_copy_and_tells_to_keep_nothing(
    staff: Hire, pictured: str, size: str, width: int
) -> None:
    fetched = send("GET", ask(staff(), pictured, query=f"?size={size}").body["url"], None, {})
    assert fetched.status == 200
    assert fetched.headers["cache-control"] == "private, no-store"
    assert Image.open(io.BytesIO(fetched.body)).width == width


def test_the_case_says_which_photos_there_are(staff: Hire, pictured: str) -> None:
    body = staff().call("GET", f"/v1/police/reports/{pictured}").body
    assert body["photos"] == [{"slot": 1, "state": "stored"}, {"slot": 2, "state": "issued"}]
    (row,) = staff().call("GET", "/v1/police/reports").body["reports"]
    assert row["photos"] == 1


@pytest.mark.parametrize("slot", [2, 3, "01", "x", "1%2F..%2F1"])
def test_where_no_photo_is_kept_there_is_nothing(staff: Hire, world: World, pictured: str, slot: int | str) -> None:
    assert ask(staff(), pictured, slot).status == 404
    assert world.items("main", "A#") == []


def test_a_size_that_there_is_not_is_a_fault(staff: Hire, pictured: str) -> None:
    answer = ask(staff(), pictured, query="?size=large")
    assert (answer.status, errors(answer)) == (422, {("size", "unknown_value")})


def test_whoever_looks_at_a_photo_is_noted(world: World, staff: Hire, pictured: str) -> None:
    ask(staff(), pictured)
    (note,) = world.items("main", "A#")
    assert (note["deed"]["S"], note["report"]["S"]) == ("photo", pictured)


def test_where_the_note_cannot_be_written_no_address_is_given(
    monkeypatch: pytest.MonkeyPatch, staff: Hire, pictured: str
) -> None:
    def down(*_: object, **__: object) -> None:
        raise PutError("down")

    monkeypatch.setattr("chalicelib.store.audit.AuditItem.save", down)
    answer = ask(staff(), pictured)
    assert answer.status == 503
    assert "http" not in answer.text.replace(answer.body["type"], "")
