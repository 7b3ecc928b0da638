"""One line for each step of the start, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class StepFailed(Exception):
    """A step of the start failed; the message says what and what to do."""


class Progress:
    """Prints the steps as they end."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time the block; what it appends to the list given is shown behind the name."""
        started = time.monotonic()
        remarks: list[str] = []
        try:
            yield remarks
        except BaseException:
            self._line(started, f"{name}: FAILED")
            raise
        self._line(started, f"{name}: {', '.join(remarks)}" if remarks else name)

    def remark(self, text: str) -> None:
        """A line for something that took no time."""
        self._line(time.monotonic(), text)

    def total(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.started

    @staticmethod
    def _line(started: float, text: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:7.1f} s  {text}\n")
        sys.stdout.flush()
