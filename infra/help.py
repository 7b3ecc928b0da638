"""Print the verbs of the Makefile with their one-line descriptions (standard library only)."""

import re
from pathlib import Path

VERB = re.compile(r"^([a-z-]+):[^#\n]*## (.+)$", re.MULTILINE)


def verbs(makefile: str) -> list[tuple[str, str]]:
    """Return (verb, description) for each documented target, in the order of the file."""
    return VERB.findall(makefile)


def main() -> None:
    """Print the table."""
    for verb, description in verbs(Path("Makefile").read_text("utf-8")):
        print(f"  make {verb:<18}{description}")


if __name__ == "__main__":
    main()
