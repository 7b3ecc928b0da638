"""Keys of the main table: the only place that knows how they are spelt.

Times in keys are RFC 3339 in UTC with milliseconds and a ``Z``, so that text order is time order.
"""

from datetime import UTC, datetime
from zlib import crc32

from h3 import cell_to_parent

SHARDS = 4
"""Shards of whatever is found by its day: together they take thousands of writes a second, and a night looks into all.

Each partition costs the night a query for every day that it looks at, whether it holds anything or not.
"""

PLACE_RESOLUTION = 7
"""H3 resolution of the index by place: cells of about 5 km², so that a search of 2 km reads a handful."""

NO_DUE = "9999-12-31T23:59:59.999Z"
"""Due time of an open case that nobody waits for: the end of every queue."""

END_OF_TIME = NO_DUE

REPORT = "R"
EVENT = "E#"
TEXT = "T#"
META = "META"
LEASE = "L"
PLAN_MAIL = "PLAN"
"""Sort key, in a unit's partition, of the week whose patrol plan it was mailed last."""

TRIAL = "TRIAL#"
API_KEYS = "KEYS"
"""Partition of the names of all API keys."""

PARTNERS = "PARTNERS"
"""Partition of all institutions that cases are passed on to."""

PARTNER_AREAS = "PARTNER-AREAS"
"""Partition of the areas that they serve."""


def instant(moment: datetime) -> str:
    """Spell an aware moment as UTC text with milliseconds: ``2026-11-22T13:05:09.042Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime:
    """Read what `instant` wrote; `ValueError` for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def shard(name: str) -> int:
    """Shard 0..3 of a report or of anything else with a name: CRC-32 is the same in every process and language."""
    return crc32(name.encode()) % SHARDS


def report(report_id: str) -> str:
    """Partition of a report, its events and whatever else belongs to it."""
    return f"R#{report_id}"


def event(sequence: int) -> str:
    """Sort key of an event; six digits keep text order equal to number order."""
    return f"{EVENT}{sequence:06d}"


def sighting(mark: str) -> str:
    """Sort key of a sighting; it follows `REPORT`, so that one query finds a report and its sightings alone."""
    return f"S#{mark}"


def merged(report_id: str) -> str:
    """The mark of the sighting that a report leaves on the case it was merged into."""
    return f"merged-{report_id}"


def text(sequence: int) -> str:
    """Sort key of the words beside an event."""
    return f"{TEXT}{sequence:06d}"


def place(cell: str) -> str:
    """The cell of `PLACE_RESOLUTION` that stands for a finer cell in the index by place."""
    return str(cell_to_parent(cell, PLACE_RESOLUTION))


def cell_month(cell: str, month: str) -> str:
    """gsi1 partition of the reports created in ``yyyy-mm`` (UTC) under an H3 cell of resolution 7."""
    return f"C#{cell}#{month}"


def day_feed(day: str, shard_number: int) -> str:
    """gsi1 partition of the events recorded on a local day, one of `SHARDS`."""
    return f"D#{day}#{shard_number}"


def import_feed(day: str, batch: str) -> str:
    """gsi1 partition of the events that one import batch recorded: live publishing never reads these."""
    return f"I#{day}#{batch}"


def open_queue(unit: str) -> str:
    """gsi2 partition of a unit's open reports, ordered by the next due time."""
    return f"U#{unit}#O"


def closed(day: str) -> str:
    """gsi2 partition of the reports closed on a local day, ordered by the time of closing."""
    return f"Z#{day}"


def outbox(shard_number: int) -> str:
    """Partition of alerts that wait for delivery."""
    return f"O#{shard_number}"


def parked(shard_number: int) -> str:
    """Partition of alerts that failed too often and wait for a person."""
    return f"X#{shard_number}"


def subscription(subscription_id: str) -> str:
    """Partition of a subscription: one of sixteen, so that the digest reads them all without a Scan."""
    return f"SUB#{crc32(subscription_id.encode()) % 16:x}"


def subscription_partitions() -> list[str]:
    """All partitions of subscriptions."""
    return [f"SUB#{digit}" for digit in "0123456789abcdef"]


def letters(shard_number: int) -> str:
    """Partition of letters to citizens that wait for delivery."""
    return f"M#{shard_number}"


def parked_letters(shard_number: int) -> str:
    """Partition of letters that failed too often; they go with the request that they asked to confirm."""
    return f"Y#{shard_number}"


BOXES = "BD"
"""Partition of the mailboxes for which lines wait."""


def bulletin(box: str) -> str:
    """Partition of the lines that wait for a mailbox's next bulletin."""
    return f"B#{box}"


def line(entered: str, report_id: str, sequence: int) -> str:
    """Sort key of such a line: by when it entered, so that no two are the same."""
    return at_id_sequence(entered, report_id, sequence)


def turns(owner: str) -> str:
    """Partition of the mails that a mailbox may get within an hour."""
    return f"UB#{owner}"


def turn(number: int) -> str:
    """Sort key of one of them."""
    return f"{number:02d}"


def audit(day: str, shard_number: int) -> str:
    """Partition of what officers did on a local day, one of `SHARDS`."""
    return f"A#{day}#{shard_number}"


def at_id(at: str, report_id: str) -> str:
    """Sort key ``<time>#<report>``: of the cell index (created), the open queue (due), the closed (closing)."""
    return f"{at}#{report_id}"


def at_id_sequence(at: str, report_id: str, sequence: int) -> str:
    """Sort key ``<time>#<report>#<sequence>``: of the day feed and of the outbox."""
    return f"{at}#{report_id}#{sequence}"


def unit(code: str) -> str:
    """Partition of a police unit."""
    return f"UNIT#{code}"


def trial(address: str) -> str:
    """Sort key of the newest test mail to one of a unit's addresses."""
    return f"{TRIAL}{address}"


def partner_area(area: str, partner: str) -> str:
    """Sort key of an institution among those of an area."""
    return f"{area}#{partner}"


def partner_case(partner: str) -> str:
    """Sort key, beside a report, of what an institution sees of it; no key of words or photos begins so."""
    return f"TP#{partner}"


def partner_list(partner: str, listed: str) -> str:
    """gsi2 partition of an institution's open or answered cases."""
    return f"PC#{partner}#{listed}"


def job(name: str, day: str) -> str:
    """Partition of one day's run of a scheduled job."""
    return f"JOB#{name}#{day}"


def imports(day: str) -> str:
    """Partition of the batches that were imported on a day."""
    return f"IMPORT#{day}"


def import_batch(batch: str) -> str:
    """Partition of one import batch, whatever the day under which it was begun."""
    return f"BATCH#{batch}"


def control(name: str) -> str:
    """Partition of one of the operator's switches."""
    return f"CONTROL#{name}"


def api_key(digest: str) -> str:
    """Partition of an API key by the SHA-256 of the key."""
    return f"KEY#{digest}"


def upload(slot: int) -> str:
    """Sort key of a report's place for a photo."""
    return f"U#{slot}"
