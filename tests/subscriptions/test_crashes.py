"""A digest killed anywhere: nobody is told of anything twice, and whoever was not reached is told by the next run."""

import subprocess
import sys
from collections import Counter

import pytest

from chalicelib.services.digest import SENDERS
from infra.build.packages import ROOT
from tests.subscriptions.town import Town

PEOPLE = SENDERS + 4
"""More than can be in hand at once."""


@pytest.mark.parametrize("moment", ["before-call", "after-call"])
@pytest.mark.parametrize(
    ("operation", "number"),
    [("dynamodb.UpdateItem", 1), ("dynamodb.UpdateItem", 3), ("sesv2.SendEmail", 1), ("sesv2.SendEmail", 3)],
)
def test_A03_a_digest_killed_anywhere_tells_nobody_twice(town: Town, operation: str, number: int, moment: str) -> None:
    for person in range(PEOPLE):
        town.subscriber(email=f"p{person}@example.org")
    rid = town.report()
    before = len(town.mails())
    town.world.clock.pass_by(hours=19)
    program = [sys.executable, "-m", "tests.subscriptions.dying_digest", town.world.clock.now.isoformat()]
    died = subprocess.run([*program, operation, str(number), moment], cwd=ROOT, check=False, capture_output=True)
    assert died.returncode == 9, died.stderr
    summaries = [town.digest() for _ in range(2)]
    assert summaries[0]["state"] == "finished"
    told = Counter(mail["To"][0] for mail in town.mails()[before:])
    assert set(told.values()) == {1}
    # At most the mails that were in hand when the process died are lost.
    assert len(told) >= PEOPLE - SENDERS
    assert all(rid in mail["BodyText"] for mail in town.mails()[before:])
