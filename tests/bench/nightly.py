"""What a night costs over Vancouver's 429,435 located incidents: from scratch, and from kept state."""

import tempfile
from pathlib import Path
from typing import Any

from tests.bench.stage import data_stack
from tests.nightly.benchmark import measure
from tests.support.vancouver import ALL, FOLDER, data_file


def run() -> dict[str, Any]:
    """CPU seconds and peak memory of the nightly function; the second night adds a thousand reports."""
    incidents = data_file()
    if incidents is None:
        return {"skipped": "needs the outside data of CZUJKA_DATA"}
    with tempfile.TemporaryDirectory() as folder, data_stack() as stack:
        return measure(stack, incidents, FOLDER, Path(folder), ALL - 1000)
