"""Keys of the quota table, which forgets: each partition is of one day or one window, and goes with it."""

from datetime import date, timedelta

from chalicelib.domain.window import LENGTH
from chalicelib.store.keys import SHARDS, shard

SALT = "S"


def quota(day: str, device_hash: str) -> str:
    """Quota partition of a device hash: `SHARDS` a day, so that the purge needs no Scan."""
    return f"Q#{day}#{shard(device_hash)}"


def network(day: str, digest: str) -> str:
    """Quota-table partition of a network's count: `SHARDS` a day."""
    return f"N#{day}#{shard(digest)}"


def allowance(day: str, device_hash: str) -> str:
    """Quota-table partition of what a device has left of a small allowance of the day: `SHARDS` a day."""
    return f"K#{day}#{shard(device_hash)}"


def of_quota_day(day: str) -> list[str]:
    """All quota-table partitions that go in the night after a day, the salt's first."""
    # What has just happened is needed for some hours more, beyond midnight: it goes a night later.
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    kinds = (("Q", day), ("N", day), ("K", day), ("V", before))
    return [salt(day), *(partition for kind, of in kinds for partition in _shards(kind, of))]


def salt(day: str) -> str:
    """Quota-table partition of the day's salt."""
    return f"S#{day}"


def window_salt(window: str) -> str:
    """Quota-table partition of a window's salt."""
    return f"W#{window}"


def sources(window: str, pseudonym: str) -> str:
    """Quota-table partition of the devices that a window has seen: `SHARDS` a window."""
    return f"P#{window}#{shard(pseudonym)}"


def recent(day: str, gathered: str) -> str:
    """Quota-table partition of what has just happened on a day, by the cell that gathers it: `SHARDS` a day."""
    return f"V#{day}#{shard(gathered)}"


def recent_deed(group: str, gathered: str, at: str, name: str = "") -> str:
    """Sort key of one deed of a group of categories; without a name the beginning of all from a time on."""
    return f"{group}#{gathered}#{at}#{name}"


def told_surges(window: str, area: str) -> str:
    """Quota-table partition of the surges that have been told: `SHARDS` a window."""
    return f"T#{window}#{shard(area)}"


def told_surge(group: str, area: str, block: int) -> str:
    """Sort key of one of them."""
    return f"{group}#{area}#{block}"


def source_partitions(window: str) -> list[str]:
    """All partitions of the devices of a window."""
    return _shards("P", window)


def of_window(window: str) -> list[str]:
    """All quota-table partitions of a window, the salt's first."""
    # With a window ends what its devices were called around its last midnight: nothing outlives the salt.
    last = (date.fromisoformat(window) + LENGTH - timedelta(days=1)).isoformat()
    return [window_salt(window), *source_partitions(window), *_shards("T", window), *_shards("V", last)]


def source(pseudonym: str, report_id: str, mark: str) -> str:
    """Sort key of what a device has done in an area, under its pseudonym there."""
    return f"{pseudonym}#{report_id}#{mark}"


def _shards(kind: str, of: str) -> list[str]:
    return [f"{kind}#{of}#{number}" for number in range(SHARDS)]
