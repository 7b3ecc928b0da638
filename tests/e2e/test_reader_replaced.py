"""A reader of the deployed site while builds replace one another: what the manifest leads to is there and whole."""

import gzip
import hashlib
import json
import threading
from typing import Any

import pytest

from tests.e2e.citizen import BIALYSTOK, file_report
from tests.e2e.test_path import night
from tests.support.published import listed_tiles
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

NIGHTS = 3


def body(stack: Whole, path: str) -> bytes:
    """A published file as a reader unpacks it."""
    answer = stack.call("GET", path)
    assert answer.status == 200, path
    return gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body


def read_all(stack: Whole) -> str:
    """Read as a page does that was opened at this moment: the manifest, then what it names; return the build."""
    manifest: dict[str, Any] = stack.call("GET", "/data/manifest.json").json
    for res in range(5, 10):
        for parent, version in listed_tiles(json.loads(body(stack, manifest["parents"].format(res=res)))):
            path = manifest["cells"].format(res=res, parent=parent, version=version)
            assert json.loads(body(stack, path))["parent"] == parent
    folder = f"/data/builds/{manifest['build']}/exports/"
    for month in json.loads(body(stack, f"{folder}reports.json"))["months"]:
        stored = stack.call("GET", folder + month["csv"]["path"]).body
        assert hashlib.sha256(stored).hexdigest() == month["csv"]["sha256"]
    return str(manifest["build"])


def test_a_reader_never_meets_half_a_build_while_the_pointer_moves(stack: Whole) -> None:
    assert file_report(stack, category="illegal_dump", place=BIALYSTOK).status == 201
    stack.running.invoke("nightly", night(1))
    failed: list[BaseException] = []
    seen: list[str] = []
    over = threading.Event()

    def read_on() -> None:
        try:
            while not over.is_set():
                seen.append(read_all(stack))
        except BaseException as error:  # noqa: BLE001 - it is raised in the test's own thread
            failed.append(error)

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        builds = [stack.running.invoke("nightly", night(number + 2))["build"] for number in range(NIGHTS)]
    finally:
        over.set()
        reader.join(120)
    assert failed == []
    assert len(set(builds)) == NIGHTS
    seen.append(read_all(stack))
    assert seen[-1] == builds[-1]
    assert len(set(seen)) >= NIGHTS, "the reader has met the builds as they came"
    assert sorted(seen, key=lambda build: build[:10]) == seen, "nobody is taken back to an older build"
