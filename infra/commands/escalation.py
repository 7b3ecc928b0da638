"""`make escalation`: invoke the deployed function that tells of overdue cases once and print its summary."""

import sys

from infra.commands.instance import connect, printing


def main() -> int:
    """Invoke; the exit code is 1 where no instance runs or the function fails."""
    return printing(lambda: connect().invoke("escalation", {}))


if __name__ == "__main__":
    sys.exit(main())
