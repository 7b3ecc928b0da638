"""Saves and restores the emulator's whole state, from inside its process and in its own environment.

MiniStack by itself saves only when it is stopped in order, file by file, without the bodies of S3 objects in
memory and without the mails sent. Here a copy of the process (fork) writes everything: it sees one moment, the requests
go on meanwhile, and what it writes becomes the state by the exchange of one symbolic link, so a reader finds
either the last state or the one before, never a mixture.

    <folder>/current -> 17          the state in force
    <folder>/17/dynamodb.json …     one document for each service
    <folder>/17/blobs/<sha256>      long byte strings, hard links to the same ones of the state before

The internal functions of MiniStack that this uses are the reason why its version is pinned exactly.
"""

# ruff: noqa: SLF001 - MiniStack has no public way to its state

import asyncio
import base64
import contextlib
import copy
import fcntl
import gc
import hashlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, TypeVar, cast

from ministack import app as ministack
from ministack.core import persistence
from ministack.services import dynamodb, lambda_svc, s3, ses

BLOB_FROM = 16_384
"""Byte strings from this length on are files of their own."""

READS = ("Get", "Describe", "List", "Query", "Scan", "BatchGet", "TransactGet", "Receive")

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


def s3_objects() -> dict[str, Any]:
    """Bodies, versions and marks of the objects, which MiniStack's own S3 state leaves out."""
    stores = {name: getattr(s3, name) for name in S3_STORES}
    buckets = type(s3._buckets)()
    buckets._data.update({key: bucket["objects"] for key, bucket in s3._buckets._data.items()})
    return {"objects": buckets, **stores}


S3_STORES = (
    "_object_versions",
    "_object_tags",
    "_object_acl",
    "_object_annotations",
    "_object_retention",
    "_object_legal_hold",
)


def restore_s3_objects(data: dict[str, Any]) -> None:
    """Put back what `s3_objects` gave; the buckets are there already."""
    for key, objects in data["objects"]._data.items():
        s3._buckets._data[key]["objects"].update(objects)
    for name in S3_STORES:
        getattr(s3, name).update(data[name])


