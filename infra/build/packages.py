"""Third-party packages of the functions: from the hash locks, for a target, stripped of what never runs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.build.archive import digest
from infra.build.bytecode import can_compile_for, compile_folder
from infra.build.target import Target

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / ".build" / "packages"
FUNCTION_LOCK = ROOT / "requirements.txt"
# Layer -> what is in it. Each belongs to one function, the last to those whose traces are exported: the import of any
# would cost every other one its start.
LAYER_LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("analytics", "imaging", "login", "telemetry")}

# The services that the code talks to. botocore carries 440 more, which are 21 of its 24 MB (ADR 0003).
SERVICES = frozenset({"dynamodb", "s3", "sesv2", "sns", "ssm"})

# What an installer leaves beside the packages, and what only tests and type checkers read.
BESIDE = ("bin", "include", "lib64", "share", ".lock", "_duckdb-stubs")
USELESS_FOLDERS = {"tests", "test", "testing", "__pycache__"}
USELESS_SUFFIXES = {".pyi", ".pyx", ".pxd", ".c", ".h", ".a", ".lib"}
INSTALLER_NOTES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
# numpy.testing is imported by numpy itself.
KEPT_FOLDERS = {"numpy/testing"}


def install(lock: Path, target: Target) -> Path:
    """Return a folder with the stripped packages of the lock; it is made once for each lock and target.

    Raises:
        subprocess.CalledProcessError: where a package has no wheel for the target or a hash differs.
    """
    kind = f"{lock.stem}-{target.runtime}-{target.architecture}-"
    folder = STORE / f"{kind}{_key(lock, target)[:16]}"
    if folder.is_dir():
        return folder
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    subprocess.run(_command(lock, target, partial), check=True, cwd=ROOT)
    require_wheels(partial, target)
    strip(partial)
    if can_compile_for(target):
        compile_folder(partial)
    outdated = [path for path in STORE.glob(f"{kind}*") if path != folder]
    try:
        partial.rename(folder)
    except OSError:
        # Another build was faster; its folder is the same.
        shutil.rmtree(partial)
    for path in outdated:
        shutil.rmtree(path, ignore_errors=True)
    return folder


def _key(lock: Path, target: Target) -> str:
    makers = {name: Path(__file__).with_name(name) for name in ("packages.py", "bytecode.py")}
    return digest({**makers, "lock": lock}, repr(target), sys.version)


def _command(lock: Path, target: Target, folder: Path) -> list[str]:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-deps"]
    # Links into uv's cache would let a change of one file reach every environment.
    command += ["--link-mode", "copy", "--target", str(folder), "--requirement", str(lock)]
    if target.wheels is None:
        return [*command, "--python", sys.executable]
    return [*command, "--python-version", target.python, "--python-platform", target.wheels]


def require_wheels(folder: Path, target: Target) -> None:
    """Every compiled file must come from a wheel that says manylinux and, for AWS, the right processor.

    A wheel built on the host links against the host's libraries and fails on Lambda at import.

    Raises:
        RuntimeError: naming the package.
    """
    if target.is_host:
        return
    for info in folder.glob("*.dist-info"):
        record = (info / "RECORD").read_text("utf-8")
        if ".so" not in record:
            continue
        tags = [line for line in (info / "WHEEL").read_text("utf-8").splitlines() if line.startswith("Tag: ")]
        wanted = target.wheels.split("-", 1)[0] if target.wheels else ""
        if not tags or not all("manylinux" in tag and tag.endswith(wanted) for tag in tags):
            raise RuntimeError(f"{info.name}: not a manylinux wheel for {wanted}: {tags}")


def strip(folder: Path) -> None:
    """Remove what no function reads: tests, sources of compiled modules, notes of the installer, other services."""
    for name in BESIDE:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in list(_useless(folder)):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    data = folder / "botocore" / "data"
    if data.is_dir():
        for service in data.iterdir():
            if service.is_dir() and service.name not in SERVICES:
                shutil.rmtree(service)


def _useless(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        kept = path.relative_to(folder).as_posix() in KEPT_FOLDERS
        if path.is_dir():
            if path.name in USELESS_FOLDERS and not kept:
                yield path
        elif path.suffix in USELESS_SUFFIXES or (path.name in INSTALLER_NOTES and path.parent.suffix == ".dist-info"):
            yield path
