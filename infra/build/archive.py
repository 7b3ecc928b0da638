"""Zip files that depend on their content alone: sorted names, one date, one mode."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

# The oldest moment that a zip file can name.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644
# Levels of deflate: what is uploaded is small, what stays on this machine is made quickly.
SMALLEST = 9
FASTEST = 1


def members(folder: Path, below: str = "") -> dict[str, Path]:
    """Return the files of a folder of sources by the name that each gets in the archive, compiled Python left out."""
    return {name: path for name, path in all_members(folder, below).items() if "__pycache__" not in path.parts}


def all_members(folder: Path, below: str = "") -> dict[str, Path]:
    """Return every file of a folder by the name that each gets in the archive."""
    prefix = f"{below}/" if below else ""
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": path for path in sorted(folder.rglob("*")) if path.is_file()
    }


def write(archive: Path, files: Mapping[str, Path | bytes], level: int = SMALLEST) -> None:
    """Write the archive whole or not at all."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_name(f".{archive.name}.{os.getpid()}")
    with zipfile.ZipFile(partial, "w") as target:
        for name in sorted(files):
            content = files[name]
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, whatever the host
            entry.external_attr = READABLE << 16
            body = content if isinstance(content, bytes) else content.read_bytes()
            target.writestr(entry, body, zipfile.ZIP_DEFLATED, level)
    partial.replace(archive)


def digest(files: Mapping[str, Path | bytes], *more: str) -> str:
    """Return a hash over names and contents (and further strings), in hexadecimal."""
    total = hashlib.sha256()
    for name in sorted(files):
        content = files[name]
        total.update(f"{name}\0".encode())
        total.update(hashlib.sha256(content if isinstance(content, bytes) else content.read_bytes()).digest())
    for text in more:
        total.update(text.encode())
    return total.hexdigest()


def unpacked_size(archives: Iterable[Path]) -> int:
    """Return the bytes that the archives take when they are unpacked, which Lambda limits to 250 MB in all."""
    total = 0
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            total += sum(entry.file_size for entry in opened.infolist())
    return total
