"""The language documents of mails, and dates as people say them."""

import re
from datetime import UTC, datetime

import pytest

from chalicelib.notify.words import FOLDER, Words, one_line
from tests.alerts.cases import WARSAW

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.json"))


def test_all_three_languages_are_there() -> None:
    assert LANGUAGES == ["en", "pl", "uk"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_placeholders(language: str) -> None:
    def shape(code: str) -> dict[str, set[str]]:
        return {
            name: set(re.findall(r"\$\w+", text)) for name, text in Words.of(code, WARSAW).document["texts"].items()
        }

    assert shape(language) == shape("pl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_week_a_year_and_a_day(language: str) -> None:
    document = Words.of(language, WARSAW).document
    assert (len(set(document["weekdays"])), len(set(document["months"]))) == (7, 12)
    assert list(document["parts"]) == ["morning", "afternoon", "evening", "night"]


@pytest.mark.parametrize(
    ("moment", "short", "long"),
    [
        (datetime(2026, 11, 24, 13, 5, tzinfo=UTC), "wt. 24.11, 14:05", "wt. 24 listopada, 14:05"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "niedz. 29.03, 01:59", "niedz. 29 marca, 01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "niedz. 29.03, 03:00", "niedz. 29 marca, 03:00"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "pt. 1.01, 00:30", "pt. 1 stycznia, 00:30"),
    ],
)
def test_dates_are_local_and_spoken(moment: datetime, short: str, long: str) -> None:
    words = Words.of("pl", WARSAW)
    assert (words.short(moment), words.long(moment)) == (short, long)


def test_weekdays_and_parts_come_in_the_order_of_the_week_and_day() -> None:
    words = Words.of("en", WARSAW)
    assert words.weekdays([7, 1, 3]) == "Mon, Wed, Sun"
    assert words.parts({"night", "morning"}) == "in the morning (6–12), at night (22–6)"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two   spaces ", "two spaces"),
        ("a\r\nb\x00c\u2028d", "a b c d"),
        ("a\u202eb\u200fc", "a b c"),
        ("Łódź – Bałuty", "Łódź – Bałuty"),
    ],
)
def test_a_name_becomes_one_visible_line(text: str, line: str) -> None:
    assert one_line(text) == line
