"""`make lock`: write the lock files anew from requirements/*.in.

One lock serves Python 3.11 and every newer one on every platform. What the locks hold already stays at its version;
`make lock` after deleting a line of a lock, or with --upgrade, takes the newest.
"""

import argparse
import sys

from infra.commands.steps import Step, run, tool

# In this order: later ones name earlier ones.
LOCKS = {
    "requirements/runtime.in": "requirements.txt",
    "requirements/analytics.in": "requirements/analytics.txt",
    "requirements/imaging.in": "requirements/imaging.txt",
    "requirements/login.in": "requirements/login.txt",
    "requirements/telemetry.in": "requirements/telemetry.txt",
    "requirements/emulator.in": "requirements/emulator.txt",
    "requirements/oracles.in": "requirements/oracles.txt",
    "requirements/audit.in": "requirements/audit.txt",
    "requirements/scan.in": "requirements/scan.txt",
    "requirements/uv.in": "requirements/uv.txt",
    "requirements/dev.in": "requirements/dev.txt",
}
OPTIONS = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--annotation-style=line",
)


def main() -> int:
    """Resolve and write; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    extra = ["--upgrade"] if parser.parse_args().upgrade else []
    return run(
        [
            Step(lock, [tool("uv"), "pip", "compile", *OPTIONS, *extra, source, "--output-file", lock])
            for source, lock in LOCKS.items()
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
