"""What an operator has switched at run time: one item a switch."""

from chalicelib.store import keys
from chalicelib.store.models import ControlItem

PROOF = "proof"


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
