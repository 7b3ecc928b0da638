"""What the photos function asks for on its rarer ways: its role must allow those, too."""

import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.services import photos as service
from chalicelib.services import picture
from chalicelib.store.photos import delete_all
from infra.commands.permissions import CALLS, POLICIES, Call, compared, grants, read
from tests.http.world import World
from tests.photos import files
from tests.photos.arriving import kept, message, run, upload
from tests.photos.test_permits import filed
from tests.support.calls import noted


@pytest.mark.skipif(CALLS in os.environ, reason="somebody takes notes already")
def test_it_may_look_whether_a_copy_that_nobody_wants_any_more_is_needed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    clean = picture.clean

    def decode_while_erased(data: bytes) -> Any:
        delete_all(case["id"], world.box.vault)
        return clean(data)

    monkeypatch.setenv(CALLS, str(tmp_path))
    with noted(), patch.object(service, "clean", decode_while_erased):
        assert run(world, message(key)) == []
    assert kept(world, case["id"]) == {}
    found = read(tmp_path)
    assert Call("photos", "dynamodb:Query", "MAIN_TABLE R#") in found
    assert Call("photos", "s3:DeleteObject", "PHOTO_BUCKET/reports/…") in {
        call._replace(place="PHOTO_BUCKET/reports/…") if call.place.startswith("PHOTO_BUCKET/reports/") else call
        for call in found
    }
    assert not [line for line in compared(found, grants(POLICIES / "photos.json")) if "not allowed" in line]
