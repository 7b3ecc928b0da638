"""`make check-infra`: what is found, what is accepted, and that neither goes unseen."""

from pathlib import Path
from typing import Any

import pytest

from infra.build import template
from infra.commands.check_infra import CHECKOV, Accepted, Finding, accepted, compare, findings, scan, templates

LOGS = Finding("CKV_1", "Main", "logs")


def report(*failed: tuple[str, str], unread: int = 0) -> dict[str, Any]:
    """A report as checkov writes it."""
    checks = [{"check_id": check, "resource": resource, "check_name": "logs"} for check, resource in failed]
    return {"summary": {"parsing_errors": unread}, "results": {"failed_checks": checks, "parsing_errors": ["x.json"]}}


def test_a_finding_names_the_rule_and_the_resource() -> None:
    assert findings(report(("CKV_1", "AWS::DynamoDB::Table.Main"))) == [LOGS]


def test_a_template_that_could_not_be_read_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match=r"x\.json"):
        findings(report(unread=1))


@pytest.mark.parametrize(
    ("entry", "is_open", "is_idle"),
    [
        (Accepted("CKV_1", ("Main",), "why"), False, False),
        (Accepted("CKV_1", ("M*",), "why"), False, False),
        (Accepted("CKV_1", ("Quota",), "why"), True, True),
        (Accepted("CKV_2", ("Main",), "why"), True, True),
    ],
)
def test_what_is_accepted_is_of_one_rule_and_of_named_resources(
    entry: Accepted,
    is_open: bool,  # noqa: FBT001
    is_idle: bool,  # noqa: FBT001
) -> None:
    open_, idle = compare([LOGS], [entry])
    assert (bool(open_), bool(idle)) == (is_open, is_idle)


def test_every_excuse_has_a_reason_and_is_given_once() -> None:
    entries = accepted()
    assert all(len(entry.why) > 40 and entry.resources for entry in entries)
    assert len({entry.check for entry in entries}) == len(entries) > 5


@pytest.fixture
def scanner() -> None:
    """The program that scans, where it is installed."""
    if not CHECKOV.is_file():
        pytest.skip("checkov is not installed: make check-infra")


@pytest.mark.slow
@pytest.mark.usefixtures("scanner")
def test_nothing_is_found_that_nobody_has_accepted_and_nothing_is_accepted_in_vain(tmp_path: Path) -> None:
    for stack, document in templates().items():
        template.write(document, tmp_path / f"{stack}.json")
    assert compare(findings(scan(tmp_path)), accepted()) == ([], [])


@pytest.mark.slow
@pytest.mark.usefixtures("scanner")
def test_a_bucket_that_anybody_may_read_is_found(tmp_path: Path) -> None:
    open_bucket = {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}}
    template.write({"Resources": {"Open": open_bucket}}, tmp_path / "open.json")
    assert ("CKV_AWS_20", "Open") in {(found.check, found.resource) for found in findings(scan(tmp_path))}
