"""The house itself: locks, verbs, environments, the imports of app.py."""

import ast
import importlib.util
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from infra import bootstrap
from infra.build.packages import ROOT
from infra.commands.lock import LOCKS
from infra.commands.steps import FAST
from infra.help import verbs

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PINNED = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==([^ ;\\]+)((?: ;[^\\]*)?) \\$")
# What the contract promises of this first stage.
PROMISED = {
    *("run", "check", "test", "test-all", "demo", "nightly", "publish", "import", "boundaries", "mail"),
    *("bench", "package", "deploy"),
}


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package of a lock; more than one where Pythons or platforms differ."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            match = PINNED.match(line)
            assert match, f"{lock}: not pinned with hashes: {line}"
            found.setdefault(match[1], set()).add(match[2])
    return found


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_package_is_pinned_by_hash(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert pins(lock)
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    "lock",
    [
        "requirements.txt",
        *(f"requirements/{name}.txt" for name in ("analytics", "imaging", "login", "telemetry", "uv")),
    ],
)
def test_what_is_tested_is_what_is_deployed(lock: str) -> None:
    tested = pins("requirements/dev.txt")
    assert {name: tested.get(name) for name in pins(lock)} == pins(lock)


def test_the_emulator_is_pinned_exactly_where_it_is_asked_for() -> None:
    asked = (ROOT / "requirements" / "emulator.in").read_text("utf-8")
    (version,) = re.findall(r"^ministack\[full\]==(\S+)$", asked, re.MULTILINE)
    assert pins("requirements/emulator.txt")["ministack"] == {version}


def test_every_promised_verb_is_there() -> None:
    described = dict(verbs(MAKEFILE))
    assert set(described) >= PROMISED
    assert all(described.values())


def test_every_target_is_described_and_phony() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert targets == {name for name, _ in verbs(MAKEFILE)} == set(phony.split())


def test_every_verb_calls_a_module_that_exists() -> None:
    modules = {f"infra.commands.{name}" for name in re.findall(r"\$\(DO\)\.([a-z_]+)", MAKEFILE)}
    modules |= set(re.findall(r"-m (infra\.(?!commands)[a-z_.]+)", MAKEFILE))
    assert len(modules) > 10
    assert [name for name in sorted(modules) if importlib.util.find_spec(name) is None] == []


def test_make_help_prints_every_verb() -> None:
    command = [sys.executable, "-m", "infra.help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split()[1] for line in shown.splitlines()] == [name for name, _ in verbs(MAKEFILE)]


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    with pytest.raises(SystemExit, match=r"3\.11 or newer is needed, this is 3\.9.*PYTHON="):
        runpy.run_path(str(ROOT / "infra" / "bootstrap.py"))


def test_an_older_python_can_read_what_it_is_told() -> None:
    source = (ROOT / "infra" / "bootstrap.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 7))


@pytest.mark.parametrize(("version", "accepted"), [("v20.1.0", True), ("v24.0.0", True), ("v18.20.1", False)])
def test_node_is_asked_for_its_version(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n", "ascii")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")
    if accepted:
        assert bootstrap.node_version() == version
    else:
        with pytest.raises(bootstrap.CannotPrepare, match=r"Node 20 or newer is needed, this is v18"):
            bootstrap.node_version()


def test_a_machine_without_node_is_told_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.bootstrap"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Node 20 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_environment_is_current_until_its_lock_or_its_tool_changes(tmp_path: Path) -> None:
    lock, folder = tmp_path / "lock.txt", tmp_path / "environment"
    folder.mkdir()
    lock.write_text("a==1", "ascii")
    wanted = bootstrap.fingerprint(lock, "3.11")
    assert not bootstrap.is_current(folder, wanted)
    (folder / bootstrap.STAMP).write_text(wanted, "ascii")
    assert bootstrap.is_current(folder, wanted)
    assert not bootstrap.is_current(folder, bootstrap.fingerprint(lock, "3.12"))
    lock.write_text("a==2", "ascii")
    assert not bootstrap.is_current(folder, bootstrap.fingerprint(lock, "3.11"))


def test_an_environment_that_was_moved_is_made_anew(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "old")], check=True)
    assert bootstrap.is_of_this_python(tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")
    assert not bootstrap.is_of_this_python(tmp_path / "new")
    assert not bootstrap.is_of_this_python(tmp_path / "absent")


def test_a_program_that_fails_is_quoted() -> None:
    with pytest.raises(bootstrap.CannotPrepare, match="no such lock"):
        bootstrap.call([sys.executable, "-c", "import sys; sys.exit('no such lock')"])


def test_the_application_imports_routes_and_its_root_alone() -> None:
    tree = ast.parse((ROOT / "app.py").read_text("utf-8"))
    at_start = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    standard = {name for name in at_start if name and name.partition(".")[0] in sys.stdlib_module_names}
    allowed = {
        *("chalice", "chalice.app", "chalicelib.container", "chalicelib.domain.roles", "chalicelib.events.invoked"),
        "chalicelib.http.routes",
    }
    assert at_start - standard <= allowed


def test_the_fast_selection_leaves_out_every_slow_kind() -> None:
    config = (ROOT / "pyproject.toml").read_text("utf-8")
    markers = set(re.findall(r'^    "([a-z0-9]+): ', config, re.MULTILINE)) - {"data"}
    assert markers == set(re.findall(r"[a-z0-9]+", FAST)) - {"not", "or"}


def test_the_licence_is_the_whole_eupl() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.lstrip().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [number for number in range(1, 16) if not re.search(rf"^{number}\. ", text, re.MULTILINE)] == []
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in text
