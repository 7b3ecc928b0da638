"""The words of one language, and dates as people say them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent.parent / "languages" / "mail"


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a language document, spoken in a time zone."""

    document: dict[str, Any]
    zone: ZoneInfo

    @classmethod
    def of(cls, language: str, zone: ZoneInfo) -> Words:
        """Return the words of a language code; `FileNotFoundError` for one that has no document."""
        return cls(_document(language), zone)

    def say(self, name: str, **values: str) -> str:
        """Return a text with its placeholders filled; `KeyError` for an unknown text or a missing value."""
        return Template(self.document["texts"][name]).substitute(values)

    def short(self, moment: datetime) -> str:
        """Return a moment for a subject line: ``wt. 24.11, 14:05``."""
        return self._date("date_short", moment)

    def long(self, moment: datetime) -> str:
        """Return a moment for a sentence: ``wt. 24 listopada, 14:05``."""
        return self._date("date_long", moment)

    def day(self, day: date) -> str:
        """Return a local day for a sentence: ``wt. 24 listopada``."""
        return self._date("day_long", datetime.combine(day, time(12), tzinfo=self.zone))

    def weekdays(self, days: Iterable[int]) -> str:
        """Return short names of ISO weekdays in the order of the week."""
        return ", ".join(self.document["weekdays"][day - 1] for day in sorted(days))

    def parts(self, parts: Iterable[str]) -> str:
        """Return the names of parts of the day in the order of the day."""
        chosen = set(parts)
        return ", ".join(text for part, text in self.document["parts"].items() if part in chosen)

    def _date(self, form: str, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return Template(self.document[form]).substitute(
            weekday=self.document["weekdays"][local.weekday()],
            day=str(local.day),
            month=f"{local.month:02d}",
            month_name=self.document["months"][local.month - 1],
            time=f"{local:%H:%M}",
        )


def one_line(text: str) -> str:
    """Return a name fit for a header or a line: no line breaks, no control or direction marks, single spaces."""
    visible = "".join(" " if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} else sign for sign in text)
    return " ".join(visible.split())


@cache
def _document(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return loaded
