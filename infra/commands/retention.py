"""`make retention`: print what the next night would erase, as the deployed nightly function says; nothing changes.

Every row of the table of retention is printed, those that others keep with who does.
"""

import sys

from infra.commands.instance import connect, printing


def main() -> int:
    """Ask; the exit code is 1 where no instance runs or the function fails."""
    return printing(lambda: connect().invoke("nightly", {"dry_run": True}))


if __name__ == "__main__":
    sys.exit(main())
