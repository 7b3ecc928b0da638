import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import day_bounds
from chalicelib.domain.quota import device_hash, expires_at, quota_used, resets_at

WARSAW = ZoneInfo("Europe/Warsaw")


def test_hash_is_keyed_with_the_salt_of_the_day() -> None:
    expected = hmac.new(b"salt", b"device", hashlib.sha256).hexdigest()
    assert device_hash(b"salt", "device") == expected


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.text(max_size=22))
def test_hashes_of_two_days_cannot_be_joined(one: bytes, other: bytes, device: str) -> None:
    assert (device_hash(one, device) == device_hash(other, device)) is (one == other)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 3, 29), date(2026, 10, 25)])
def test_N04_nothing_of_a_day_is_kept_longer_than_48_hours(day: date) -> None:
    start, end = day_bounds(day, WARSAW)
    expiry = datetime.fromtimestamp(expires_at(day, WARSAW), UTC)
    assert expiry == start + timedelta(hours=48)
    assert expiry > end


@pytest.mark.parametrize(
    ("now", "resets", "seconds"),
    [
        ("2026-11-24T23:59:59+01:00", "2026-11-25T00:00:00+01:00", 1),
        ("2026-11-24T23:59:59.900+01:00", "2026-11-25T00:00:00+01:00", 1),
        ("2026-11-25T00:00:00+01:00", "2026-11-26T00:00:00+01:00", 86_400),
        ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 82_800),
        ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 90_000),
    ],
)
def test_L07_quota_returns_at_local_midnight(now: str, resets: str, seconds: int) -> None:
    problem = quota_used(datetime.fromisoformat(now), WARSAW)
    assert problem.resets_at == datetime.fromisoformat(resets)
    assert problem.retry_after == seconds
    assert resets_at(datetime.fromisoformat(now), WARSAW) == problem.resets_at
