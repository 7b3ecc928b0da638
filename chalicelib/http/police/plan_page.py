"""The patrol plan as a page of its own to print: A4, the first rows on one sheet.

The page needs nothing from anywhere and runs nothing: its policy allows its own style and no more.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path

from chalicelib.domain.instance import Instance
from chalicelib.http.police.plan_shapes import Plan, PlanRow
from chalicelib.notify.plan_words import PlanWords

STYLE = (Path(__file__).parent / "plan.css").read_text("utf-8")

POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'",
        *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"),
    ]
)
"""Content-Security-Policy of the page: its one style sheet, by its hash, and nothing else."""

COLUMNS = ("rank", "when", "where", "what", "expected", "why")


def page(plan: Plan, instance: Instance, language: str) -> str:
    """Return the page in a language that the instance has."""
    words = PlanWords.of(language, instance)
    week = words.say("week", week=plan["week"], first=words.day(plan["from"]), last=words.day(plan["to"]))
    unit = "" if plan["unit"] is None else plan["unit"]["name"]
    title = words.say("title")
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} {escape(plan['week'])}</title><style>{STYLE}</style></head><body><main>"
        f"<header><h1>{escape(title)}</h1><p>{escape(unit)}<br>{escape(week)}</p></header>"
        f"{_body(plan, words)}</main></body></html>"
    )


def _body(plan: Plan, words: PlanWords) -> str:
    if not plan["rows"]:
        return f"<p>{escape(words.say('empty'))}</p>"
    basis = words.say(
        "basis",
        reports=plan["basis"]["reports"],
        first=words.day(plan["basis"]["from"]),
        last=words.day(plan["basis"]["to"]),
        share=words.share(plan["covered"]["share"]),
    )
    head = "".join(f'<th scope="col">{escape(words.say(f"column.{name}"))}</th>' for name in COLUMNS)
    rows = "".join(_row(row, words) for row in plan["rows"])
    return (
        f"<p>{escape(words.say('lead'))}</p><p>{escape(basis)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<footer>{escape(words.say('method'))}</footer>"
    )


def _row(row: PlanRow, words: PlanWords) -> str:
    point = words.say("point", lat=f"{row['lat']:.5f}", lon=f"{row['lon']:.5f}")
    below = [point] if row["unit"] is None else [row["unit"]["short"], point]
    interval = words.say("range", low=row["low"], high=row["high"])
    cells = (
        ("number", str(row["rank"]), ""),
        ("when", words.when(row["day"], row["part"]), ""),
        ("", words.where(row), ", ".join(below)),
        ("", words.categories(row), ""),
        ("number", words.number(row["expected"]), interval),
        ("", " ".join(words.reasons(row["reasons"])), ""),
    )
    return f"<tr>{''.join(_cell(*cell) for cell in cells)}</tr>"


def _cell(kind: str, text: str, under: str) -> str:
    named = f' class="{kind}"' if kind else ""
    small = f"<small>{escape(under)}</small>" if under else ""
    return f"<td{named}>{escape(text)}{small}</td>"
