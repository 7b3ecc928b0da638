"""`make test`: everything that CI runs; with --all the slow suites too."""

import argparse
import sys

from infra.commands.steps import run, static_checks, tests


def main() -> int:
    """Run the checks and the tests with coverage; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the slow suites too")
    wanted = "not bench" if parser.parse_args().all else "not (bench or slow)"
    return run([*static_checks(), tests(wanted, "--cov", "--cov-report=term")])


if __name__ == "__main__":
    sys.exit(main())
