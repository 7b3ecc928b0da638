"""The zips: what is in them, that they are small, and that the same sources give the same bytes."""

import ast
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.build import Package, archive, function_files
from infra.build.bytecode import compile_folder
from infra.build.packages import FUNCTION_LOCK, ROOT, SERVICES, install, require_wheels, strip
from infra.build.target import AWS, Target, host

MEGABYTE = 1_000_000
LAMBDA_LIMIT = 250 * 1024 * 1024
ARM64 = 0xB7


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as opened:
        return set(opened.namelist())


@pytest.mark.package
def test_the_functions_zip_for_aws_is_at_most_12_mb(aws_package: Package) -> None:
    assert aws_package.code.stat().st_size <= 12 * MEGABYTE


@pytest.mark.package
def test_the_function_and_each_layer_fit_into_lambda(aws_package: Package) -> None:
    for layer in aws_package.layers.values():
        assert archive.unpacked_size([aws_package.code, layer]) <= LAMBDA_LIMIT


@pytest.mark.package
@pytest.mark.parametrize(("layer", "holds"), [("analytics", {"numpy", "duckdb"}), ("imaging", {"PIL", "pillow.libs"})])
def test_each_layer_holds_its_packages_where_lambda_looks(layer: str, holds: set[str], aws_package: Package) -> None:
    held = {Path(name).parts[:2] for name in names(aws_package.layers[layer])}
    assert {folder for folder, _ in held} == {"python"}
    assert {name for _, name in held if not name.endswith((".dist-info", ".py", ".pyc"))} - {"__pycache__"} >= holds
    assert not holds & {name.partition("/")[0] for name in names(aws_package.code)}


@pytest.mark.package
def test_the_imaging_layer_is_at_most_12_mb(aws_package: Package) -> None:
    assert aws_package.layers["imaging"].stat().st_size <= 12 * MEGABYTE


@pytest.mark.package
def test_every_compiled_file_for_aws_is_for_arm(aws_package: Package) -> None:
    compiled = 0
    for path in (aws_package.code, *aws_package.layers.values()):
        with zipfile.ZipFile(path) as opened:
            for name in opened.namelist():
                if ".so" in Path(name).suffixes:
                    header = opened.read(name)[:20]
                    assert header[:4] == b"\x7fELF", name
                    assert int.from_bytes(header[18:20], "little") == ARM64, name
                    compiled += 1
    assert compiled > 10


@pytest.mark.package
def test_the_zip_holds_what_runs_and_nothing_private(aws_package: Package) -> None:
    held = names(aws_package.code)
    assert {"app.py", "chalice/app.py", "chalicelib/settings.py", "instance/instance.json"} <= held
    assert {"botocore", "h3", "pynamodb"} <= {name.partition("/")[0] for name in held}
    assert not {name for name in held if name.startswith(("boto3/", "infra/", "tests/", "bin/", "numpy/", "duckdb/"))}
    assert not {name for name in held if name.endswith(("addresses.csv", ".pyi", "RECORD", ".env"))}


@pytest.mark.package
def test_every_package_ships_with_its_licence(aws_package: Package) -> None:
    for path in (aws_package.code, *aws_package.layers.values()):
        held = names(path)
        shipped = {name.partition(".dist-info/")[0] for name in held if ".dist-info/" in name}
        licensed = {name.partition(".dist-info/")[0] for name in held if "LICEN" in name.upper()}
        assert shipped
        assert shipped - licensed == set()


@pytest.mark.package
def test_equal_sources_give_equal_bytes(tmp_path: Path) -> None:
    digests = set()
    for seed, zone in (("1", "Europe/Warsaw"), ("2", "Asia/Tokyo")):
        out = tmp_path / seed
        code = (
            "import sys; from pathlib import Path; from infra.build import archive, function_files;"
            "from infra.build.target import host;"
            "files = function_files('pl', host()); archive.write(Path(sys.argv[1]), files)"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(out)],
            check=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
        )
        digests.add(out.read_bytes())
    assert len(digests) == 1


