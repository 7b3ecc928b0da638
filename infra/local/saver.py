"""Writes the emulator's state every few seconds while it serves, by a copy of its process."""

# ruff: noqa: SLF001 - MiniStack has no public way to its locks and internal functions

import asyncio
import contextlib
import copy
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar, cast

from ministack.services import dynamodb, lambda_svc

from infra.local.snapshot import Store

READS = ("Get", "Describe", "List", "Query", "Scan", "BatchGet", "TransactGet", "Receive")

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


class Saver:
    """Saves when something may have changed."""

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
        """Save until cancelled, so often that a kill at any time loses no more than `every` seconds."""
        took = 0.0
        while True:
            # A state counts from its exchange on: what came since the one before was forked is lost until then.
            await asyncio.sleep(max(self.every - 2 * took, self.every / 5))
            if self.dirty:
                self.dirty = False
                took = await self._save()

    async def _save(self) -> float:
        started = time.perf_counter()
        child = self.fork()
        held = time.perf_counter() - started
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        self.dirty = self.dirty or status != 0
        took = time.perf_counter() - started
        sys.stderr.write(f"state saved in {took:.2f} s, requests held for {1000 * held:.0f} ms\n")
        sys.stderr.flush()
        return took

    def save_now(self) -> None:
        """Save and wait for it, whether or not something changed."""
        os.waitpid(self.fork(), 0)

    def fork(self) -> int:
        """Start the copy of this process that writes the state; gives its process id.

        Called on the event loop's thread, where requests are handled, so no request is half done; the lock
        keeps out the one thread beside it that deletes items (TTL).
        """
        with dynamodb._lock:
            child = os.fork()
        if child == 0:
            self._write_and_end()
        return child

    def _write_and_end(self) -> None:
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


def same(value: T, *_: Any) -> T:
    """The value itself: what `copy.deepcopy` may do where nothing changes."""
    return value


def nothing(*_: Any) -> None:
    """Do nothing."""
