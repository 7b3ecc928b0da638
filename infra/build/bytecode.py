"""Compiled Python beside the sources: functions cannot write it where they run, and would compile at every cold start.

Only the target's own Python can compile for it: a build on another one ships sources alone. The bytes are the same each
time: no dates (unchecked hashes), fixed hash seed, fixed order.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from infra.build.target import Target, host

# Where Lambda unpacks the zip; the name in a traceback.
TASK_ROOT = "/var/task"


def can_compile_for(target: Target) -> bool:
    """Whether this interpreter's compiled files are those of the target; the processor does not matter."""
    return target.python == host().python


def compile_folder(folder: Path) -> None:
    """Write the compiled file of every module in the folder."""
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    subprocess.run(
        [*command, "-s", str(folder), "-p", TASK_ROOT, str(folder)],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )


def compiled(files: Mapping[str, Path | bytes]) -> dict[str, Path | bytes]:
    """Return the compiled files of the given modules by their names in the archive."""
    with tempfile.TemporaryDirectory(prefix="czujka-compile-") as name:
        folder = Path(name)
        for module, source in files.items():
            if module.endswith(".py") and isinstance(source, Path):
                (folder / module).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / module)
        compile_folder(folder)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.pyc"))}
