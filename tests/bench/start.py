"""What a cold start imports: `app.py` alone, and what the first request adds."""

import statistics
import subprocess
import sys
from collections import Counter
from typing import Any

ROUNDS = 7
FIRST_REQUEST = "import app, chalicelib.http.dispatch, chalicelib.services.intake, chalicelib.store.accept, h3"
CLOCK = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def run() -> dict[str, Any]:
    """CPU milliseconds, medians of fresh interpreters, and self time by package in the slowest half."""
    return {
        "app_import_cpu_ms": _median("import app"),
        "first_request_import_cpu_ms": _median(FIRST_REQUEST),
        "app_by_package_ms": _packages("import app"),
        "first_request_by_package_ms": _packages(FIRST_REQUEST),
        "goal_ms": 300,
    }


def _median(statement: str) -> float:
    command = [sys.executable, "-c", CLOCK.format(statement)]
    seconds = [float(subprocess.check_output(command)) for _ in range(ROUNDS)]
    return round(1000 * statistics.median(seconds), 1)


def _packages(statement: str) -> dict[str, float]:
    command = [sys.executable, "-X", "importtime", "-c", statement]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
    spent: Counter[str] = Counter()
    for line in lines:
        own, _, module = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            spent[module.strip().partition(".")[0]] += int(own)
    return {name: round(micro / 1000, 1) for name, micro in spent.most_common(8)}
