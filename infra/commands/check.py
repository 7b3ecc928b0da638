"""`make check`: formatting, lint, types, imports and the fast tests, within a minute."""

import sys

from infra.commands.steps import FAST, run_beside, static_checks, tests


def main() -> int:
    """Run the checks; return the exit code."""
    return run_beside(tests("fast tests", FAST, "-n", "2"), static_checks())


if __name__ == "__main__":
    sys.exit(main())
