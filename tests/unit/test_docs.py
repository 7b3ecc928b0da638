"""What the documents say is there, is there, and the other way round."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from chalicelib.domain import alerting, unit_settings
from chalicelib.domain.acts import ACTS
from chalicelib.domain.answers import RULES as DEEDS
from chalicelib.domain.errors import Problem
from chalicelib.domain.faults import Fault
from chalicelib.domain.report import Status
from chalicelib.domain.retention import RETENTION, Unit
from chalicelib.domain.steps import STEPS, Reason
from chalicelib.domain.visibility import TABLE, Shown, Sight, Surface
from chalicelib.http.routes import ROUTES
from chalicelib.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
API = (DOCS / "api.md").read_text("utf-8")
RULES = (DOCS / "rules.md").read_text("utf-8")
OPERATE = (DOCS / "operate.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")

# `docs/…`, `chalicelib/…`, … in backticks or links: paths that a reader will look for.
PATH = re.compile(r"[`(]((?:docs|chalicelib|infra|instances|static-site|tests)/[\w./-]+\w/?)[`)]")


def all_problems(base: type[Problem] = Problem) -> list[type[Problem]]:
    return [found for child in base.__subclasses__() for found in (child, *all_problems(child))]


@pytest.mark.parametrize("path", [path for path in ROUTES if "+" not in path])
def test_every_route_is_documented(path: str) -> None:
    assert path in API


def test_every_documented_route_is_there() -> None:
    documented = set(re.findall(r"`(?:GET|POST|PUT|DELETE) (/v1/[\w/{}.-]*)", API))
    assert documented
    assert documented <= set(ROUTES)


@pytest.mark.parametrize("problem", all_problems(), ids=lambda problem: problem.code)
def test_every_problem_is_documented_with_its_status(problem: type[Problem]) -> None:
    assert re.search(rf"{problem.status}\b[^\n]*`{problem.code}`|`{problem.code}`[^\n]*\b{problem.status}\b", API)


@pytest.mark.parametrize("word", Fault)
def test_every_code_of_a_fault_is_documented(word: str) -> None:
    assert f"`{word}`" in API + RULES + OPERATE


@pytest.mark.parametrize("word", [*Status, *Reason])
def test_every_status_and_reason_is_documented(word: str) -> None:
    assert f"`{word}`" in RULES


def test_what_a_reporter_may_do_is_drawn_as_in_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\d*) ?\| (\d*) ?\|$", RULES, re.MULTILINE)
    assert rows == [
        (rule.deed, rule.status, *("" if day is None else str(day) for day in (rule.first_day, rule.last_day)))
        for rule in DEEDS
    ]


def test_the_acts_that_are_drawn_are_those_of_the_table() -> None:
    section = RULES.split("## What the police do without a verdict")[1].split("## ")[0]
    drawn = re.findall(r"^\| `(\w+)` \| (.+) \| (.*)\|$", section, re.MULTILINE)
    assert drawn == [
        (
            row.act,
            ", ".join(f"`{status}`" for status in Status if status in row.statuses),
            "".join([", ".join(f"`{reason}`" for reason in row.reasons), " " if row.reasons else ""]),
        )
        for row in ACTS
    ]


def test_the_steps_that_are_drawn_are_the_steps_of_the_table() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+)$", RULES, re.MULTILINE)
    assert drawn == [(step.source, step.target) for step in STEPS]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([a-z, ]+) \| (.+) \|$", RULES, re.MULTILINE)
    assert rows == [
        (step.source, step.target, ", ".join(sorted(step.actors)), ", ".join(f"`{reason}`" for reason in step.reasons))
        for step in STEPS
    ]


def test_the_table_of_visibility_that_is_drawn_is_the_one_that_is_obeyed() -> None:
    drawn = re.findall(r"^\| (?:ordinary|vulnerable|hidden) \| (?:yes|no) \|.+$", RULES, re.MULTILINE)
    assert drawn == [
        f"| {row.sensitivity} | {'yes' if row.held else 'no'} | "
        f"{', '.join(f'`{status}`' for status in row.statuses)} | "
        f"{row.lasts} | {' | '.join(_seen(row.sight(surface)) for surface in Surface)} |"
        for row in TABLE
    ]
    named = {word for row in TABLE for surface in Surface for word in _seen(row.sight(surface)).split(", ")}
    assert all(f"`{word}`" in RULES for word in named | {row.lasts for row in TABLE} - {"never"})


def _seen(sight: Sight) -> str:
    return sight.shown if sight.shown is Shown.NEVER else f"{sight.shown}, {sight.begins}"


def test_the_numbers_of_alerts_that_are_drawn_are_those_that_are_obeyed() -> None:
    section = RULES.split("## Alerts")[1].split("## ")[0]
    served = alerting.rules(None) | unit_settings.rules()
    drawn = {name: int(number) for name, number in re.findall(r"^\| `(\w+)` \| (\d+) \|$", section, re.MULTILINE)}
    # The coordinator's own least and most stand in a sentence.
    told = {name: number for name, number in served.items() if isinstance(number, int)} | {"mails_per_hour": 20}
    assert drawn == {name: number for name, number in told.items() if name != "urgent_priority"}
    assert unit_settings.rules()["mails_per_hour"] == {"minimum": 1, "maximum": alerting.rules(None)["mails_per_hour"]}
    assert "told to the unit's chief at once, to the garrison after 24 hours, to the national desk after 72" in section
    assert list(alerting.rules(None)["overdue_hours"].values()) == [0, 24, 72]


def test_the_table_of_retention_that_is_drawn_is_the_one_that_is_obeyed() -> None:
    section = RULES.split("## Retention")[1]
    drawn = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (\w+) \| (\w+) \|$", section, re.MULTILINE)
    assert drawn == [
        (
            row.kept,
            ", ".join(f"`{status}`" for status in row.statuses) or "all",
            "ever" if row.unit is Unit.EVER else f"{row.length} {row.unit}",
            row.since,
            row.then,
        )
        for row in RETENTION
    ]


@pytest.mark.parametrize("setting", [field.name.upper() for field in fields(Settings)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in OPERATE


def test_every_documented_setting_is_read() -> None:
    table = OPERATE.split("## Settings")[1].split("## ")[0].split("`make run` itself")[0]
    documented = set(re.findall(r"`([A-Z_]+)`", table))
    # OpenTelemetry reads its own; the template gives them.
    template = (ROOT / "infra" / "app.yaml").read_text("utf-8")
    library = set(re.findall(r"^ +(OTEL_[A-Z_]+):", template, re.MULTILINE))
    assert documented == {field.name.upper() for field in fields(Settings)} | library


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = [path for path in PATH.findall(page.read_text("utf-8")) if "<" not in path]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers
