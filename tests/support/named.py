"""Tests that documents name."""

import ast
from functools import lru_cache

from infra.build.packages import ROOT


@lru_cache
def cases_in(path: str) -> frozenset[str]:
    """The names of the tests in a file under ``tests``."""
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(named: list[str]) -> list[str]:
    """Which of some tests, ``file::test``, are not there."""
    return [each for each in named if each.partition("::")[2] not in cases_in(each.partition("::")[0])]
