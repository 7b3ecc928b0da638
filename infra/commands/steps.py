"""Run a list of programs, one line each with its time; used by check and test."""

import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PYTHON = ("app.py", "chalicelib", "infra", "tests")
# Fast tests: pure, or on built events; none of these starts a server or a browser.
FAST = "not (emulator or e2e or browser or package or slow or bench)"


class Step(NamedTuple):
    """A program with its arguments, under the name that its line shows; what an `aloud` one says is always shown."""

    name: str
    command: Sequence[str]
    folder: Path = ROOT
    aloud: bool = False


def tool(name: str) -> str:
    """Return the path of a program of the project's own environment."""
    return str(BIN / name)


def static_checks() -> list[Step]:
    """Formatting, lint, types, layers; types of the site too."""
    return [
        Step("formatting", [tool("ruff"), "format", "--check", "--quiet", *PYTHON]),
        Step("lint", [tool("ruff"), "check", "--quiet", *PYTHON]),
        Step("types", [tool("mypy"), "--no-error-summary"]),
        Step("imports", [tool("lint-imports"), "--no-cache", "--no-logo"]),
        Step("types of the site", ["npm", "run", "--silent", "check"], ROOT / "static-site"),
    ]


def tests(name: str, selection: str, *arguments: str) -> Step:
    """Pytest over the tests that the marker expression selects."""
    return Step(name, [sys.executable, "-m", "pytest", "--quiet", "-m", selection, *arguments], aloud=True)


def run(steps: Sequence[Step]) -> int:
    """Run the steps one after the other, even after a failure, so that one run shows all faults.

    Returns:
        0 if all succeeded, else 1.
    """
    return judged((step.name, _timed(step)) for step in steps)


def run_beside(first: Step, others: Sequence[Step]) -> int:
    """Run the first step beside all others, which follow one another; what a step says is shown when it ends.

    Returns:
        0 if all succeeded, else 1.
    """
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(_timed, first, quiet=True)
        verdicts = [(step.name, _timed(step, quiet=True)) for step in others]
        return judged([*verdicts, (first.name, beside.result())])


def judged(verdicts: Iterable[tuple[str, bool]]) -> int:
    """Name the steps that failed; return the exit code."""
    failed = [name for name, succeeded in verdicts if not succeeded]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _timed(step: Step, *, quiet: bool = False) -> bool:
    """Run one step and print its line, under what it said where it is not shown at once; tell whether it succeeded."""
    start = time.monotonic()
    caught = subprocess.PIPE if quiet else None
    done = subprocess.run(
        step.command,
        cwd=step.folder,
        check=False,
        stdout=caught,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if done.stdout and (done.returncode or step.aloud):
        print(done.stdout)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{time.monotonic() - start:7.1f} s  {step.name}: {verdict}", flush=True)
    return done.returncode == 0
