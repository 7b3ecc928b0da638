"""The latest figures as a page that needs no program: for whoever reads without JavaScript, or prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape

from chalicelib.domain.areas import COUNTRY, level
from chalicelib.domain.instance import Instance
from chalicelib.languages import texts
from chalicelib.services.area_counts import STATUSES, AreaCounts
from chalicelib.services.area_tables import with_above

MONTHS = 12
Row = tuple[str, list[int]]
_CONFIRMED, _ELIMINATED = (list(STATUSES).index(name) for name in ("confirmed", "eliminated"))
SHEET, ICON = "/app/plain.css", "/app/icon-192.png"
"""All that the page loads: the site keeps them under these names."""

_THOUSANDS = {"en": ","}
_NARROW = "\N{NO-BREAK SPACE}"


def pages(instance: Instance, found: AreaCounts, names: Mapping[str, str], day: date) -> Iterator[tuple[str, bytes]]:
    """Yield each language's page by the name of its file; `names` are those of areas, `day` is the build's."""
    for language in instance.languages:
        yield f"summary.{language}.html", _page(instance, language, found, names, day).encode()


def _page(instance: Instance, language: str, found: AreaCounts, names: Mapping[str, str], day: date) -> str:
    words = texts("summary", language)
    years = {area: grid[-1].tolist() for area, grid in with_above(found, found.year[:, None, :]).items()}
    through = words["through"].format(day=(day - timedelta(days=1)).isoformat())
    title = escape(words["title"])
    country = escape(instance.names[language])
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{title}. {country}. Czujka</title><link rel="stylesheet" href="{SHEET}">'
        f'<link rel="icon" href="{ICON}"></head><body><main>'
        f"<h1>{title}: {country}</h1><p>{escape(words['lead'])}</p>"
        f"<p>{escape(words['emergency'].format(number=instance.emergency))}</p><p>{escape(through)}</p>"
        f"{_figures(words, instance, language, found, names, years)}"
        f'<p><a href="/">{escape(words["map"])}</a></p><p><a href="/info/{escape(language)}/developers/">'
        f"{escape(words['more'])}</a></p></main></body></html>"
    )


def _figures(
    words: Mapping[str, str],
    instance: Instance,
    language: str,
    found: AreaCounts,
    names: Mapping[str, str],
    years: Mapping[str, Sequence[int]],
) -> str:
    if COUNTRY not in years:
        return f"<p>{escape(words['none'])}</p>"
    now, before = (_number(number, language) for number in years[COUNTRY])
    levels = {level(area) for area in years} - {"country"}
    shown = "voivodeship" if "voivodeship" in levels else "powiat"
    areas = [(names.get(area, area), list(row)) for area, row in years.items() if level(area) == shown]
    counts = found.counts[:, :, -MONTHS:, :].sum(axis=(0, 2))
    categories = instance.catalogue.categories
    kinds = [
        (categories[code].names[language], [sum(row), row[_CONFIRMED], row[_ELIMINATED]])
        for code, row in zip(found.codes, counts.tolist(), strict=True)
        if any(row)
    ]
    return (
        f"<p><strong>{escape(words['year'].format(year=now, before=before))}</strong></p>"
        + _table(words, ("areas", "area", "now", "previous"), areas, language)
        + _table(words, ("categories", "category", "months", "confirmed", "eliminated"), kinds, language)
    )


def _table(words: Mapping[str, str], said: Sequence[str], rows: Sequence[Row], language: str) -> str:
    title, *head = (escape(words[key]) for key in said)
    largest = sorted(rows, key=lambda row: (-row[1][0], row[0]))
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{_cells(numbers, language)}</tr>' for name, numbers in largest
    )
    return f"<h2>{title}</h2><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cells(numbers: Iterable[int], language: str) -> str:
    return "".join(f"<td>{_number(number, language)}</td>" for number in numbers)


def _number(value: int, language: str) -> str:
    return f"{value:,}".replace(",", _THOUSANDS.get(language, _NARROW))
