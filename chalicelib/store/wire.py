"""Items of the main table as the wire has them: for readers to whom a model for each kind would be of no use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.store import keys
from chalicelib.store.models import Gsi2, MainItem, connection

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(partition: str, **query: Any) -> Iterator[dict[str, Any]]:
    """Yield the items of a partition, or of an index's, page after page; `query` is as PynamoDB has it."""
    start: dict[str, Any] | None = None
    while True:
        page = connection().query(str(MainItem.Meta.table_name), partition, exclusive_start_key=start, **query)
        yield from page["Items"]
        start = page.get("LastEvaluatedKey")
        if start is None:
            return


def overdue(unit: str, now: str, attributes: list[str]) -> Iterator[dict[str, Any]]:
    """Yield a unit's open cases whose due time has passed, longest first, from the index of its queue."""
    # A case that is due at this very moment is not overdue: its position follows the moment alone.
    return items(
        keys.open_queue(unit),
        range_key_condition=Gsi2.sk < now,
        attributes_to_get=attributes,
        index_name=Gsi2.Meta.index_name,
    )
