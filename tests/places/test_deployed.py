"""The deployed map before and after the register is imported."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.store.places import RECHECK
from infra.commands import boundaries
from tests.support.whole import Whole, whole

OUTSKIRTS = "/v1/units/locate?lat=52.151&lon=21.182"
"""Just inside Warsaw's border: the villages around outvote the city."""


@pytest.fixture
def poland(tmp_path: Path) -> Iterator[Whole]:
    """An instance of its own: a new pack must not reach other tests."""
    with whole(tmp_path) as running:
        yield running


@pytest.mark.e2e
@pytest.mark.slow
def test_register_makes_the_running_map_exact_within_a_minute(
    poland: Whole, register_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert poland.call("GET", "/v1/health").json["boundaries"] == "approximate"
    guessed = poland.call("GET", OUTSKIRTS).json
    assert (guessed["boundaries"], guessed["teryt"]["powiat"]) == ("approximate", "1417")
    monkeypatch.setattr(boundaries, "connect", lambda: poland.running)
    monkeypatch.setattr("sys.argv", ["boundaries", "--file", str(register_file)])
    assert boundaries.main() == 0
    deadline = time.monotonic() + RECHECK.total_seconds() + 5
    while poland.call("GET", OUTSKIRTS).json["boundaries"] != "exact":
        assert time.monotonic() < deadline, "the new pack was not noticed"
        time.sleep(2)
    located = poland.call("GET", OUTSKIRTS).json
    assert (located["teryt"]["wojewodztwo"], located["teryt"]["powiat"]) == ("14", "1465")
