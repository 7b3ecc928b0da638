"""`make bench`: runs the benchmarks, each in a process of its own, and prints one JSON object.

Machines are noisy: read ratios, CPU seconds, bytes and request units; wall times only beside them.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from typing import Any

BENCHMARKS = (
    "start",
    "package",
    "accept",
    "photos",
    "open311",
    "places",
    "importing",
    "nightly",
    "nation",
    "hotspots",
    "figures",
    "retention",
    "chain",
    "acts",
    "changes",
    "alerts",
    "digest",
    "load",
    "lighthouse",
    "phone",
    "run",
)
ONE = "--one"


def main() -> int:
    """Run the named benchmarks, or all; return 1 where one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="only these")
    parser.add_argument(ONE, choices=BENCHMARKS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(importlib.import_module(f"tests.bench.{arguments.one}").run()))
        return 0
    results = {name: _measured(name) for name in arguments.names or BENCHMARKS}
    print(json.dumps(results, indent=1, ensure_ascii=False))
    return int(any("failed" in result for result in results.values()))


def _measured(name: str) -> dict[str, Any]:
    print(f"{name} …", file=sys.stderr, flush=True)
    process = subprocess.run(
        [sys.executable, "-m", "infra.commands.bench", ONE, name], stdout=subprocess.PIPE, text=True, check=False
    )
    if process.returncode:
        return {"failed": process.returncode}
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    sys.exit(main())
