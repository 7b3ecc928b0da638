"""Sizes of what is deployed: the functions' zip and the layer, for this machine and for Lambda."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra import build


def run() -> dict[str, Any]:
    """Bytes, zipped and unpacked, and which packages the functions' zip is made of."""
    with tempfile.TemporaryDirectory() as folder:
        aws = build.aws("dev", Path(folder) / "aws")
        return {
            "functions_zip_bytes": aws.code.stat().st_size,
            "functions_unpacked_bytes": _unpacked(aws.code),
            "functions_zip_by_package_bytes": _packages(aws.code),
            "layer_zip_bytes": {name: path.stat().st_size for name, path in aws.layers.items()},
            "layer_unpacked_bytes": {name: _unpacked(path) for name, path in aws.layers.items()},
            "goal_functions_zip_bytes": 12_000_000,
        }


def _unpacked(path: Path) -> int:
    with ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _packages(path: Path) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            sizes[entry.filename.partition("/")[0]] += entry.compress_size
    return dict(sizes.most_common(8))
