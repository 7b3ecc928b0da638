"""`make audit`: the bill of materials, the licences, and whom it asks about what."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from infra.build.bill import SITE_LOCK, Part, bill, is_allowed, licence_of, parts
from infra.build.packages import FUNCTION_LOCK, LAYER_LOCKS, ROOT
from infra.commands import audit
from infra.commands.lock import LOCKS
from infra.commands.steps import Step

FOUND = parts()
DEPLOYED = {"functions": FUNCTION_LOCK, **LAYER_LOCKS}


@pytest.mark.parametrize("used_by", DEPLOYED)
def test_every_package_of_a_zip_or_layer_is_on_the_bill(used_by: str) -> None:
    pinned = re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", DEPLOYED[used_by].read_text("utf-8"), re.MULTILINE)
    assert pinned
    on_it = [(part.name, part.version) for part in FOUND if part.used_by == used_by]
    assert sorted(on_it) == sorted(pinned)


def test_what_the_site_is_made_of_is_on_the_bill_and_what_only_checks_it_is_not() -> None:
    named = {part.name for part in FOUND if part.used_by == "site"}
    package = json.loads((ROOT / "static-site" / "package.json").read_text("utf-8"))
    assert set(package["dependencies"]) <= named
    locked = json.loads(SITE_LOCK.read_text("utf-8"))["packages"]
    # A package of the site may itself ask for what our own checks use too.
    asked = {
        name for part, row in locked.items() if part and not row.get("dev") for name in row.get("dependencies", ())
    }
    assert not (set(package["devDependencies"]) - asked) & named
    assert locked["node_modules/leaflet"]["integrity"].startswith("sha512-")


def test_a_component_has_its_package_url_licence_and_the_hashes_of_its_lock() -> None:
    components = bill("1.2.3", FOUND)["components"]
    (found,) = [component for component in components if component["name"] == "joserfc"]
    lock = (ROOT / "requirements" / "login.txt").read_text("utf-8")
    assert found["purl"] == f"pkg:pypi/joserfc@{found['version']}"
    assert found["licenses"] == [{"expression": "BSD-3-Clause"}]
    digests = [each["content"] for reference in found["externalReferences"] for each in reference["hashes"]]
    assert digests
    assert all(f"joserfc=={found['version']}" in lock.split(digest)[0] for digest in digests)


def test_a_package_that_two_parts_use_is_one_component() -> None:
    part = Part("pypi", "both", "1", "MIT", (("SHA-256", "00" * 32),), "functions")
    (component,) = bill("1", [part, replace(part, used_by="login")])["components"]
    assert [each["value"] for each in component["properties"]] == ["functions", "login"]


def test_references_are_unique_and_the_same_packages_give_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name, order in (("one", FOUND), ("other", FOUND[::-1])):
        audit.write(tmp_path / name, order)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    references = [component["bom-ref"] for component in json.loads(written[0])["components"]]
    assert len(set(references)) == len(references) > 50


def test_everything_that_is_deployed_may_be_handed_on_with_ours() -> None:
    assert audit.objections(FOUND) == []


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("MPL-2.0", True),
        ("LGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("", False),
        (None, False),
    ],
)
def test_of_a_choice_one_licence_is_enough_and_of_several_each_counts(licence: str | None, *, allowed: bool) -> None:
    assert is_allowed(licence) is allowed
    part = Part("pypi", "x", "1", licence, (), "functions")
    assert audit.objections([part]) == ([] if allowed else [f"pkg:pypi/x@1 (functions): {licence}"])


@pytest.mark.parametrize(
    ("package", "licence"),
    [("cryptography", "Apache-2.0 OR BSD-3-Clause"), ("h3", "Apache-2.0"), ("botocore", "Apache-2.0"), ("owlrl", None)],
)
def test_a_licence_is_read_wherever_a_package_says_it(package: str, licence: str | None) -> None:
    assert licence_of(package) == licence


def test_every_lock_is_asked_about_or_held_by_one_that_is() -> None:
    asked = {step.name.removeprefix("weaknesses of ") for step in audit.weaknesses()}
    assert asked - {"the site's packages"} == set(LOCKS.values()) - audit.COVERED
    dev = set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / "dev.txt").read_text("utf-8"), re.MULTILINE))
    for lock in audit.COVERED:
        assert set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)) <= dev


@pytest.mark.parametrize(("found", "form", "code"), [(FOUND, "true", 0), (FOUND, "false", 1), ([], "true", 0)])
def test_offline_it_writes_the_bill_and_ends_as_its_form_does(
    found: list[Part], form: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    monkeypatch.setattr(audit, "BILL", tmp_path / "bill.json")
    monkeypatch.setattr(audit, "write", lambda path, _parts: path.touch())
    monkeypatch.setattr(audit, "parts", lambda: found)
    monkeypatch.setattr(audit, "schema", lambda _path: Step("form", [form], tmp_path))
    assert audit.main(["--offline"]) == code
    assert audit.BILL.exists()


def test_a_licence_that_may_not_be_handed_on_is_named_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    monkeypatch.setattr(audit, "BILL", tmp_path / "bill.json")
    monkeypatch.setattr(audit, "write", lambda path, _parts: path.touch())
    monkeypatch.setattr(audit, "parts", lambda: [Part("npm", "strict", "2", "AGPL-3.0-only", (), "site")])
    monkeypatch.setattr(audit, "schema", lambda _path: Step("form", ["true"], tmp_path))
    assert audit.main(["--offline"]) == 1
    assert "pkg:npm/strict@2 (site): AGPL-3.0-only" in capsys.readouterr().out
