"""The mutants are of the code as it is, and their tests are there; a mutant that nobody notices is told."""

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.build.packages import ROOT
from infra.commands import mutants as command
from infra.commands.mutants import Mutant, mutants

ALL = mutants()


def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_mutant_is_of_the_code_and_its_tests_are_there(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text("utf-8")
    assert text.count(mutant.old) == 1
    compile(text.replace(mutant.old, mutant.new), mutant.file, "exec")
    assert mutant.why
    assert mutant.tests
    for path, _, name in (test.partition("::") for test in mutant.tests):
        assert name in functions_in(path)


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL) >= 10


SOUND = Mutant("m", "rule.py", "x > 1", "x > 2", ["test_rule.py::test"], "why")


@pytest.mark.parametrize(
    ("mutant", "bound", "verdict"),
    [
        (SOUND, 2, "killed"),
        (SOUND, 3, "SURVIVED"),
        (Mutant("m", "rule.py", "y", "z", ["test_rule.py::test"], "why"), 2, "NOT FOUND"),
        (Mutant("m", "rule.py", "x > 1", "x > 2", ["test_rule.py::gone"], "why"), 2, "NOT RUN"),
    ],
)
def test_the_verdict_is_that_of_the_tests(tmp_path: Path, mutant: Mutant, bound: int, verdict: str) -> None:
    (tmp_path / "rule.py").write_text("def holds(x):\n    return x > 1\n", "utf-8")
    (tmp_path / "test_rule.py").write_text(f"import rule\n\n\ndef test():\n    assert rule.holds({bound})\n", "utf-8")
    assert command.tried(tmp_path, mutant) == verdict
    assert "x > 1" in (tmp_path / "rule.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [(["SURVIVED", "killed", "killed"], 0), (["SURVIVED", "killed", "SURVIVED"], 1), (["killed"], 1)],
)
def test_the_command_fails_where_one_survives(
    monkeypatch: pytest.MonkeyPatch, verdicts: Sequence[str], code: int
) -> None:
    """The first verdict is that of the tree without any mutant."""
    given = iter(verdicts)
    monkeypatch.setattr(command, "mutants", lambda: ALL[:2])
    monkeypatch.setattr(command, "judge", lambda *_: (next(given), "said"))
    assert command.main([]) == code


def test_of_no_mutant_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "judge", lambda *_: ("SURVIVED", ""))
    assert command.main(["--only", "no such name"]) == 1
