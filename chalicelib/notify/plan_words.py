"""How a patrol plan is said: when, what, how many, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.instance import Instance
from chalicelib.languages import texts
from chalicelib.notify.words import Words


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The words of one language."""

    language: str
    instance: Instance
    dates: Words

    @classmethod
    def of(cls, language: str, instance: Instance) -> PlanWords:
        """Return the words of a language code."""
        return cls(language, instance, Words.of(language, instance.zone))

    def say(self, name: str, **values: Any) -> str:
        """Return a text with its values."""
        return texts("plan", self.language)[name].format(**values)

    def when(self, day: int, part: str) -> str:
        """Return a weekday and a part of the day."""
        return f"{self.dates.weekdays([day])}, {self.dates.parts([part])}"

    def day(self, day: str) -> str:
        """Return an ISO day as people write it."""
        return f"{date.fromisoformat(day):%d.%m.%Y}"

    def number(self, value: float) -> str:
        """Return an expected number: to a tenth, hundredths below one tenth."""
        text = f"{value:.1f}" if value >= 0.1 else f"{value:.2f}"
        return text if self.language == "en" else text.replace(".", ",")

    def share(self, value: float) -> str:
        """Return a share in percent."""
        text = f"{100 * value:.0f}"
        return f"{text}%" if self.language == "en" else f"{text} %"

    def categories(self, row: Mapping[str, Any]) -> str:
        """Return the names of a row's categories, the most expected first."""
        known = self.instance.catalogue.categories
        names = [
            known[each["category"]].names[self.language] if each["category"] in known else each["category"]
            for each in row["categories"]
        ]
        return ", ".join(names)

    def where(self, row: Mapping[str, Any]) -> str:
        """Return the place of a row: near what, in which area."""
        area = row["area_name"] or row["area"]
        return area if row["place"] is None else self.say("where", place=row["place"], area=area)

    def reasons(self, reasons: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return what speaks for a row as sentences."""
        return [
            self.say(f"reason.{reason['code']}", **{name: value for name, value in reason.items() if name != "code"})
            for reason in reasons
        ]
