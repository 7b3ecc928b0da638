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

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ministack import app as ministack
from ministack.core import persistence
from ministack.services import s3, ses

BLOB_FROM = 16_384
"""Byte strings from this length on are files of their own."""

S3_STORES = (
    "_object_versions",
    "_object_tags",
    "_object_acl",
    "_object_annotations",
    "_object_retention",
    "_object_legal_hold",
)


def s3_objects() -> dict[str, Any]:
    """Bodies, versions and marks of the objects, which MiniStack's own S3 state leaves out."""
    stores = {name: getattr(s3, name) for name in S3_STORES}
    buckets = type(s3._buckets)()
    buckets._data.update({key: bucket["objects"] for key, bucket in s3._buckets._data.items()})
    return {"objects": buckets, **stores}


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