class Store:
    """The states on disk under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder / "current"
        folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone in the folder: a copy that outlived its killed original may still be writing."""
        with (self.folder / "lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def restore(self) -> bool:
        """Load the state in force into the emulator's modules; False when there is none. Removes what a kill left."""
        with self.locked():
            return self._restore()

    def _restore(self) -> bool:
        held = self.current.resolve() if self.current.is_symlink() else None
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink() and entry != held:
                shutil.rmtree(entry)
        if held is None:
            return False
        for key, module in ministack._state_map.items():
            if (held / f"{key}.json").exists():
                ministack._get_module(module).load_persisted_state(self._read(held, key))
        restore_s3_objects(self._read(held, "s3-objects"))
        ses._sent_emails.update(self._read(held, "ses-sent"))
        return True

    def write(self) -> None:
        """Write the state of this process as a new folder and put it in force."""
        before = self.current.resolve() if self.current.is_symlink() else None
        made = self.folder / str(int(before.name) + 1 if before else 1)
        shutil.rmtree(made, ignore_errors=True)
        (made / "blobs").mkdir(parents=True)
        encoder = Blobs(made / "blobs", before / "blobs" if before else None)
        for key, state in self._states().items():
            payload = {"payload": state}
            write_synced(made / f"{key}.json", json.dumps(payload, default=encoder.encode).encode())
        sync_folder(made / "blobs")
        sync_folder(made)
        link = self.folder / "next"
        link.unlink(missing_ok=True)
        link.symlink_to(made.name)
        link.replace(self.current)
        sync_folder(self.folder)
        if before:
            shutil.rmtree(before)

    @staticmethod
    def _states() -> dict[str, Any]:
        states = {key: state() for key, state in ministack._build_persistence_save_dict().items()}
        # The stream's records are not kept, so a position in them would skip the first new ones after a start.
        states.get("lambda", {}).pop("dynamodb_stream_positions", None)
        return {**states, "s3-objects": s3_objects(), "ses-sent": ses._sent_emails}

    @staticmethod
    def _read(folder: Path, key: str) -> Any:
        def decode(found: dict[str, Any]) -> Any:
            if "__blob__" in found:
                return (folder / "blobs" / found["__blob__"]).read_bytes()
            return persistence._json_object_hook(found)

        return json.loads((folder / f"{key}.json").read_bytes(), object_hook=decode)["payload"]


class Blobs:
    """Long byte strings as files named by their content, linked from the state before where they stand there."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        self.folder = folder
        self.before = before

    def encode(self, value: Any) -> Any:
        """The `default` of `json.dumps`."""
        if not isinstance(value, bytes | bytearray):
            return persistence._json_default(value)
        if len(value) < BLOB_FROM:
            return {"__bytes__": base64.b64encode(value).decode()}
        name = hashlib.sha256(value).hexdigest()
        path = self.folder / name
        if not path.exists():
            if self.before is not None and (self.before / name).exists():
                path.hardlink_to(self.before / name)
            else:
                write_synced(path, value)
        return {"__blob__": name}


def same(value: T, *_: Any) -> T:
    """The value itself: what `copy.deepcopy` may do where nothing changes."""
    return value


def nothing(*_: Any) -> None:
    """Do nothing."""


def write_synced(path: Path, body: bytes | bytearray) -> None:
    """Write the file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's entries."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Saver:
    """Saves every few seconds when something may have changed."""

    def __init__(self, store: Store, every: float) -> None:
        self.store = store
        self.every = every
        self.dirty = False

    def watch(self, application: Application) -> Application:
        """The application, noting each request that may change something."""

        async def watched(scope: Scope, receive: Any, send: Any) -> None:
            await application(scope, receive, send)
            if scope["type"] == "http" and changes_something(scope):
                self.dirty = True

        return watched

    async def run(self) -> None:
        """Save until cancelled, with a pause of `every` seconds after each save."""
        while True:
            await asyncio.sleep(self.every)
            if self.dirty:
                self.dirty = False
                child = self.fork()
                _, status = await asyncio.to_thread(os.waitpid, child, 0)
                self.dirty = self.dirty or status != 0

    def save_now(self) -> None:
        """Save and wait for it, whether or not something changed."""
        os.waitpid(self.fork(), 0)

    def fork(self) -> int:
        """Start the copy of this process that writes the state; gives its process id.

        Called on the event loop's thread, where requests are handled, so no request is half done; the lock
        keeps out the one thread beside it that deletes items (TTL).
        """
        started = time.perf_counter()
        with dynamodb._lock:
            child = os.fork()
        if child == 0:
            self._write_and_end()
        if os.environ.get("CZUJKA_SAVE_TIMES"):
            sys.stderr.write(f"fork {1000 * (time.perf_counter() - started):.1f} ms\n")
        return child

    def _write_and_end(self) -> None:
        started = time.perf_counter()
        try:
            gc.disable()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            # The listening socket and the connections belong to the original alone.
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            # Nothing changes any more in this process, so the services need not copy what they hand out,
            # and the code of functions becomes a blob like any other long byte string.
            copy.deepcopy = cast("Any", same)
            lambda_svc._externalize_code_zip = nothing
            lambda_svc._prune_orphan_code_blobs = nothing
            with self.store.locked():
                self.store.write()
            if os.environ.get("CZUJKA_SAVE_TIMES"):
                os.write(2, f"saved in {time.perf_counter() - started:.2f} s\n".encode())
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the copy must end here and never serve
            with contextlib.suppress(OSError):
                os.write(2, traceback.format_exc().encode())
            os._exit(1)


def changes_something(scope: Scope) -> bool:
    """Whether a request may change state: everything but plain reads, as far as the request line and headers tell."""
    if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return False
    headers = dict(scope["headers"])
    operation = headers.get(b"x-amz-target", b"").decode("latin-1").rpartition(".")[2]
    return not operation.startswith(READS)
