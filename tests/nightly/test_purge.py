"""The purge: past days go, whole and for ever; the real today stays, whatever the night is told."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pynamodb.exceptions import PutError

from chalicelib.services.purge import FIRST_REACH, past_days, purge
from chalicelib.store import audit, emptying, quota_keys
from chalicelib.store.emptying import ROUNDS
from chalicelib.store.objects import Objects
from chalicelib.store.quota_items import QuotaItem, SaltItem
from tests.nightly.world import NOON, Night
from tests.store.faults import faults, forbidden, given_back

TODAY = date(2026, 11, 22)
BATCH = "BatchWriteItem"


def devices(day: date, count: int = 40) -> None:
    """Let devices report and networks and allowances be counted on a day: items in all shards, and the day's salt."""
    until = datetime(2027, 1, 1, tzinfo=UTC)
    with QuotaItem.batch_write() as batch:
        for number in range(count):
            partition = (quota_keys.quota, quota_keys.network, quota_keys.allowance)[number % 3]
            digest = f"{number % 16:x}{number:063d}"
            batch.save(QuotaItem(partition(day.isoformat(), digest), digest, ik="0", ttl=until))
    SaltItem(quota_keys.salt(day.isoformat()), quota_keys.SALT, salt=b"s" * 32, ttl=until).save()


def left(day: date) -> int:
    """How many quota items and salts of a day are there."""
    return sum(int(QuotaItem.count(partition)) for partition in quota_keys.of_quota_day(day.isoformat()))


@pytest.mark.parametrize("reach", [FIRST_REACH])
def test_past_days_go_and_today_stays(night: Night) -> None:
    for age in (0, 1, 2, 9):
        devices(TODAY - timedelta(days=age))
    summary = night.run()
    assert (summary["purged"], summary["purge_left"]) == (3 * 41, 0)
    assert [left(TODAY - timedelta(days=age)) for age in (0, 1, 2, 9)] == [41, 0, 0, 0]
    assert night.run()["purged"] == 0


def test_what_could_not_be_deleted_is_counted(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Objects(night.s3, night.work)
    devices(TODAY - timedelta(days=1), count=3)
    monkeypatch.setattr("pynamodb.models.BatchWrite.delete", lambda *_: None)
    assert purge(work, TODAY, None).left == 4
    monkeypatch.undo()
    assert purge(work, TODAY, None).left == 0


@pytest.mark.parametrize(("times", "stays"), [(3, 0), (4 * 2 * ROUNDS, 4)], ids=["for a while", "all night"])
def test_what_the_store_gives_back_as_not_done_is_asked_for_again_and_then_left_to_the_next_night(
    night: Night, monkeypatch: pytest.MonkeyPatch, times: int, stays: int
) -> None:
    monkeypatch.setattr(emptying, "FIRST_WAIT", 0)
    yesterday = TODAY - timedelta(days=1)
    devices(yesterday, count=3)
    with faults(*[given_back] * times, operation=BATCH) as unmet:
        first = night.run()
    assert unmet == []
    assert first["state"] == "published"
    assert (first["purged"] + first["purge_left"], first["purge_left"], left(yesterday)) == (4, stays, stays)
    assert night.run()["purge_left"] == left(yesterday) == 0


def test_a_refusal_to_delete_is_not_waited_out(night: Night) -> None:
    devices(TODAY - timedelta(days=1), count=3)
    with faults(forbidden, operation=BATCH), pytest.raises(PutError, match="AccessDenied"):
        night.run()


def test_a_night_run_ahead_never_touches_the_real_today(night: Night) -> None:
    devices(TODAY)
    devices(TODAY - timedelta(days=1))
    night.run(day="2026-11-23")
    night.run(day="2026-11-24", now="2026-11-24T00:10:00+01:00")
    assert (left(TODAY), left(TODAY - timedelta(days=1))) == (41, 0)


def test_the_purge_reaches_back_to_the_last_finished_night(night: Night) -> None:
    night.run()
    devices(TODAY)
    # Longer ago than the first night of all looks back.
    night.now = NOON + FIRST_REACH + timedelta(days=3)
    assert night.run()["purged"] == 41


@pytest.mark.parametrize(
    ("now", "kept", "gone"),
    [
        (datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), "2026-03-28", "2026-03-27"),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), "2026-03-29", "2026-03-28"),
        (datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), "2026-03-29", "2026-03-28"),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), "2026-03-30", "2026-03-29"),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), "2026-10-25", "2026-10-24"),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "2026-10-26", "2026-10-25"),
    ],
)
def test_L07_the_purge_ends_at_local_midnight_when_the_clocks_change(
    night: Night, now: datetime, kept: str, gone: str
) -> None:
    devices(date.fromisoformat(kept), count=3)
    devices(date.fromisoformat(gone), count=3)
    night.now = now
    night.run()
    assert (left(date.fromisoformat(kept)), left(date.fromisoformat(gone))) == (4, 0)


def test_the_days_to_purge_end_before_today() -> None:
    assert past_days(TODAY, None)[-1] == TODAY - timedelta(days=1)
    assert len(past_days(TODAY, None)) == 14
    assert past_days(TODAY, TODAY - timedelta(days=1)) == [TODAY - timedelta(days=age) for age in (3, 2, 1)]
    assert past_days(TODAY, TODAY + timedelta(days=5)) == [TODAY - timedelta(days=age) for age in (2, 1)]


def test_the_audit_of_a_day_goes_two_years_later(night: Night) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    for day in ("2024-11-20", "2024-11-21", "2024-11-22", "2026-11-21"):
        at = datetime.fromisoformat(f"{day}T12:00:00+01:00")
        for number in range(5):
            audit.note(audit.Noted(at, "subject", "officer", "KSP", "read", f"r{number}"), zone)
    summary = night.run()
    assert (summary["purged"], summary["purge_left"]) == (10, 0)
    days = ("2024-11-20", "2024-11-21", "2024-11-22", "2026-11-21")
    assert [len(list(audit.of_day(date.fromisoformat(day)))) for day in days] == [0, 0, 5, 5]
