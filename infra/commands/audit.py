"""`make audit`: what our packages are known for. Ends with 1 where there is something to look at.

1. Bill of materials of everything that is deployed, in CycloneDX 1.6: `dist/audit/czujka.cdx.json`, checked against the
   official schema.
2. Licences: whatever is deployed must be under one that may be handed on with ours.
3. Known weaknesses of every pinned Python package (pip-audit) and of every pinned package of the site (npm audit). Both
   ask the databases of the package registries, and tell them nothing but names and versions. OFFLINE=1 leaves this out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from infra.build.bill import Part, bill, is_allowed, parts
from infra.build.packages import ROOT
from infra.commands.lock import LOCKS
from infra.commands.steps import Step, judged, run

BILL = ROOT / "dist" / "audit" / "czujka.cdx.json"
TOOLS = ROOT / ".audit" / "bin"
CHECK = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1], encoding="utf-8").read())
sys.exit(None if fault is None else str(fault))
"""
"""Run by the environment that has the schema."""

# A lock that another holds whole is asked about once.
COVERED = {
    "requirements.txt",
    *(f"requirements/{name}.txt" for name in ("analytics", "imaging", "login", "telemetry", "uv")),
}


def main(arguments: list[str] | None = None) -> int:
    """Write, check, ask; return the exit code."""
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--offline", action="store_true", help="ask no registry")
    offline = parser.parse_args(arguments).offline
    found = parts()
    write(BILL, found)
    print(f"{len(found)} packages are deployed: {BILL.relative_to(ROOT)}")
    against = objections(found)
    print("\n".join(against) or "All licences may be handed on with ours.")
    verdict = run([schema(BILL), *([] if offline else weaknesses())])
    return max(verdict, judged([("licences", not against)]))


def write(path: Path, found: Sequence[Part]) -> None:
    """Write the bill of materials; the same packages give the same bytes."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bill(version, found), indent=1) + "\n", "utf-8")


def objections(found: Sequence[Part]) -> list[str]:
    """Return a line for each package that may not be handed on with ours, or does not say whether it may."""
    return [f"{part.purl} ({part.used_by}): {part.licence}" for part in found if not is_allowed(part.licence)]


def schema(path: Path) -> Step:
    """The step that holds the bill of materials to its schema."""
    return Step("form of the bill of materials", [str(TOOLS / "python"), "-c", CHECK, str(path)])


def weaknesses() -> list[Step]:
    """The steps that ask about every lock."""
    locks = [lock for lock in LOCKS.values() if lock not in COVERED]
    ask = [str(TOOLS / "pip-audit"), "--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    asked = [Step(f"weaknesses of {lock}", [*ask, "--requirement", lock], aloud=True) for lock in locks]
    npm = ["npm", "audit", "--package-lock-only"]
    return [*asked, Step("weaknesses of the site's packages", npm, ROOT / "static-site", aloud=True)]


if __name__ == "__main__":
    sys.exit(main())
