"""`make boundaries`: from a file or an address to exact answers of the running instance."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chalicelib.store.places import PlacesPack
from infra.commands import boundaries, instance
from infra.commands.instance import Running
from infra.places.areas import Area
from tests.places.files import geojson, write_shapefile
from tests.support.stacks import DataStack

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address at which the test's folder is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def running(clean_stack: DataStack, monkeypatch: pytest.MonkeyPatch) -> DataStack:
    """An instance of Poland whose stores are the test's."""
    access = clean_stack.access
    record = Running(
        instance="pl",
        base_url="http://127.0.0.1:1",
        endpoint=access.endpoint,
        secret_key=access.secret_key,
        api="",
        launcher=0,
        names=clean_stack.names,
        functions={},
    )
    monkeypatch.setattr(boundaries, "connect", lambda: record)
    return clean_stack


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["boundaries", *arguments])
    return boundaries.main()


def places_of(stack: DataStack) -> PlacesPack:
    return PlacesPack(stack.client("s3"), stack.names["WORK_BUCKET"])


def test_imported_file_makes_the_instance_exact(
    running: DataStack, register_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "--file", str(register_file)) == 0
    printed = capsys.readouterr().out
    told = json.loads(printed[printed.index("{") : printed.rindex("}") + 1])
    assert (told["areas"], told["gaps"], told["missing"], told["boundaries"]) == (380, 0, [], "exact")
    places = places_of(running).current(NOW)
    assert (places.boundaries, places.locate(53.1776, 22.0731).area) == ("exact", "2062")


def test_file_at_an_address_is_imported(
    running: DataStack, tmp_path: Path, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = Area("2062", [[(22.0, 53.1), (22.2, 53.1), (22.2, 53.3), (22.0, 53.3), (22.0, 53.1)]])
    (tmp_path / "powiaty.geojson").write_bytes(geojson([area]))
    assert call(monkeypatch, "--url", f"{served}/powiaty.geojson?v=1", "--allow-missing") == 0
    assert places_of(running).current(NOW).locate(53.1776, 22.0731).area == "2062"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--file", "no-such-file.geojson"], "cannot be read (No such file or directory)"),
        (["--url", "ftp://example.org/x"], "no http or https address"),
        (["--url", "http://127.0.0.1:9/x"], "cannot be downloaded"),
    ],
)
@pytest.mark.usefixtures("running")
def test_what_cannot_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    assert call(monkeypatch, *arguments) == 1
    assert said in capsys.readouterr().err


def test_refused_file_leaves_the_pack_in_force(
    running: DataStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_shapefile(tmp_path, [], name="empty")
    assert call(monkeypatch, "--file", str(path)) == 1
    assert "is empty" in capsys.readouterr().err
    assert "Contents" not in running.client("s3").list_objects_v2(Bucket=running.names["WORK_BUCKET"])


def test_without_a_running_instance_it_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(instance, "LOCAL", tmp_path)
    assert call(monkeypatch, "--file", "x") == 1
    assert "make run" in capsys.readouterr().err
