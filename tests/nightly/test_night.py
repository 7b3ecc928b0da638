"""The nightly run as its operator meets it: repeated, cut off, doubled, late, and with a damaged file."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.services import manifest
from chalicelib.services.files import CorruptedError
from chalicelib.services.publication import SupersededError
from chalicelib.store.failures import STORE_FAILURES, code
from chalicelib.store.ledger import LEASE_FOR, BusyError, LeaseLostError, Ledger
from chalicelib.store.objects import Objects, PointerMoved
from tests.nightly.world import NOON, ORDINARY, VULNERABLE, Night, days_ago
from tests.store.faults import faults, forbidden
from tests.support.thorough import tries


class Crash(BaseException):
    """The process dies here."""


def populate(night: Night) -> None:
    """Yesterday's and today's reports, one of them handled, in two places."""
    made = night.file_all(
        (days_ago(number % 3), (52.2 + number / 500, 21.0), (ORDINARY, "speeding", VULNERABLE)[number // 3 % 3], 1)
        for number in range(12)
    )
    night.step_all([(made[3], "verifying", "taken_up"), (made[4], "joke", "joke")])


@contextmanager
def dying(night: Night, write: int) -> Iterator[dict[str, int]]:
    """Let the `write`-th write to the object store be the last thing that the process does."""
    done = {"writes": 0}

    def before(**_: Any) -> None:
        if done["writes"] == write:
            raise Crash
        done["writes"] += 1

    events = night.container.s3.meta.events
    for operation in ("PutObject", "CopyObject", "DeleteObjects"):
        events.register_first(f"before-call.s3.{operation}", before, unique_id=f"crash-{operation}")
    try:
        yield done
    finally:
        for operation in ("PutObject", "CopyObject", "DeleteObjects"):
            events.unregister(f"before-call.s3.{operation}", unique_id=f"crash-{operation}")


def test_zero_reports_are_a_complete_map_of_nothing(night: Night) -> None:
    summary = night.run()
    assert summary["state"] == "published"
    assert (summary["reports"], summary["totals"]) == (0, {"reports_365d": 0, "reports_28d": 0})
    assert night.points() == {}
    assert all(night.cells(res) == {} for res in (5, 6, 7, 8, 9))
    assert night.document("/data/exports/latest/reports.json") == {"months": []}


def test_the_summary_says_what_was_done(night: Night) -> None:
    populate(night)
    summary = night.run()
    assert summary["day"] == "2026-11-22"
    assert (summary["folded"], summary["reports"], summary["purge_left"]) == (14, 12, 0)
    assert summary["retention"] == {"texts": 0, "photos": 0, "places": 0, "rows": 0}
    assert summary["retention_left"] == 0
    assert summary["build"] == night.manifest()["build"]
    assert summary["cells"] == {str(res): len(night.cells(res)) for res in (5, 6, 7, 8, 9)}
    assert list(summary["steps"]) == [
        "purge",
        "retention",
        "fold",
        "ledger",
        "cells",
        "points",
        "exports",
        "areas",
        "description",
        "verify",
        "publish",
        "latest",
        "feeds",
        "figures",
        "plans",
        "sweep",
    ]
    assert summary["cpu_seconds"] > 0
    assert summary["peak_memory_mb"] > 0
    json.dumps(summary)


def test_a_second_run_changes_not_one_byte(night: Night) -> None:
    populate(night)
    first = night.run()
    before = night.objects()
    second = night.run()
    assert (second["state"], second["build"]) == ("unchanged", first["build"])
    assert night.objects() == before


def test_a_run_that_dies_anywhere_is_continued_to_the_same_bytes(night: Night) -> None:
    before = _eve(night)
    with dying(night, write=-1) as unbroken:
        night.run()
    expected, writes = night.objects(), unbroken["writes"]
    assert writes > 30
    for write in [*range(0, writes, max(1, writes // tries(8))), writes - 1]:
        _restart(night, before)
        with dying(night, write), pytest.raises(Crash):
            night.run()
        # Readers have the old map or the whole new one, never something between.
        assert night.manifest() in (json.loads(before[night.site][manifest.KEY]), json.loads(expected[manifest.KEY]))
        assert night.cells(9)
        assert night.points()
        assert night.run()["state"] in {"published", "unchanged"}
        assert night.objects() == expected, write


def test_a_run_continues_with_the_state_that_was_folded_though_more_has_come(night: Night) -> None:
    before = _eve(night)
    with dying(night, write=-1):
        night.run()
    expected = night.manifest()["build"]
    _restart(night, before)
    with dying(night, write=12), pytest.raises(Crash):
        night.run()
    night.file()
    continued = night.run()
    assert (continued["folded"], continued["build"]) == (0, expected)
    assert night.run()["reports"] == 19


def test_a_damaged_file_is_never_published(night: Night) -> None:
    night.file(at=days_ago(2))
    night.run(day="2026-11-21")
    before = night.manifest()
    night.file(at=days_ago(1))

    def damage(params: dict[str, Any], **_: Any) -> None:
        if params["Key"].startswith("data/cells/") and "/8/" in params["Key"]:
            params["Body"] = params["Body"][:-9] + b"damaged!!"

    events = night.container.s3.meta.events
    events.register("provide-client-params.s3.PutObject", damage, unique_id="damage")
    with pytest.raises(CorruptedError, match=r"^data/cells/.*/8/"):
        night.run()
    events.unregister("provide-client-params.s3.PutObject", unique_id="damage")
    assert night.manifest() == before
    # The next run writes all files again instead of stumbling over the same one.
    assert night.run()["state"] == "published"
    assert night.manifest()["day"] == "2026-11-22"


def test_of_two_runs_at_once_one_works(night: Night) -> None:
    populate(night)
    barrier, results = threading.Barrier(2), []

    def work() -> None:
        barrier.wait()
        results.append(night.run())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result["state"] for result in results) == ["busy", "published"]


@pytest.mark.usefixtures("night")
def test_a_lease_ends_by_itself_and_is_not_its_old_holders_any_more() -> None:
    first, second = Ledger("nightly", "first"), Ledger("nightly", "second")
    first.take(NOON)
    with pytest.raises(BusyError):
        second.take(NOON + LEASE_FOR)
    second.take(NOON + LEASE_FOR + timedelta(seconds=1))
    with pytest.raises(LeaseLostError):
        first.checkpoint(date(2026, 11, 22), {"done": ["cells"]}, NOON)
    with pytest.raises(LeaseLostError):
        first.finish(date(2026, 11, 22), "build", NOON)
    first.release()
    with pytest.raises(BusyError):
        Ledger("nightly", "third").take(NOON + LEASE_FOR)
    second.checkpoint(date(2026, 11, 22), {"done": ["cells"]}, NOON + LEASE_FOR)
    (entry,) = second.entries([date(2026, 11, 21), date(2026, 11, 22)]).values()
    assert (entry.day, entry.checkpoint, entry.finished) == (date(2026, 11, 22), {"done": ["cells"]}, None)
    second.release()
    first.take(NOON)


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "TransactWriteItems"])
@pytest.mark.usefixtures("night")
def test_a_store_that_fails_is_not_mistaken_for_a_lease_that_is_lost(operation: str) -> None:
    ledger = Ledger("nightly", "first")
    acts: dict[str, Callable[[], None]] = {
        "PutItem": lambda: ledger.take(NOON),
        "UpdateItem": ledger.release,
        "TransactWriteItems": lambda: ledger.checkpoint(date(2026, 11, 22), {}, NOON),
    }
    with faults(forbidden, operation=operation), pytest.raises(STORE_FAILURES) as failed:
        acts[operation]()
    assert code(failed.value) == "AccessDeniedException"


def test_live_publishing_that_was_faster_does_not_stop_the_night(night: Night) -> None:
    night.file(at=days_ago(1))
    night.publish()
    _between_reading_and_flipping(night, lambda: _touch(night))
    assert night.run()["state"] == "published"
    assert night.manifest()["day"] == "2026-11-22"


def test_another_night_that_was_faster_is_not_undone(night: Night) -> None:
    night.file(at=days_ago(1))
    night.publish()
    _between_reading_and_flipping(night, lambda: _touch(night, build="2026-11-22-0123456789ab"))
    with pytest.raises(SupersededError):
        night.run()
    assert night.manifest()["build"] == "2026-11-22-0123456789ab"


def _eve(night: Night) -> dict[str, dict[str, bytes]]:
    """Run the night before, with something on the map, then let more happen; return what is stored."""
    populate(night)
    night.run(day="2026-11-21")
    night.file_all((days_ago(number % 2), (52.25, 21.0 + number / 100), ORDINARY, 1) for number in range(6))
    return {bucket: night.objects("", bucket) for bucket in (night.site, night.work)}


def _restart(night: Night, before: dict[str, dict[str, bytes]]) -> None:
    """Put back what was stored before the night; events stay."""
    for bucket, stored in before.items():
        now = night.objects("", bucket)
        Objects(night.s3, bucket).delete_many(now.keys() - stored.keys())
        for key in [key for key, body in stored.items() if now.get(key) != body]:
            night.s3.put_object(Bucket=bucket, Key=key, Body=stored[key])
    table = night.stack.names["MAIN_TABLE"]
    client = night.stack.client("dynamodb")
    client.delete_item(TableName=table, Key={"PK": {"S": "JOB#nightly#2026-11-22"}, "SK": {"S": "L"}})


def _touch(night: Night, **changes: str) -> None:
    site = Objects(night.s3, night.site)
    seen = manifest.read(site)
    manifest.flip(site, seen, {**seen.document, "published_at": "2026-11-22T11:00:01.000Z", **changes})


def _between_reading_and_flipping(night: Night, act: Any) -> None:
    """Let something happen once, just before the night's conditional write of the manifest."""
    done: list[bool] = []

    def before(params: dict[str, Any], **_: Any) -> None:
        if params["Key"] == manifest.KEY and not done:
            done.append(True)
            act()

    events = night.container.s3.meta.events
    events.register("provide-client-params.s3.PutObject", before, unique_id="between")


