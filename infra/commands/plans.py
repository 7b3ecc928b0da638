"""`make plans`: invoke the deployed function that mails the patrol plans once and print its summary."""

import sys

from infra.commands.instance import connect, printing


def main() -> int:
    """Invoke; the exit code is 1 where no instance runs or the function fails."""
    return printing(lambda: connect().invoke("plans", {}))


if __name__ == "__main__":
    sys.exit(main())
