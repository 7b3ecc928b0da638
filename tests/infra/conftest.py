"""The built templates and zips; each is made once for a test process."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.build import Package, aws, local, template
from infra.build.target import AWS, host

Template = dict[str, Any]


@pytest.fixture(scope="session")
def local_template() -> Template:
    return template.of_functions(host(), "pl")


@pytest.fixture(scope="session")
def aws_template() -> Template:
    return template.of_functions(AWS, "pl")


@pytest.fixture(scope="session")
def data_template() -> Template:
    return template.load(template.DATA)


@pytest.fixture(scope="session")
def analysis_template() -> Template:
    return template.load(template.ANALYSIS)


@pytest.fixture(scope="session")
def ops_template() -> Template:
    return template.load(template.OPS)


@pytest.fixture(scope="session")
def local_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return local("pl", tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session")
def aws_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return aws("dev", tmp_path_factory.mktemp("aws"))


@pytest.fixture(scope="session")
def unpacked(local_package: Package, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The zip (`code`) and each layer as Lambda lays them out: the folders of /var/task and /opt/python."""
    folders = {}
    for name, path in {"code": local_package.code, **local_package.layers}.items():
        folder = tmp_path_factory.mktemp(name)
        with zipfile.ZipFile(path) as opened:
            opened.extractall(folder)
        folders[name] = folder if name == "code" else folder / "python"
    return folders
