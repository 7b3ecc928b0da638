"""The restore drill on the whole map: a new table under the deployed functions, and alerts go on leaving."""

from pathlib import Path

import pytest

from chalicelib.clock import system_clock
from infra.build import local
from infra.commands import restore
from infra.local import deploy
from tests.e2e.citizen import mails_about, wait_for
from tests.e2e.outages import LOMZA, file_urgent
from tests.support.whole import BUILD, Whole, whole

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_functions_that_are_deployed_anew_work_on_the_restored_table(tmp_path: Path) -> None:
    with whole(tmp_path) as stack:
        running, old = stack.running, stack.running.names["MAIN_TABLE"]
        before = file_urgent(stack, LOMZA, 1)
        dynamodb = running.client("dynamodb")
        restore.keep_history(dynamodb, old)
        made = restore.restore(dynamodb, old, restore.twin(old, system_clock()), None)
        restore.repoint(dynamodb, running.client("ssm"), running.names["STAGE"], made["table"])
        deploy.deploy_app(running.access, local("pl", BUILD / "pl", SiteUrl=stack.base_url))
        after = Whole(deploy.describe(running.access, "pl", stack.base_url))
        assert after.running.names["MAIN_TABLE"] == made["table"]
        relay = after.running.functions["relay"]
        mappings = running.client("lambda").list_event_source_mappings(FunctionName=relay)["EventSourceMappings"]
        assert [mapping["EventSourceArn"] for mapping in mappings] == [made["stream"]]

        filed = file_urgent(after, LOMZA, 2)
        # By the stream of the new table, which the sweeper does not wait for.
        assert wait_for(lambda: mails_about(after, filed))
        key = {"PK": {"S": f"R#{filed}"}, "SK": {"S": "R"}}
        assert "Item" in dynamodb.get_item(TableName=made["table"], Key=key)
        assert "Item" not in dynamodb.get_item(TableName=old, Key=key)
        for table in (old, made["table"]):
            held = {"PK": {"S": f"R#{before}"}, "SK": {"S": "R"}}
            assert "Item" in dynamodb.get_item(TableName=table, Key=held)
