"""The items and the tables fit each other."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.store import keys, models, quota_keys
from chalicelib.store.models import GSI1_PROJECTION, GSI2_PROJECTION, EventItem, MainItem, ReportItem
from chalicelib.store.quota_items import QuotaItem, QuotaTableItem, SaltItem
from chalicelib.store.unit_items import UnitItem
from infra.local.emulator import ROOT
from tests.support.stacks import DataStack


def table(stack: DataStack, name: str) -> dict[str, Any]:
    """Describe a deployed table."""
    described: dict[str, Any] = stack.client("dynamodb").describe_table(TableName=stack.names[name])["Table"]
    return described


@pytest.mark.parametrize(("index", "projection"), [("gsi1", GSI1_PROJECTION), ("gsi2", GSI2_PROJECTION)])
def test_models_and_template_project_the_same(data_stack: DataStack, index: str, projection: list[str]) -> None:
    indexes = table(data_stack, "MAIN_TABLE")["GlobalSecondaryIndexes"]
    (deployed,) = [each for each in indexes if each["IndexName"] == index]
    assert set(deployed["Projection"]["NonKeyAttributes"]) == set(projection)
    assert "t" in projection, "a query through a discriminated model filters on it"


@pytest.mark.parametrize("name", ["MAIN_TABLE", "QUOTA_TABLE"])
def test_keys_are_those_of_the_template(data_stack: DataStack, name: str) -> None:
    assert [key["AttributeName"] for key in table(data_stack, name)["KeySchema"]] == ["PK", "SK"]


def test_every_projected_attribute_exists() -> None:
    known = {
        attribute.attr_name for model in MainItem.__subclasses__() for attribute in model.get_attributes().values()
    }
    assert known >= {*GSI1_PROJECTION, *GSI2_PROJECTION}


def test_the_quota_table_has_no_stream(data_stack: DataStack) -> None:
    assert not table(data_stack, "QUOTA_TABLE").get("StreamSpecification", {}).get("StreamEnabled")


@pytest.mark.usefixtures("world")
def test_all_models_share_one_client() -> None:
    clients = {
        id(model._get_connection().connection)
        for model in (MainItem, ReportItem, EventItem, QuotaItem, SaltItem, UnitItem)
    }
    assert clients == {id(models.connection())}


def test_the_store_is_given_up_long_before_the_gateway_gives_up() -> None:
    # In an interpreter of its own: tests on a busy machine wait longer, and say so to the models.
    names = "connect_timeout_seconds", "read_timeout_seconds", "max_retry_attempts"
    values = ", ".join(f"MainItem.Meta.{name}" for name in names)
    program = f"from chalicelib.store.models import MainItem; print({values})"
    assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True) == "1 2 2\n"


def test_two_models_may_share_a_table() -> None:
    bound = MainItem.Meta.table_name, QuotaTableItem.Meta.table_name
    models.bind("one", "one")
    assert QuotaItem._get_connection().table_name == "one"
    models.bind(*(name or "one" for name in bound))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 6, 10, 10, 0, 0, 123_999, UTC), "2026-06-10T10:00:00.123Z"),
        (datetime.fromisoformat("2026-06-10T12:00:00+02:00"), "2026-06-10T10:00:00.000Z"),
    ],
)
def test_an_instant_is_spelt_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert keys.instant(moment) == text
    assert keys.instant(keys.moment(text)) == text


def test_text_order_of_keys_is_time_order() -> None:
    moments = [datetime(2026, 6, 10, 9, 59, 59, 999_000, UTC), datetime(2026, 6, 10, 10, tzinfo=UTC)]
    assert sorted(keys.instant(moment) for moment in reversed(moments)) == [keys.instant(moment) for moment in moments]
    assert sorted([keys.event(10), keys.event(9)]) == [keys.event(9), keys.event(10)]


def test_whatever_a_day_holds_falls_into_one_of_its_partitions() -> None:
    makers = (quota_keys.quota, quota_keys.network, quota_keys.allowance)
    made = {maker("2026-06-10", f"{number:064x}") for maker in makers for number in range(100)}
    # What has just happened is kept a night longer.
    recent = {quota_keys.recent("2026-06-09", f"area {number}") for number in range(100)}
    salt, *others = quota_keys.of_quota_day("2026-06-10")
    assert (salt, set(others)) == (quota_keys.salt("2026-06-10"), made | recent)
