"""The catalogue of threats: versioned data with validity by day, never an enumeration in code."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import CategoryWithdrawn, Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.holidays import WorkingDays
from chalicelib.domain.partners import Kind


class Sensitivity(StrEnum):
    """How exactly the public may see a report of the category."""

    ORDINARY = "ordinary"
    VULNERABLE = "vulnerable"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Clock:
    """How an instance counts days: its working days, None where it has none, and whether these are the rule.

    A category may say otherwise.
    """

    working_days: WorkingDays | None = None
    is_rule: bool = False

    def of(self, row: Mapping[str, Any]) -> WorkingDays | None:
        """Return the working days that a category counts in, None where it counts running hours.

        Raises `ValueError` where it asks for working days that the instance does not name.
        """
        if not row.get("working_days", self.is_rule):
            return None
        if self.working_days is None:
            raise ValueError(f"{row['code']}: the instance names no working days")
        return self.working_days


@dataclass(frozen=True, slots=True)
class Group:
    """Categories that belong together in a list or a filter."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of threat.

    `valid_from` and `valid_to` are the first and the last day on which it can be chosen; None
    leaves that side open. `priority` is 1 (a unit hears of it at once) to 3. Reports within
    `duplicate_radius_m` metres may be the same thing. `take_up_days` and `verify_days` count
    24 hours each, or the instance's `working_days` where that is not None.
    With `public_after_confirmation` nobody but the police sees a report until an
    officer has confirmed it. `successors` are the codes to choose once it is withdrawn.
    """

    code: str
    names: Mapping[str, str]
    group: str
    icon: str
    sensitivity: Sensitivity
    priority: int
    description_required: bool
    duplicate_radius_m: int
    take_up_days: int
    verify_days: int
    public_after_confirmation: bool
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]
    working_days: WorkingDays | None = None

    def valid_on(self, day: date) -> bool:
        """Tell whether the category can be chosen on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All categories that ever were, by code; old reports keep theirs."""

    version: str
    groups: tuple[Group, ...]
    categories: Mapping[str, Category]
    partner_kinds: Mapping[str, Kind]
    _by_name: Mapping[str, Category]

    @classmethod
    def from_document(cls, document: Mapping[str, Any], clock: Clock | None = None) -> Catalogue:
        """Read the parsed `catalogue.json`; `clock` is the instance's, running hours without it.

        Raises `ValueError` where a code or Polish name stands twice, or a group or successor
        is unknown.
        """
        groups = tuple(Group(row["code"], row["names"]) for row in document["groups"])
        rows = [_category(row, clock or Clock()) for row in document["categories"]]
        categories = {row.code: row for row in rows}
        by_name = {_folded(name): row for row in rows for name in row.names.values()}
        _check(rows, categories, {group.code for group in groups})
        kinds = {row["code"]: Kind(row["code"], row["names"]) for row in document.get("partner_kinds", ())}
        return cls(document["version"], groups, categories, kinds, by_name)

    def choose(self, code: str, day: date) -> Category:
        """Return the category that a new report of `day` names.

        Raises `Invalid` for an unknown code, `CategoryWithdrawn` for one not offered that day.
        """
        category = self.categories.get(code)
        if category is None:
            raise Invalid([FieldFault("category", Fault.UNKNOWN_CATEGORY)])
        if not category.valid_on(day):
            raise CategoryWithdrawn(code, category.successors)
        return category

    def find(self, text: str) -> Category | None:
        """Return the category of a code or a name in any language, however spaced or capitalised.

        None where there is none; validity is not looked at, for old records name old categories.
        """
        return self.categories.get(text.strip()) or self._by_name.get(_folded(text))

    def offered(self, day: date) -> tuple[Category, ...]:
        """Return the categories that can be chosen on `day`, in the order of the catalogue."""
        return tuple(category for category in self.categories.values() if category.valid_on(day))


def as_document(category: Category) -> dict[str, Any]:
    """Return the public, JSON-ready form of a category; days are ISO strings."""
    return {
        "code": category.code,
        "names": dict(category.names),
        "group": category.group,
        "icon": category.icon,
        "valid_from": category.valid_from.isoformat() if category.valid_from else None,
        "valid_to": category.valid_to.isoformat() if category.valid_to else None,
        "sensitivity": category.sensitivity.value,
        "priority": category.priority,
        "description_required": category.description_required,
        "public_after_confirmation": category.public_after_confirmation,
        "duplicate_radius_m": category.duplicate_radius_m,
        "take_up_days": category.take_up_days,
        "verify_days": category.verify_days,
        "working_days": category.working_days is not None,
        "successors": list(category.successors),
    }


def _category(row: Mapping[str, Any], clock: Clock) -> Category:
    return Category(
        code=row["code"],
        names=row["names"],
        group=row["group"],
        icon=row["icon"],
        sensitivity=Sensitivity(row["sensitivity"]),
        priority=row["priority"],
        description_required=row["description_required"],
        duplicate_radius_m=row["duplicate_radius_m"],
        take_up_days=row["take_up_days"],
        verify_days=row["verify_days"],
        public_after_confirmation=row.get("public_after_confirmation", False),
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        successors=tuple(row.get("successors", ())),
        working_days=clock.of(row),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _check(rows: list[Category], categories: Mapping[str, Category], groups: set[str]) -> None:
    if len(categories) < len(rows):
        raise ValueError("a category's code stands twice")
    names = [name for row in rows for name in set(map(_folded, row.names.values()))]
    if len(set(names)) < len(names):
        raise ValueError("two categories share a name")
    for row in rows:
        if row.group not in groups:
            raise ValueError(f"{row.code}: unknown group {row.group}")
        if not categories.keys() >= set(row.successors):
            raise ValueError(f"{row.code}: unknown successor")
