"""The patrol plan on the deployed stack: made by the night, read by an officer, mailed by its function."""

from datetime import time

import pytest

from chalicelib.domain.roles import Role
from chalicelib.services.plan_files import Week
from infra.commands.officer import Pool
from tests.e2e.citizen import file_report
from tests.e2e.test_login import log_in
from tests.support.ahead import ahead
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e


def test_the_plan_is_made_by_the_night_and_read_and_mailed_by_those_who_may(stack: Whole) -> None:
    running = stack.running
    assert file_report(stack).status == 201
    night = ahead(1, time(0, 10))
    week = Week.of(night.date())
    running.invoke("nightly", {"day": night.date().isoformat(), "now": night.isoformat()})

    pool = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
    pool.enter("planner", Role.OFFICER, "KMP-BIALYSTOK")
    headers = {"Authorization": f"Bearer {log_in(pool, running.names['OFFICER_CLIENT'], 'planner').access}"}
    asked = stack.call("GET", f"/v1/police/patrol-plan?week={week}", headers=headers)
    assert (asked.status, asked.json["week"]) == (200, str(week)), asked.body
    page = stack.call("GET", f"/v1/police/patrol-plan?week={week}", headers=headers | {"Accept": "text/html"})
    assert "Plan patroli" in page.body.decode()

    told = running.invoke("plans", {"now": night.replace(hour=6).isoformat()})
    assert (told["week"], told["plans_failed"], told["plans_lost"], told["plans_no_plan"]) == (str(week), 0, 0, 0)
