"""`make test`: everything that CI runs; with --all the slow suites too."""

import argparse
import sys

from infra.commands.steps import run, run_beside, static_checks, tests

# These wait for deployed functions and for Chromium more than they reckon: they run beside all others.
WHOLE = "e2e or browser or package"


def main() -> int:
    """Run the checks and the tests with coverage; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the slow suites too")
    wanted = "not bench" if parser.parse_args().all else "not (bench or slow)"
    checked = run(static_checks())
    whole = tests("tests of what is built and deployed", f"({wanted}) and ({WHOLE})")
    parts = tests("all other tests", f"({wanted}) and not ({WHOLE})", "--cov", "--cov-report=term")
    return run_beside(whole, [parts]) or checked


if __name__ == "__main__":
    sys.exit(main())
