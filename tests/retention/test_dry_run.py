"""The dry run: what the next night would erase, and nothing else."""

from datetime import timedelta

from chalicelib.events import nightly
from tests.http.world import World
from tests.receipt.cases import held
from tests.retention.nights import CANARY, erase, night_after, raw


def test_the_dry_run_says_what_the_next_night_erases_and_changes_nothing(world: World) -> None:
    for _ in range(2):
        held(world, description=CANARY).go("joke")
    night_after(world, 30)
    before = world.items("main"), world.items("quota")
    told = nightly.handle({"dry_run": True}, world.box)
    assert (world.items("main"), world.items("quota")) == before
    assert (told["state"], told["night"]) == ("dry_run", "2026-07-11")
    rows = {(row["what"], *row["statuses"]): (row["count"], row["closed"]) for row in told["retention"]}
    assert rows["text",] == (2, {"from": "2026-06-10", "to": "2026-06-10"})
    assert rows["text", "withdrawn"] == rows["place",] == (0, None)
    assert CANARY not in str(told)
    # The other rows are kept by others, and are named all the same.
    others = {row["what"]: row["by"] for row in told["retention"] if row["count"] is None}
    assert others == {
        "receipt": "every_reading",
        "device": "nightly_purge",
        "pseudonym": "nightly_purge",
        "subscription": "daily_mails",
        "build": "nightly_sweep",
        "log": "log_groups",
        "audit": "nightly_purge",
        "plan": "nightly_sweep",
        "aggregate": "nobody",
    }
    assert [row["kept"] for row in told["retention"] if row["what"] in {"text", "aggregate"}] == [
        "30 days",
        "0 days",
        "ever",
    ]
    world.clock.now += timedelta(days=1)
    assert erase(world).things["texts"] == 2
    assert CANARY not in raw(world)
