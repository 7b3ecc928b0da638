"""Writing many immutable files at once, and reading them back before anything points at them."""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from chalicelib.store.objects import IMMUTABLE, Objects

THREADS = 8
"""Requests to the object store at a time; each waits for the network most of its life."""

STABLE = "public, max-age=300"
"""Cache rule of files whose address stays while their bytes change."""

JSON = "application/json"
HTML = "text/html; charset=utf-8"
GZIP_LEVEL = 6

T = TypeVar("T")
R = TypeVar("R")


class CorruptedError(Exception):
    """A file that was written is not there, or not as it was written."""


class Written(NamedTuple):
    """What a file must read back as: `sha256` (hexadecimal) and `size` of the stored bytes."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """A file to be written: stored bytes and how they are to be served."""

    key: str
    body: bytes
    content_type: str = JSON
    encoding: str | None = None
    cache_control: str = IMMUTABLE

    def written(self) -> Written:
        """Return what the file must read back as."""
        return Written(self.key, digest(self.body), len(self.body))


def digest(body: bytes) -> str:
    """Return the SHA-256 of bytes, hexadecimal."""
    return sha256(body).hexdigest()


def compact(document: Any) -> bytes:
    """Return JSON without spaces, UTF-8, members in the order given."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def packed(key: str, body: bytes, cache_control: str = IMMUTABLE) -> File:
    """Return JSON bytes as a file that is stored and served gzipped.

    The gzip header carries no time, so that equal documents are equal bytes.
    """
    return File(key, gzip.compress(body, GZIP_LEVEL, mtime=0), JSON, "gzip", cache_control)


def unpacked(body: bytes) -> Any:
    """Return the document in gzipped JSON bytes."""
    return json.loads(gzip.decompress(body))


def put(objects: Objects, file: File) -> Written:
    """Write one file."""
    objects.put(file.key, file.body, file.content_type, file.cache_control, file.encoding)
    return file.written()


def put_all(objects: Objects, files: Iterable[File]) -> list[Written]:
    """Write files as they are made, a few at a time, so that they are never all in memory."""
    return list(spread(partial(put, objects), files))


def verify(objects: Objects, written: Sequence[Written]) -> None:
    """Read every file back.

    Raises:
        CorruptedError: a file is missing or its bytes are not those that were written.
    """

    def check(expected: Written) -> None:
        body = objects.get(expected.key)
        if body is None or len(body) != expected.size or digest(body) != expected.sha256:
            raise CorruptedError(expected.key)

    for _ in spread(check, written):
        pass


def spread(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Yield the results of `work` in the order of the items, with a bounded number under way."""
    with ThreadPoolExecutor(THREADS) as pool:
        pending: deque[Future[R]] = deque()
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > 2 * THREADS:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
