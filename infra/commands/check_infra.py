"""`make check-infra`: is what goes to AWS sound? Ends with 1 where there is something to look at.

1. cfn-lint on every template, and on what SAM makes of the functions'.
2. checkov on the same: what it finds is mended or stands in infra/accepted.toml with a reason.
3. The tests of templates, quotas of stacks, policies, packages and wheels.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from cfnlint.api import lint_file

from infra.build import edge, parameters, template
from infra.build.packages import ROOT
from infra.build.target import AWS
from infra.build.template import Template
from infra.commands.steps import judged, run, tests

ACCEPTED = ROOT / "infra" / "accepted.toml"
CHECKOV = ROOT / ".scan" / "bin" / "checkov"
STAGE = "dev"
PLAIN = {"data": template.DATA, "analysis": template.ANALYSIS, "ops": template.OPS}


class Finding(NamedTuple):
    """A rule of checkov that a resource does not keep."""

    check: str
    resource: str
    words: str


class Accepted(NamedTuple):
    """A rule that some resources need not keep, and why."""

    check: str
    resources: tuple[str, ...]
    why: str

    def covers(self, finding: Finding) -> bool:
        """Tell whether the finding is one of those."""
        return finding.check == self.check and any(fnmatchcase(finding.resource, each) for each in self.resources)


def main() -> int:
    """Write, lint, scan, test; return the exit code."""
    found = templates()
    with tempfile.TemporaryDirectory(prefix="czujka-infra-") as name:
        folder = Path(name)
        for stack, document in found.items():
            template.write(document, folder / f"{stack}.json")
        faults = [f"{path.name}: {fault}" for path in sorted(folder.iterdir()) for fault in lint(path)]
        open_, idle = compare(findings(scan(folder)), accepted())
    faults += [f"{each.check} {each.resource}: {each.words}" for each in open_]
    faults += [f"{each.check} is accepted for nothing any more: take it out of {ACCEPTED.name}" for each in idle]
    print("\n".join(faults) or f"cfn-lint and checkov find nothing new in {len(found)} stacks.")
    told = judged([("templates", not faults)])
    return max(told, run([tests("tests of templates, policies and packages", "not (emulator or slow)", "tests/infra")]))


def templates() -> dict[str, Template]:
    """Return what CloudFormation would get, by the stack's name; the functions' as SAM expands it."""
    settings = parameters.stage_settings(STAGE)
    functions = template.expanded(template.of_functions(AWS, "en"), parameters.of_functions(STAGE, settings, "build"))
    distribution = edge.of_distribution(edge.planned_rules())
    return {"app": functions, "edge": distribution, **{name: template.load(path) for name, path in PLAIN.items()}}


def lint(path: Path) -> list[str]:
    """Return what cfn-lint has to say of a template."""
    return [f"{found.rule.id} {found.message}" for found in lint_file(path)]


def scan(folder: Path) -> Any:
    """Ask checkov about every template of a folder; it asks nobody else."""
    command = [str(CHECKOV), "--skip-download", "--framework", "cloudformation", "--directory", str(folder)]
    done = subprocess.run(
        [*command, "--compact", "--quiet", "--soft-fail", "--output", "json"],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def findings(report: Mapping[str, Any]) -> list[Finding]:
    """Return what a report of checkov names.

    Raises:
        ValueError: it could not read a template, and so says nothing of it.
    """
    if report["summary"]["parsing_errors"]:
        raise ValueError(f"checkov cannot read {report['results']['parsing_errors']}")
    return [
        Finding(found["check_id"], found["resource"].rsplit(".", 1)[-1], found["check_name"])
        for found in report["results"]["failed_checks"]
    ]


def accepted(path: Path = ACCEPTED) -> list[Accepted]:
    """Read what is left as it is."""
    rows = tomllib.loads(path.read_text("utf-8"))["accepted"]
    return [Accepted(row["check"], tuple(row["resources"]), row["why"]) for row in rows]


def compare(found: Sequence[Finding], left: Iterable[Accepted]) -> tuple[list[Finding], list[Accepted]]:
    """Return the findings that nobody has accepted, and the entries that meet nothing."""
    entries = list(left)
    open_ = [finding for finding in found if not any(entry.covers(finding) for entry in entries)]
    idle = [entry for entry in entries if not any(entry.covers(finding) for finding in found)]
    return open_, idle


if __name__ == "__main__":
    sys.exit(main())
