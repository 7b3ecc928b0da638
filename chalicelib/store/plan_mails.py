"""Which unit has had the mail with which week's patrol plan: one item a unit, in its partition."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.models import MainItem


class PlanMailItem(MainItem, discriminator="plan_mail"):
    """The newest week whose plan was mailed; weeks are ordered as text."""

    week = UnicodeAttribute()


def claim(unit: str, week: str) -> bool:
    """Claim a week's mail to a unit before it leaves; false where it was claimed, or one of a later week."""
    item = PlanMailItem(keys.unit(unit), keys.PLAN_MAIL, week=week)
    # Two runs at once, or one that is begun again after it died: the first has the unit, and nobody is mailed twice.
    is_newer = PlanMailItem.pk.does_not_exist() | (PlanMailItem.week < week)
    return held(item.save, condition=is_newer)


def give_back(unit: str, week: str) -> None:
    """Forget a claim whose mail was certainly not sent."""
    item = PlanMailItem(keys.unit(unit), keys.PLAN_MAIL)
    # A claim of the week after, by a run that was faster than this one's failure, stays.
    held(item.delete, condition=PlanMailItem.week == week)
