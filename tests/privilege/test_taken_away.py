"""Each permission is taken away in turn, in place: exactly those errands fail that need it.

`needs.json` says which. What the emulator does not look at (the keys that a permission is limited to, whether an object
that is absent may be told from one that is forbidden), what Lambda does in a function's name, and what no errand here
leads to, `make permissions` holds to the calls that the code makes. The emulator lets its account publish to any topic.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.commands.permissions import BY_SERVICES, UNASKED
from tests.privilege import errands_of_functions, errands_of_people
from tests.privilege.scene import Errand, Scene
from tests.support.whole import whole

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

POLICIES = Path(__file__).resolve().parents[2] / "infra" / "policies"
NEEDS = Path(__file__).with_name("needs.json")
ERRANDS = (*errands_of_people.ERRANDS, *errands_of_functions.ERRANDS)
FUNCTIONS = sorted({errand.function for errand in ERRANDS})
KEEP = "CZUJKA_KEEP_NEEDS"
"""Set to write down anew what is found, for a person to read before it is kept."""


def permissions(function: str) -> list[tuple[str, str]]:
    """Every permission of a function's policy that the function itself may ask for: statement and action."""
    document = json.loads((POLICIES / f"{function}.json").read_text("utf-8"))
    pairs = [(statement["Sid"], action) for statement in document["Statement"] for action in statement["Action"]]
    return [(sid, action) for sid, action in pairs if action not in BY_SERVICES | UNASKED]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with whole(tmp_path_factory.mktemp("privilege")) as stack:
        prepared = Scene(stack)
        with prepared.quiet():
            yield prepared


def failing(scene: Scene, errands: list[Errand], function: str, taken: tuple[str, str] | None) -> list[str]:
    """Return which errands fail without a permission; all are prepared with it."""
    deeds = {errand.name: errand.prepare(scene) for errand in errands}
    name = "APIHandler" if function == "api" else function
    role = f"{'ApiHandler' if function == 'api' else function.capitalize()}Role"
    if taken is None:
        return [errand for errand, deed in deeds.items() if not deed()]
    with scene.without(role, *taken):
        scene.restart(name)
        failed = [errand for errand, deed in deeds.items() if not deed()]
    scene.restart(name)
    return failed


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_exactly_the_errands_fail_that_need_what_is_taken_away(scene: Scene, function: str) -> None:
    errands = [errand for errand in ERRANDS if errand.function == function]
    assert failing(scene, errands, function, None) == [], "with every permission all errands end well"
    found: dict[str, list[str]] = {
        f"{sid} {action}": failing(scene, errands, function, (sid, action)) for sid, action in permissions(function)
    }
    known: dict[str, Any] = json.loads(NEEDS.read_text("utf-8")) if NEEDS.exists() else {}
    if os.environ.get(KEEP):
        known |= {function: found}
        NEEDS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")
    assert found == known[function]
