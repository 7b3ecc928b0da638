import string
from pathlib import Path

import pytest

import chalicelib.http.openapi  # noqa: F401 - it imports every kind of problem
from chalicelib.domain.calendar import Part
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.checks import Why
from chalicelib.domain.errors import Invalid, NotFound, Problem
from chalicelib.domain.faults import PARAMS, Fault, FieldFault
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Reason
from chalicelib.domain.visibility import TABLE
from chalicelib.http.open311.services import ATTRIBUTES
from chalicelib.languages import FOLDER, fault_message, negotiate, problem_texts, texts
from chalicelib.services.columns import TABLES
from chalicelib.services.dictionary import ALL, CONFIDENCES, LEVELS, TRENDS, WINDOWS

LANGUAGES = ["pl", "en", "uk"]
PROBLEM_KEYS = {f"{problem.code}.{part}" for problem in Problem.__subclasses__() for part in ("title", "detail")}
AREAS = {
    "problems": PROBLEM_KEYS | {f"fault.{fault.value}" for fault in Fault},
    "statuses": {status.value for status in Status},
    "reasons": {reason.value for reason in Reason},
    "parts": {part.value for part in Part},
    "checks": {*Why, "window", "checked", "again"},
    "dictionary": {
        *("package.title", "package.summary", "source.reports", "keywords"),
        *(f"{table.name}.{part}" for table in TABLES.values() for part in ("title", "summary")),
        *(f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns),
        *(f"unit.{column.unit}" for table in TABLES.values() for column in table.columns if column.unit is not None),
        *(f"value.{value}" for values in (WINDOWS, CONFIDENCES, TRENDS, LEVELS, (ALL,)) for value in values),
    },
    "summary": {
        *("title", "lead", "through", "emergency", "year", "none", "areas", "area", "now", "previous", "categories"),
        *("category", "months", "confirmed", "eliminated", "more", "map"),
    },
    "feeds": {"unit.title", "powiat.title", "subtitle", "entry.title", "entry.summary", "rights"},
    "open311": {
        *("discovery.contact", "discovery.key_service", "service.description"),
        *(f"definition.place.{sensitivity.value}" for sensitivity in Sensitivity),
        *(f"definition.{name}" for name in ("after_confirmation", "emergency", "required", "optional", *ATTRIBUTES)),
        *(f"definition.{name}.type" for name in ATTRIBUTES),
        *(f"day.{day}" for day in range(1, 8)),
        *("notice.filed", "notice.not_shown"),
        *(f"notice.{status.value}" for row in TABLE for status in row.statuses),
        *(f"problem.{code}" for code in ("malformed", "unsupported_media_type", "quota_used")),
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_every_code_has_its_words_and_no_words_are_left_over(area: str, language: str) -> None:
    words = texts(area, language)
    assert words.keys() == AREAS[area]
    assert all(text == text.strip() != "" for text in words.values())


@pytest.mark.parametrize("area", AREAS)
def test_no_language_borrows_another_s_words(area: str) -> None:
    polish, english, ukrainian = (texts(area, language) for language in LANGUAGES)
    assert not [
        key for key in polish if polish[key] in {english[key], ukrainian[key]} or english[key] == ukrainian[key]
    ]


def test_every_area_is_checked_in_every_language() -> None:
    flat = {path for path in FOLDER.glob("*/*.json") if path.parent.name in AREAS}
    assert flat == {FOLDER / area / f"{language}.json" for area in AREAS for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", Fault)
def test_message_has_the_placeholders_of_its_fault(fault: Fault, language: str) -> None:
    template = texts("problems", language)[f"fault.{fault}"]
    assert {name for _, name, _, _ in string.Formatter().parse(template) if name} == set(PARAMS.get(fault, ()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_details_have_no_placeholders(language: str) -> None:
    assert not [key for key in PROBLEM_KEYS if "{" in texts("problems", language)[key]]


def test_problem_is_told_in_words() -> None:
    assert problem_texts(NotFound(), "en") == (
        "Nothing is here",
        "There is nothing at this address, or it is not public.",
    )


def test_R05_message_names_the_limit() -> None:
    fault = FieldFault("description", Fault.TOO_LONG, {"limit": 500, "length": 501})
    assert fault_message(fault, "pl") == "Liczba znaków: 501, a może być najwyżej 500. Skróć tekst."


@pytest.mark.parametrize("value", ["{0}", "{field}", "%s", "{"])
def test_what_people_send_is_not_taken_for_a_placeholder(value: str) -> None:
    fault = FieldFault("to", Fault.STEP_NOT_ALLOWED, {"source": value, "target": "new"})
    assert value in fault_message(fault, "en")


def test_texts_are_read_once_and_cannot_be_changed() -> None:
    assert texts("parts", "pl") is texts("parts", "pl")
    with pytest.raises(TypeError):
        texts("parts", "pl")["morning"] = ""  # type: ignore[index]  # what is tested


def test_unknown_language_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        texts("parts", "de")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "pl"),
        ("", "pl"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("de, en;q=0.5, uk;q=0.7", "uk"),
        ("en;q=0.5, uk;q=0.5", "en"),
        ("en; q=0.2 , uk ; q=0.3", "uk"),
        ("de", "pl"),
        ("*", "pl"),
        ("en;q=0.5, *", "pl"),
        ("en;q=0", "pl"),
        ("en;q=2, uk;q=0.1", "uk"),
        ("en;q=-1", "pl"),
        ("en;q=nan", "pl"),
        ("en;q=x, uk;q=0.1", "uk"),
        ("en;level=1", "pl"),
        (";;;,,,q=", "pl"),
        ("x," * 5000 + "en", "pl"),
    ],
)
def test_language_is_the_one_that_the_reader_likes_best(header: str | None, language: str) -> None:
    assert negotiate(header, LANGUAGES, "pl") == language


def test_language_that_the_instance_does_not_speak_is_not_chosen() -> None:
    assert negotiate("uk, en;q=0.1", ["en"], "en") == "en"


def test_faults_of_a_problem_have_messages() -> None:
    problem = Invalid([FieldFault("lat", Fault.MISSING)])
    assert [fault_message(fault, "uk") for fault in problem.faults] == ["Цього поля бракує."]


def test_folder_is_beside_the_loader() -> None:
    assert Path(__file__).parents[3] / "chalicelib" / "languages" == FOLDER
