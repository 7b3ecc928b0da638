"""What an operator has switched at run time: one item a switch."""

from chalicelib.domain.closing import Closing
from chalicelib.store import keys
from chalicelib.store.models import ControlItem

PROOF = "proof"
INTAKE = "intake"


def level(name: str) -> int | None:
    """Return the level to which a switch has been set, or None where the deployment's own setting stands."""
    try:
        return int(ControlItem.get(keys.control(name), keys.META).level)
    except ControlItem.DoesNotExist:
        return None


def set_level(name: str, value: int | None) -> None:
    """Set a switch, or with None leave it to the deployment's setting again."""
    item = ControlItem(keys.control(name), keys.META)
    if value is None:
        item.delete()
    else:
        item.level = value
        item.save()


def closing() -> Closing | None:
    """Return how intake has been closed, or None where it is open; one that is over stands until intake is opened."""
    try:
        item = ControlItem.get(keys.control(INTAKE), keys.META)
    except ControlItem.DoesNotExist:
        return None
    until: str | None = item.until
    return Closing(keys.moment(str(item.since)), None if until is None else keys.moment(until))


def set_closing(closing: Closing | None) -> None:
    """Close intake, or with None open it."""
    item = ControlItem(keys.control(INTAKE), keys.META)
    if closing is None:
        item.delete()
        return
    item.level = 1
    item.since = keys.instant(closing.since)
    item.until = None if closing.until is None else keys.instant(closing.until)
    item.save()
