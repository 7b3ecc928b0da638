"""Buckets as folders, for benchmarks of so many files that an emulator's answers would be what is measured."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile
from typing import Any

from botocore.exceptions import ClientError


@dataclass
class FolderBuckets:
    """The calls of an S3 client that the night makes; `calls` counts them by name."""

    root: Path
    calls: dict[str, int] = field(default_factory=dict)

    def put_object(self, Bucket: str, Key: str, Body: bytes, **_: Any) -> dict[str, Any]:
        """Write one object."""
        self._count("put")
        path = self.root / Bucket / Key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Body)
        return {}

    def get_object(self, Bucket: str, Key: str, **_: Any) -> dict[str, Any]:
        """Read one object; its tag is when it was written."""
        self._count("get")
        path = self.root / Bucket / Key
        if not path.is_file():
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(path.read_bytes()), "ETag": str(path.stat().st_mtime_ns)}

    def copy_object(self, Bucket: str, Key: str, CopySource: dict[str, str], **_: Any) -> dict[str, Any]:
        """Copy within a bucket."""
        self._count("copy")
        path = self.root / Bucket / Key
        path.parent.mkdir(parents=True, exist_ok=True)
        copyfile(self.root / Bucket / CopySource["Key"], path)
        return {}

    def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:
        """Delete some objects."""
        self._count("delete")
        for entry in Delete["Objects"]:
            (self.root / Bucket / entry["Key"]).unlink(missing_ok=True)
        return {}

    def get_paginator(self, _: str) -> FolderBuckets:
        """Return what lists objects."""
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        """List the objects under a prefix that ends with a folder."""
        self._count("list")
        bucket = self.root / Bucket
        paths = sorted(path for path in (bucket / Prefix).rglob("*") if path.is_file())
        yield {"Contents": [{"Key": path.relative_to(bucket).as_posix(), "ETag": "-"} for path in paths]}

    def _count(self, name: str) -> None:
        self.calls[name] = self.calls.get(name, 0) + 1
