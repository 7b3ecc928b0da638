"""Objects in one bucket: the published files and the private working files.

Every file is written once under its own name; only a *pointer* is ever written over, and always on
the condition that nobody moved it since it was read. That one conditional write is what makes a
publication atomic for readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

IMMUTABLE = "public, max-age=31536000, immutable"
"""Cache rule of every file whose name is never used again for other bytes."""

MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
# 409 is what S3 answers while another conditional write of the same key is in flight.
_MOVED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_DELETE_LIMIT = 1000


class PointerMoved(Exception):
    """Somebody else wrote the pointer between our reading and our writing of it."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer as it was read: its bytes, and the tag that a later write must still find."""

    body: bytes
    etag: str


class Served(NamedTuple):
    """How an object is served."""

    content_type: str
    cache_control: str
    content_encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Objects:
    """One bucket. `s3` is a boto3 client; keys have no leading slash."""

    s3: S3Client
    bucket: str

    def put(
        self,
        key: str,
        body: bytes,
        content_type: str,
        cache_control: str = IMMUTABLE,
        content_encoding: str | None = None,
    ) -> None:
        """Write one object whole; writing the same bytes again is harmless."""
        extra: dict[str, Any] = {} if content_encoding is None else {"ContentEncoding": content_encoding}
        self.s3.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=body,
            ContentType=content_type,
            CacheControl=cache_control,
            **extra,
        )

    def get(self, key: str) -> bytes | None:
        """Return the stored bytes (still compressed where they were stored so), or None if there is no such object."""
        pointer = self.read_pointer(key)
        return None if pointer is None else pointer.body

    def require(self, key: str) -> bytes:
        """Return the stored bytes of an object that something names.

        Raises:
            FileNotFoundError: there is no such object.
        """
        body = self.get(key)
        if body is None:
            raise FileNotFoundError(key)
        return body

    def get_range(self, key: str, first: int, size: int) -> bytes | None:
        """Return `size` stored bytes from the byte `first` on, fewer where the object ends; None if there is none."""
        pointer = self._read(key, Range=f"bytes={first}-{first + size - 1}")
        return None if pointer is None else pointer.body

    def copy(self, source: str, target: str, served_as: Served | None = None) -> None:
        """Copy within the bucket on the server's side; how it is served comes along, or is replaced by `served_as`."""
        extra: dict[str, Any] = {}
        if served_as is not None:
            extra = {"MetadataDirective": "REPLACE", "ContentType": served_as.content_type}
            extra["CacheControl"] = served_as.cache_control
            if served_as.content_encoding is not None:
                extra["ContentEncoding"] = served_as.content_encoding
        place = {"Bucket": self.bucket, "Key": source}
        self.s3.copy_object(Bucket=self.bucket, Key=target, CopySource=place, **extra)  # type: ignore[arg-type]

    def list_keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under a prefix in the order of their bytes."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        for page in pages:
            yield from (entry["Key"] for entry in page.get("Contents", ()))

    def list_tags(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield the keys under a prefix with their entity tags; a tag changes with the bytes."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        for page in pages:
            yield from ((entry["Key"], entry["ETag"]) for entry in page.get("Contents", ()))

    def delete_many(self, keys: Iterable[str]) -> int:
        """Delete objects, a thousand a request; a key that is not there counts as deleted.

        Raises:
            OSError: the store refused to delete some of them.
        """
        pending, deleted = iter(keys), 0
        while batch := list(islice(pending, _DELETE_LIMIT)):
            answer = self.s3.delete_objects(
                Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
            )
            if refused := answer.get("Errors"):
                raise OSError(f"{len(refused)} objects were not deleted, the first: {refused[0]}")
            deleted += len(batch)
        return deleted

    def read_pointer(self, key: str) -> Pointer | None:
        """Return the pointer's bytes and tag, or None while it was never written."""
        return self._read(key)

    def flip_pointer(self, key: str, body: bytes, etag: str | None, cache_control: str = "no-store") -> None:
        """Write the pointer only if it still carries `etag` (None: only if there is none yet).

        Raises:
            PointerMoved: another writer was faster; nothing was written.
        """
        # Race closed: two writers that both read the old pointer. The second finds another tag.
        unmoved: dict[str, Any] = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        try:
            self.s3.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=body,
                ContentType="application/json",
                CacheControl=cache_control,
                **unmoved,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _MOVED:
                raise PointerMoved(key) from error
            raise

    def _read(self, key: str, **part: Any) -> Pointer | None:
        try:
            answer = self.s3.get_object(Bucket=self.bucket, Key=key, **part)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise
        return Pointer(answer["Body"].read(), answer["ETag"])
