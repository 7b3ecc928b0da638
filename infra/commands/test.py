"""`make test`: everything that CI runs; with --all the slow suites and the mutants too."""

import argparse
import os
import sys

from infra.commands.steps import Step, run_beside, static_checks, tests

# Set where random tests make all their tries: tests/support/thorough.py.
EVERY_TRY = "CZUJKA_EVERY_TRY"
# These wait for deployed functions and for Chromium more than they reckon: they run beside all others.
WHOLE = "e2e or browser or package"
# Three processes, each with an emulator of its own, for two cores: tests wait a third of their time. Whoever has
# nothing left takes tests from the others' ends, so that both cores work to the end and modules mostly stay whole.
PARTED = ("-n", "3", "--dist", "worksteal")


def main() -> int:
    """Run the checks and the tests with coverage; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the slow suites too")
    wanted, mutants = "not (bench or slow)", []
    if parser.parse_args().all:
        wanted = "not bench"
        mutants.append(Step("mutants", [sys.executable, "-m", "infra.commands.mutants"], aloud=True))
        os.environ[EVERY_TRY] = "1"
    whole = tests("tests of what is built and deployed", f"({wanted}) and ({WHOLE})")
    parts = tests("all other tests", f"({wanted}) and not ({WHOLE})", *PARTED, "--cov", "--cov-report=term")
    return run_beside(whole, [*static_checks(), parts, *mutants])


if __name__ == "__main__":
    sys.exit(main())
