"""`make format`: format the Python code, sort its imports, mend what ruff can mend."""

import sys

from infra.commands.steps import PYTHON, Step, run, tool


def main() -> int:
    """Rewrite the files; return the exit code."""
    return run(
        [
            Step("lint", [tool("ruff"), "check", "--fix", "--quiet", *PYTHON]),
            Step("format", [tool("ruff"), "format", "--quiet", *PYTHON]),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
