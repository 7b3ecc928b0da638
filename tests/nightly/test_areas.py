"""What a night tells of areas, against a recount of the reports one by one."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from statistics import median

import duckdb
import pytest
from jsonschema import Draft202012Validator

from chalicelib.hotspots.periods import closed, first_day
from chalicelib.services.stable import schemas
from chalicelib.services.summary import ICON, SHEET
from tests.nightly.world import HIDDEN, NOON, ORDINARY, VULNERABLE, WARSAW, Filed, Night, reach_back

Row = dict[str, str]
LOMZA, SUWALKI, WARSZAWA = "2062", "2063", "1465"
STATUS = {"confirmed": "confirmed", "passed_on": "passed_on", "unconfirmed": "unconfirmed", "eliminated": "eliminated"}
DAY = date(2026, 11, 22)
RECENT = [DAY - timedelta(days=back) for back in (1, 2, 20, 40, 200, 364)]
OLDER = [DAY - timedelta(days=back) for back in (365, 366, 600, 729, 730, 1500)]
LAST = closed(DAY).stop - 1


@pytest.fixture(scope="module")
def towns(shared_night: Night) -> Night:
    """Three powiats in two voivodeships, with reports of every kind over five years."""
    night = shared_night
    for area, times in ((LOMZA, 3), (SUWALKI, 1), (WARSZAWA, 5)):
        parking = [(day, WARSAW, ORDINARY) for day in RECENT + OLDER]
        night.load(parking * times, f"open-{area}", area=area, part="evening")
        for status, after in (("eliminated", 3), ("unconfirmed", 30), ("confirmed", None)):
            speeding = [(day, WARSAW, "speeding") for day in RECENT[2:] + OLDER]
            took = None if after is None else timedelta(days=after)
            night.load(speeding * times, f"{status}-{area}", area=area, status=status, took=took)
        night.load([(RECENT[0], WARSAW, ORDINARY)], f"joke-{area}", area=area, status="joke")
    inside = first_day(LAST) + timedelta(days=3)
    for area, beggars, drugs in ((LOMZA, 4, 9), (SUWALKI, 12, 3), (WARSZAWA, 7, 26)):
        night.load([(inside, WARSAW, VULNERABLE)] * beggars, f"beg-{area}", area=area)
        night.load([(inside, WARSAW, HIDDEN)] * drugs, f"drug-{area}", area=area)
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch, gap=timedelta(days=3))
        night.run()
    return night


def counted(night: Night) -> Iterator[Filed]:
    """The reports of ordinary categories that count, those of the last five years."""
    for filed in night.reports.values():
        if (
            night.sensitivity(filed.category) == "ordinary"
            and night.counts(filed)
            and filed.day.isoformat() >= "2021-12"
        ):
            yield filed


def places(area: str) -> tuple[tuple[str, str], ...]:
    return (("powiat", area), ("voivodeship", area[:2]), ("country", ""))


def test_every_row_of_areas_is_a_recount_and_none_is_missing(towns: Night) -> None:
    expected: Counter[tuple[str, str, str, str, str]] = Counter()
    for filed in counted(towns):
        for level, code in places(filed.area):
            for category in (filed.category, "all"):
                for column in ("reports", STATUS.get(filed.status, "open")):
                    expected[level, code, category, filed.day.isoformat()[:7], column] += 1
    found = {
        (row["level"], row["teryt"], row["category"], row["first_day"][:7], column): int(row[column])
        for row in towns.table("areas")
        for column in ("reports", "open", *STATUS)
        if row["open"] and int(row[column])
    }
    assert found == expected
    assert len(found) > 300


def test_periods_of_areas_are_whole_months_and_the_last_ends_the_day_before(towns: Night) -> None:
    for row in towns.table("areas"):
        if row["open"]:
            first, last = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
            assert first.day == 1
            assert (last + timedelta(days=1)).day == 1 or last == DAY - timedelta(days=1)


def test_hidden_categories_are_told_in_fives_by_powiat_and_vulnerable_ones_as_cells_tell_them(towns: Night) -> None:
    guarded = [row for row in towns.table("areas") if not row["open"]]
    assert {(row["teryt"], row["category"], int(row["reports"])) for row in guarded} == {
        # Nobody has said yet where the country is: a cell is in no powiat.
        ("", VULNERABLE, 23),
        (LOMZA, HIDDEN, 5),
        (WARSZAWA, HIDDEN, 25),
        ("20", HIDDEN, 5),
        ("14", HIDDEN, 25),
        ("", HIDDEN, 30),
    }
    assert {(row["first_day"], row["last_day"]) for row in guarded} == {
        (first_day(LAST).isoformat(), (first_day(LAST + 1) - timedelta(days=1)).isoformat())
    }
    assert not any(row[column] for row in guarded for column in (*STATUS, "open"))


def test_areas_bear_their_names(towns: Night) -> None:
    names = {row["teryt"]: row["name"] for row in towns.table("areas")}
    assert (names[""], names["20"], names["14"]) == ("Polska", "podlaskie", "mazowieckie")
    # Without the site's gazetteer a code stands for itself.
    assert names[LOMZA] == LOMZA


def test_response_times_are_those_of_the_cases(towns: Night) -> None:
    days: dict[tuple[str, str, str], list[int | None]] = {}
    for filed in counted(towns):
        unit = "KRP-WARSZAWA-1" if filed.area == WARSZAWA else f"KPP-{filed.area}"
        took = None if filed.resolved is None else (filed.resolved - filed.day).days
        for category in (filed.category, "all"):
            days.setdefault((unit, category, filed.day.isoformat()[:7]), []).append(took)
    rows = {(row["unit"], row["category"], row["month"]): row for row in towns.table("responses")}
    assert rows.keys() == days.keys()
    limits = {
        code: row.take_up_days + row.verify_days for code, row in towns.container.instance.catalogue.categories.items()
    }
    for key, all_days in days.items():
        row, closed_ = rows[key], sorted(one for one in all_days if one is not None)
        numbers = (len(all_days), len(closed_), len(all_days) - len(closed_))
        assert (int(row["reports"]), int(row["closed"]), int(row["open"])) == numbers
        if key[1] != "all":
            assert int(row["within_deadline"]) == sum(one <= limits[key[1]] for one in closed_)
        assert row["days_median"] == (str(float(median(closed_))) if closed_ else "")
        rank = -(-9 * len(closed_) // 10)
        assert row["days_p90"] == (str(float(closed_[rank - 1])) if closed_ else "")
    assert any(row["days_median"] for row in rows.values())


@pytest.mark.parametrize("name", ["areas", "responses"])
def test_the_same_rows_stand_in_both_formats(towns: Night, name: str, tmp_path: Path) -> None:
    key, file = f"data/exports/latest/{name}.parquet", tmp_path / "table.parquet"
    file.write_bytes(towns.objects(key)[key])
    found = duckdb.execute(f"FROM '{file}'").fetchall()
    told = [["" if value is None else str(value) for value in row] for row in found]
    assert told == [list(row.values()) for row in towns.table(name)]
    assert told


def test_the_file_of_an_area_says_what_the_table_says(towns: Night) -> None:
    schema = {file.key.split("/")[-1]: json.loads(file.body) for file in schemas()}["areas.json"]
    manifest, rows = towns.manifest(), towns.table("areas")
    for area in (LOMZA, SUWALKI, WARSZAWA, "20", "14", "country"):
        document = towns.document(manifest["areas"].format(area=area))
        Draft202012Validator(schema).validate(document)
        code = "" if area == "country" else area
        table = {(row["category"], row["first_day"][:7]): row for row in rows if row["teryt"] == code and row["open"]}
        told = {
            (category, month): [columns[name][number] for name in ("reports", "open", *STATUS)]
            for category, columns in document["categories"].items()
            for number, month in enumerate(document["months"])
            if columns["reports"][number]
        }
        assert told == {key: [int(row[name]) for name in ("reports", "open", *STATUS)] for key, row in table.items()}
        guarded = {row["category"]: int(row["reports"]) for row in rows if row["teryt"] == code and not row["open"]}
        assert {category: row[-1] for category, row in document["guarded"]["categories"].items()} == guarded
        assert (document["months"][-1], document["through"]) == ("2026-11", "2026-11-21")
    country = towns.document(manifest["areas"].format(area="country"))
    assert [child["area"] for child in country["children"]] == ["14", "20"]
    podlaskie = towns.document(manifest["areas"].format(area="20"))
    assert (podlaskie["parent"], [child["area"] for child in podlaskie["children"]]) == ("country", [LOMZA, SUWALKI])


def test_the_file_of_an_area_has_its_week_its_year_and_its_pace(towns: Night) -> None:
    manifest = towns.manifest()
    lomza = towns.document(manifest["areas"].format(area=LOMZA))
    weekdays = Counter(day.isoweekday() - 1 for day in [*RECENT, OLDER[0]])
    assert lomza["pattern"][ORDINARY] == [[0, 0, 3 * weekdays[day], 0] for day in range(7)]
    mine = [filed for filed in counted(towns) if filed.area == LOMZA]
    year = [filed for filed in mine if (DAY - filed.day).days <= 365]
    (child,) = [one for one in towns.document(manifest["areas"].format(area="20"))["children"] if one["area"] == LOMZA]
    before = [filed for filed in mine if 365 < (DAY - filed.day).days <= 730]
    assert (child["reports_365d"], child["previous_365d"]) == (len(year), len(before))
    took = sorted((filed.resolved - filed.day).days for filed in year if filed.resolved is not None)
    pace = lomza["response"]["all"]
    assert (pace["reports"], pace["closed"], pace["days_median"]) == (len(year), len(took), median(took))
    by_month = dict(zip(lomza["months"], pace["months"]["closed"], strict=True))
    recent_months = {month for month in by_month if by_month[month]}
    assert recent_months == {f.day.isoformat()[:7] for f in mine if f.resolved and f.day.isoformat() >= "2024-12"}


def test_what_was_told_of_guarded_categories_stays_as_it_was_told(towns: Night) -> None:
    before = [row for row in towns.table("areas") if not row["open"]]
    inside = first_day(LAST) + timedelta(days=5)
    towns.now = NOON + timedelta(days=1)
    towns.load([(inside, WARSAW, VULNERABLE)] * 5, "late", area=SUWALKI)
    towns.run()
    assert [row for row in towns.table("areas") if not row["open"]] == before


def test_hexagons_are_those_of_the_table(towns: Night) -> None:
    key = "data/exports/latest/cells.geojson.gz"
    collection = json.loads(gzip.decompress(towns.objects(key)[key]))
    table = {(row["cell"], row["window"]): row for row in towns.table("cells") if row["category"] == "all"}
    features = {feature["id"]: feature for feature in collection["features"]}
    assert features.keys() == {cell for cell, _ in table if int(table[cell, "365d"]["resolution"]) <= 8}
    for cell, feature in features.items():
        said = feature["properties"]
        assert said["reports_365d"] == int(table[cell, "365d"]["reports"])
        assert said["reports_28d"] == (int(table[cell, "28d"]["reports"]) if (cell, "28d") in table else 0)
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        # RFC 7946: counter-clockwise.
        pairs = pairwise(ring)
        assert sum((x1 - x0) * (y1 + y0) for (x0, y0), (x1, y1) in pairs) < 0


class Figures(HTMLParser):
    """The rows of the tables of a page: the cells of each, as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_the_page_of_figures_says_what_the_tables_say(towns: Night, language: str) -> None:
    page = towns.stored(f"/data/exports/latest/summary.{language}.html").decode()
    assert f'<html lang="{language}">' in page
    rows = {row[0]: row[1:] for row in Figures(page).rows}
    day = date.fromisoformat(towns.manifest()["day"])
    year = Counter(filed.area[:2] for filed in counted(towns) if (day - filed.day).days <= 365)
    for code, number in year.items():
        name = towns.document(towns.manifest()["areas"].format(area=code))["name"]
        assert rows[name][0] == str(number)
    first = f"{day.year - 1}-{day.month + 1:02d}"
    recent = Counter(filed.category for filed in counted(towns) if filed.day.isoformat()[:7] >= first)
    categories = towns.container.instance.catalogue.categories
    assert {code: rows[categories[code].names[language]][0] for code in recent} == {
        code: str(number) for code, number in recent.items()
    }


def test_the_page_of_figures_tells_of_ordinary_categories_alone_and_loads_nothing_but_what_the_site_keeps(
    towns: Night,
) -> None:
    page = towns.stored("/data/exports/latest/summary.en.html").decode()
    categories = towns.container.instance.catalogue.categories
    assert {filed.category for filed in towns.reports.values()} >= {VULNERABLE, HIDDEN}
    assert not [code for code in (VULNERABLE, HIDDEN) if categories[code].names["en"] in page]
    assert re.findall(r'<link[^>]* href="([^"]*)"', page) == [SHEET, ICON]
    assert not re.search(r"<script|<style|src=|@import|url\(|https?:", page)


def test_before_the_first_report_the_page_of_figures_says_so(night: Night) -> None:
    night.run()
    assert "Nobody has reported anything yet." in night.stored("/data/exports/latest/summary.en.html").decode()
