"""`make mutants`: break the code in named ways, and see that the tests notice.

Each entry of `infra/mutants.toml` is put into a copy of the tree by itself, and the tests that it names are run there.
Before that they are run without any, for a test that fails anyhow shows nothing. Ends with 1 where a mutant survives,
where a test could not be run, or where the text to be replaced does not stand exactly once in its file.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.build.packages import ROOT

LIST = ROOT / "infra" / "mutants.toml"
LINKED = (".venv", ".emulator", "static-site/node_modules")
"""What tests use besides the tree, and never change."""

VERDICTS = {0: "SURVIVED", 1: "killed"}
"""By pytest's exit code; any other means that the tests were not run."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way to break the code: `old` becomes `new` in `file`, and one of `tests` must fail; `why` it matters."""

    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str]
    why: str

    def put_into(self, tree: Path) -> None:
        """Break the copy.

        Raises:
            ValueError: the text does not stand exactly once in its file.
        """
        path = tree / self.file
        text = path.read_text("utf-8")
        if (times := text.count(self.old)) != 1:
            raise ValueError(f"{self.name}: the text stands {times} times in {self.file}")
        path.write_text(text.replace(self.old, self.new), "utf-8")


def mutants() -> list[Mutant]:
    """Return all mutants, in their order."""
    return [Mutant(**entry) for entry in tomllib.loads(LIST.read_text("utf-8"))["mutant"]]


def copy(tree: Path) -> None:
    """Copy all files that git knows or would know into an empty folder, and link what tests use besides."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, tree / name
        if source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for name in LINKED:
        if (ROOT / name).exists():
            (tree / name).symlink_to((ROOT / name).resolve(), target_is_directory=True)


def judge(tree: Path, tests: Sequence[str]) -> tuple[str, str]:
    """Run the tests in the copy until one fails; return the verdict and what they said."""
    # Bytecode goes by times and sizes: a mutant as long as the original, made in the same second, would not be seen.
    program = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(program, cwd=tree, check=False, capture_output=True, text=True)
    return VERDICTS.get(done.returncode, "NOT RUN"), done.stdout + done.stderr


def main(arguments: list[str] | None = None) -> int:
    """Try all mutants, or those whose names contain a word; return the exit code."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", default="", help="a part of the name")
    only = parser.parse_args(arguments).only
    chosen = [mutant for mutant in mutants() if only in mutant.name]
    with tempfile.TemporaryDirectory(prefix="czujka-mutants-") as folder:
        tree = Path(folder)
        copy(tree)
        before, said = judge(tree, sorted({test for mutant in chosen for test in mutant.tests}))
        if before != "SURVIVED":
            print(f"without any mutant the tests do not pass:\n{said}", file=sys.stderr)
            return 1
        verdicts = [tried(tree, mutant) for mutant in chosen]
    print(f"{verdicts.count('killed')} of {len(chosen)} mutants killed")
    return 0 if chosen and set(verdicts) == {"killed"} else 1


def tried(tree: Path, mutant: Mutant) -> str:
    """Try one mutant, print its line, and mend the copy; return the verdict."""
    path, began = tree / mutant.file, time.monotonic()
    sound = path.read_text("utf-8")
    try:
        mutant.put_into(tree)
        verdict, said = judge(tree, mutant.tests)
    except ValueError as error:
        verdict, said = "NOT FOUND", str(error)
    finally:
        path.write_text(sound, "utf-8")
    print(f"{verdict:<10}{time.monotonic() - began:>5.0f} s  {mutant.name}  ({mutant.file})", flush=True)
    if verdict != "killed":
        print(said, file=sys.stderr)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
