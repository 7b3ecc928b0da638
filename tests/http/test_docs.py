"""`docs/api.md` names every route, header and code, and no other."""

import re
from pathlib import Path

from chalicelib.domain.errors import Problem
from chalicelib.http.open311.answer import PREFIX
from chalicelib.http.openapi import OPERATIONS
from chalicelib.http.routes import ROUTES
from tests.http.test_openapi import DOCUMENT, every

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading."""
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def first_cells(title: str) -> list[str]:
    """What stands in code in the first column of a section's table."""
    return re.findall(r"^\| `([^`]+)`", section(title), re.MULTILINE)


def test_every_route_is_documented() -> None:
    served = {f"{method} {path}" for path, methods in ROUTES.items() for method in methods}
    assert set(first_cells("Routes")) == served


def test_every_code_is_documented_with_its_status() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \| (\d+) \|", section("Errors"), re.MULTILINE))
    assert documented == {(problem.code, str(problem.status)) for problem in every(Problem)}


def test_every_header_that_is_taken_is_documented() -> None:
    taken = {parameter.name for operation in OPERATIONS.values() for parameter in operation.parameters}
    assert {name for name in taken if name[0].isupper()} <= set(first_cells("Headers"))


def test_every_problem_of_a_route_is_in_its_row() -> None:
    rows = {match[1]: match[0] for match in re.finditer(r"^\| `([^`]+)` .*$", section("Routes"), re.MULTILINE)}
    for path, methods in ROUTES.items():
        for method, view in methods.items():
            if path.startswith(PREFIX):
                statuses = set(DOCUMENT["paths"][path][method.lower()]["responses"]) - {"500", "503"}
            else:
                statuses = {str(problem.status) for problem in OPERATIONS[view].problems}
            assert {status for status in statuses if status not in rows[f"{method} {path}"]} == set()
