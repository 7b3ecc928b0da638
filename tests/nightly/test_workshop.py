"""The night's database: how much memory it may take, and that it ends with the night."""

import json

import pytest

from chalicelib.services.state import FUNCTION_MEMORY_MB, workshop
from infra.build.packages import ROOT

MEGABYTE, MEBIBYTE = 10**6, 2**20


@pytest.mark.parametrize("memory", [1024, 10240])
def test_the_database_takes_a_fifth_of_the_function_s_memory(memory: int) -> None:
    with workshop(memory) as shop:
        (said,) = shop.database.execute("SELECT current_setting('memory_limit')").fetchone() or ("",)
    number, unit = said.split()
    found = float(number) * {"MiB": MEBIBYTE, "GiB": 2**30}[unit]
    assert found == pytest.approx(memory * MEGABYTE / 5, rel=0.05)


def test_what_is_taken_for_granted_is_what_the_function_has() -> None:
    configuration = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    functions = next(iter(configuration["stages"].values()))["lambda_functions"]
    assert functions["nightly"]["lambda_memory_size"] == FUNCTION_MEMORY_MB


def test_folder_and_database_are_gone_afterwards() -> None:
    with workshop() as shop:
        folder = shop.folder
        assert folder.is_dir()
    assert not folder.exists()
