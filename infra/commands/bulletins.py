"""`make bulletins`: invoke the deployed function of the bulletins once and print its summary."""

import sys

from infra.commands.instance import connect, printing


def main() -> int:
    """Invoke; the exit code is 1 where no instance runs or the function fails."""
    return printing(lambda: connect().invoke("bulletins", {}))


if __name__ == "__main__":
    sys.exit(main())
