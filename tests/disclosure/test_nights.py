"""The attack on what the deployed stack's nights publish, file by file."""

from datetime import UTC, date, timedelta

import h3

from chalicelib.domain.areas import COUNTRY
from chalicelib.domain.calendar import day_bounds
from chalicelib.hotspots.periods import SETTLING, closed, first_day
from tests.disclosure.attacker import RESOLUTIONS, Seen
from tests.disclosure.publisher import attacker
from tests.nightly.powiats import say_where_the_country_is
from tests.nightly.world import HIDDEN, ORDINARY, VULNERABLE, Night

LAST = closed(date(2026, 11, 22)).stop
CLOSES = first_day(LAST + 1) + SETTLING
"""The first day on which a further period is told than the day before."""

GROUND = sorted(h3.cell_to_children(h3.latlng_to_cell(52.2, 21.0, 7), 8))


def test_nothing_is_learnt_from_the_files_of_nights_on_both_sides_of_a_closing(night: Night) -> None:
    days = [CLOSES - timedelta(days=1), CLOSES, CLOSES + timedelta(days=1)]
    at(night, days[0])
    begging = fill(night)
    builds = [run(night)]
    for day in days[1:]:
        at(night, day)
        # One report more of the period before, and one that has turned out to be a mistake.
        night.load([(first_day(LAST), h3.cell_to_latlng(GROUND[0]), VULNERABLE)], f"late-{day}")
        night.step(begging[day.day % len(begging)], "joke", "joke")
        builds.append(run(night))
    assert attacker(night.container.instance.catalogue).claims(builds) == []
    told = [{key: row for key, row in build.counts.items() if key[1] == VULNERABLE} for build in builds]
    assert told[0].keys() < told[1].keys()
    assert told[1] == told[2]
    assert {h3.get_resolution(cell) for cell, _ in told[1]} == {5, 6, 7, 8}


def test_a_hidden_report_changes_no_byte_of_a_build(night: Night) -> None:
    at(night, CLOSES)
    fill(night)
    run(night)
    before, build = files(night), night.manifest()["build"]
    night.load([(first_day(LAST), h3.cell_to_latlng(GROUND[0]), HIDDEN)], "hidden")
    run(night)
    assert night.manifest()["build"] != build
    assert files(night) == before
    assert len(before) > 10


def at(night: Night, day: date) -> None:
    """Set the clock to the night that begins a day."""
    night.now = (day_bounds(day, night.container.instance.zone)[0] + timedelta(minutes=10)).astimezone(UTC)


def fill(night: Night) -> list[str]:
    """Import reports of the last two periods that are told; return those of the vulnerable category."""
    say_where_the_country_is(night)
    rows = [
        (first_day(period), h3.cell_to_latlng(GROUND[number]), VULNERABLE)
        for period, counts in ((LAST - 1, (9, 6, 1)), (LAST, (3, 7, 8, 2)))
        for number, count in enumerate(counts)
        for _ in range(count)
    ]
    night.load([(first_day(LAST), h3.cell_to_latlng(GROUND[5]), ORDINARY)] * 3, "ordinary")
    for area, drugs in (("1465", 13), ("1432", 7)):
        night.load([(first_day(LAST - 1), h3.cell_to_latlng(GROUND[2]), HIDDEN)] * drugs, f"drugs-{area}", area=area)
    return night.load(rows, "vulnerable")


def run(night: Night) -> Seen:
    """Run a night, and read what it published as anybody can."""
    night.run()
    counts: dict[tuple[str, str], tuple[int, int | None]] = {}
    sums: dict[str, tuple[int, int]] = {}
    for res in RESOLUTIONS:
        for cell, row in night.cells(res).items():
            sums[cell] = (row["n365"], row["n28"])
            counts |= {(cell, code): told for code, told in row["by_category"].items()}
    table = [
        (row["cell"], row["category"], int(row["window"][:-1]), int(row["reports"]), int(row["sources"]))
        for row in night.table("cells")
    ]
    totals = night.manifest()["totals"]
    return Seen(night.today, counts, sums, (totals["reports_365d"], totals["reports_28d"]), table, guarded_areas(night))


def guarded_areas(night: Night) -> dict[tuple[str, str, date], int]:
    """Read what areas tell of guarded categories; the files for charts must say the same as the table."""
    rows = night.table("areas")
    table = {
        (row["teryt"], row["category"], date.fromisoformat(row["first_day"])): int(row["reports"])
        for row in rows
        if not row["open"]
    }
    charts: dict[tuple[str, str, date], int] = {}
    for code in {row["teryt"] for row in rows}:
        told = night.document(night.manifest()["areas"].format(area=code or COUNTRY))["guarded"]
        for category, counts in told["categories"].items():
            periods = zip(told["periods"], counts, strict=True)
            charts |= {(code, category, date.fromisoformat(days[0])): count for days, count in periods if count}
    assert charts == table
    return table


def files(night: Night) -> dict[str, bytes]:
    """What the current build holds, by its names within the build, and its points."""
    manifest = night.manifest()
    prefixes = (f"data/builds/{manifest['build']}/", manifest["points"].removeprefix("/").split("{")[0])
    return {key.removeprefix(prefix): body for prefix in prefixes for key, body in night.objects(prefix).items()}