def test_live_publishing_that_is_always_faster_stops_the_night(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.file(at=days_ago(1))
    night.publish()
    plain = manifest.read

    def late(site: Objects) -> manifest.Manifest:
        seen = plain(site)
        manifest.flip(site, seen, {**seen.document, "published_at": str(seen.etag)})
        return seen

    monkeypatch.setattr(manifest, "read", late)
    with pytest.raises(PointerMoved):
        night.run()
    monkeypatch.undo()
    assert night.run()["state"] == "published"


def test_a_night_that_has_forgotten_how_far_it_came_makes_the_same_bytes_in_the_same_place(night: Night) -> None:
    populate(night)
    night.run()
    before = night.objects()
    client, table = night.stack.client("dynamodb"), night.stack.names["MAIN_TABLE"]
    client.delete_item(TableName=table, Key={"PK": {"S": "JOB#nightly#2026-11-22"}, "SK": {"S": "L"}})
    night.run()
    assert {key: body for key, body in night.objects().items() if key != manifest.KEY} == {
        key: body for key, body in before.items() if key != manifest.KEY
    }


def test_a_category_that_the_catalogue_no_longer_knows_is_told_nowhere(night: Night) -> None:
    known = night.file(at=days_ago(3))
    gone = night.file(at=days_ago(3), category="no_such_category")
    assert night.run()["state"] == "published"
    assert [month["rows"] for month in night.document("/data/exports/latest/reports.json")["months"]] == [1]
    assert night.points().keys() == {known} != {gone}