def test_compiling_twice_gives_equal_bytes(tmp_path: Path) -> None:
    results = []
    for turn in ("a", "b"):
        folder = tmp_path / turn
        folder.mkdir()
        (folder / "module.py").write_text("NAMES = frozenset({'x', 'y', 'z'})\nfound = 'x' in {'p', 'q', 'r'}\n")
        compile_folder(folder)
        (compiled,) = folder.rglob("*.pyc")
        results.append(compiled.read_bytes())
    assert results[0] == results[1]
    assert str(tmp_path).encode() not in results[0]


def test_an_archive_depends_on_names_and_contents_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("same", "ascii")
    second.write_text("same", "ascii")
    second.chmod(0o600)
    os.utime(second, (0, 0))
    archive.write(tmp_path / "1.zip", {"b.txt": first, "a.txt": b"bytes"})
    archive.write(tmp_path / "2.zip", {"a.txt": b"bytes", "b.txt": second})
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_the_digest_changes_with_name_content_and_text(tmp_path: Path) -> None:
    digests = {
        archive.digest({"a": b"1"}),
        archive.digest({"b": b"1"}),
        archive.digest({"a": b"2"}),
        archive.digest({"a": b"1"}, "more"),
    }
    assert len(digests) == 4
    (tmp_path / "a").write_bytes(b"1")
    assert archive.digest({"a": tmp_path / "a"}) == archive.digest({"a": b"1"})


def wheel(folder: Path, tag: str) -> Path:
    info = folder / "native-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("native.cpython-314-aarch64-linux-gnu.so,,\n", "ascii")
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nTag: {tag}\n", "ascii")
    return folder


@pytest.mark.parametrize("tag", ["cp314-cp314-linux_aarch64", "cp314-cp314-manylinux_2_28_x86_64"])
def test_a_wheel_that_lambda_could_not_load_is_refused(tag: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"native-1\.0"):
        require_wheels(wheel(tmp_path, tag), AWS)


def test_a_manylinux_wheel_for_the_processor_is_taken(tmp_path: Path) -> None:
    require_wheels(wheel(tmp_path, "cp314-cp314-manylinux_2_28_aarch64"), AWS)


def test_stripping_keeps_what_is_imported(tmp_path: Path) -> None:
    kept = [
        "numpy/testing/__init__.py",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/endpoints.json",
        "h3/api.py",
        "h3-4.5.0.dist-info/licenses/LICENSE",
    ]
    dropped = [
        "numpy/tests/test_x.py",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "h3/_cy/cells.pyx",
        "h3-4.5.0.dist-info/RECORD",
        "bin/tool",
        "h3/api.pyi",
    ]
    for name in kept + dropped:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    strip(tmp_path)
    assert sorted(archive.all_members(tmp_path)) == sorted(kept)


def clients() -> Iterator[tuple[Path, str]]:
    """Every AWS service that the deployed code asks for by name."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                if node.func.attr in {"client", "create_client"} and isinstance(first, ast.Constant):
                    yield path, str(first.value)


def test_each_client_of_the_code_has_its_service_in_the_zip() -> None:
    found = {service for _, service in clients()}
    # PynamoDB makes the client of DynamoDB itself.
    assert found | {"dynamodb"} == SERVICES


@pytest.mark.package
def test_the_kept_services_are_in_botocore() -> None:
    data = install(FUNCTION_LOCK, host()) / "botocore" / "data"
    assert {path.name for path in data.iterdir() if path.is_dir()} == SERVICES


@pytest.mark.package
def test_only_the_target_of_this_interpreter_gets_compiled_files() -> None:
    older = Target(python="3.12" if host().python != "3.12" else "3.13", architecture="arm64", wheels=AWS.wheels)
    for target, expected in ((host(), True), (older, False)):
        compiled = any(name.startswith("chalicelib/") and name.endswith(".pyc") for name in _sources(target))
        assert compiled is expected


def _sources(target: Target) -> set[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("infra.build.packages.install", lambda _lock, _target: ROOT / "infra" / "policies")
        return set(function_files("pl", target))
