"""The scripts of the handbook run as they are printed."""

import functools
import re
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.build.packages import ROOT
from infra.demo import handbook
from infra.demo.handbook import Analysis
from tests.analysis.conftest import INDEX, Tables

ANALYSES = handbook.analyses()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(generated: Tables, tmp_path: Path) -> Iterator[str]:
    """A server of the published tables, and of nothing else."""
    published = tmp_path / "site" / Path(INDEX).parent
    shutil.copytree(generated.folder, published / "tables")
    shutil.copy(generated.folder.parent / "reports.json", published)
    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_tables_come_by_the_printed_lines_and_are_asked_by_the_next(site: str, tmp_path: Path) -> None:
    fetching, asking = re.findall(r"```python\n(.*?)```", handbook.HANDBOOK.read_text("utf-8"), re.DOTALL)[:2]
    (tmp_path / "sql").symlink_to(ROOT / "sql")
    here = fetching.replace("http://127.0.0.1:8080", site)
    assert here != fetching
    said = [
        subprocess.run([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=True)
        for script in (here, asking)
    ]
    assert "hot_national" in said[1].stdout
    fetched = {path.relative_to(tmp_path / "tables") for path in (tmp_path / "tables").rglob("*.parquet")}
    assert len(fetched) > 10


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python that has matplotlib."""
    try:
        return handbook.interpreter()
    except handbook.NothingToDrawWith as absent:
        pytest.skip(str(absent))


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: str(analysis.picture))
def test_each_analysis_draws_its_picture(analysis: Analysis, python: Path, generated: Tables, tmp_path: Path) -> None:
    shutil.copytree(generated.folder, tmp_path / "tables")
    drawn = handbook.draw(analysis, python, tmp_path)
    assert drawn.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_there_are_five_short_analyses_with_small_pictures() -> None:
    assert len(ANALYSES) == 5
    page = handbook.HANDBOOK.read_text("utf-8")
    for picture, script in ANALYSES:
        assert len(script.splitlines()) <= 25
        body = (handbook.IMAGES / picture).read_bytes()
        assert len(body) <= 60_000
        width, height = struct.unpack(">II", body[16:24])
        assert min(width, height) > 200
        assert f"(images/{picture})\n\nHow sure: " in page
