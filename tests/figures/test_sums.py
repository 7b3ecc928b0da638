"""Tallies, quantiles and trends: worked out by hand, and against a recount of the very numbers."""

from math import comb
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from chalicelib.domain.report import Status, Tier
from chalicelib.domain.tally import GONE, By, Row, Table, Tally, counts, merge, powiat_of, quantile, tabulate, total
from chalicelib.domain.trend import Class, trend
from chalicelib.http.police.stats_body import STATUSES

YEAR = 525_600
MINUTES = st.integers(0, 3 * YEAR)
FEW = st.sampled_from(["a", "b", "c"])
ROWS = st.lists(
    st.builds(
        Row,
        st.uuids().map(str),
        st.sampled_from(["2026-06-01", "2026-06-02"]),
        FEW,
        FEW,
        FEW,
        st.sampled_from(STATUSES),
        st.none() | FEW,
        st.none() | MINUTES,
        st.none() | MINUTES,
        st.none() | MINUTES,
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 3),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("durations", "half", "most"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 50, 90),
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 60, 100),
    ],
)
def test_quantiles_by_hand(durations: list[int], half: int, most: int) -> None:
    assert (quantile(durations, 50), quantile(durations, 90)) == (half, most)


@given(st.lists(MINUTES, min_size=1), st.integers(1, 100))
def test_a_quantile_is_the_smallest_that_so_many_do_not_exceed(durations: list[int], percent: int) -> None:
    found = quantile(sorted(durations), percent)
    assert found in durations
    assert sum(each <= found for each in durations) * 100 >= percent * len(durations)
    assert sum(each < found for each in durations) * 100 < percent * len(durations)


@given(ROWS, ROWS, ROWS, st.sampled_from(list(By)))
def test_sums_are_the_same_however_they_are_grouped(one: list[Row], two: list[Row], three: list[Row], by: By) -> None:
    tables = [tabulate(rows, by) for rows in (one, two, three)]
    whole = tabulate([*three, *one, *two], by)
    first = merge(merge({}, tables[:2]), tables[2:])
    last = merge(merge({}, [tables[0]]), [merge({}, tables[1:])])
    assert documents(first) == documents(last) == documents(whole)
    category, powiat, unit = (total(tabulate([*one, *two, *three], by).values()).document() for by in By)
    assert category == powiat == unit


def documents(table: Table) -> dict[str, Any]:
    return {key: tally.document() for key, tally in table.items()}


@given(ROWS)
def test_a_sum_comes_back_from_its_document_and_equal_sums_are_equal_documents(rows: list[Row]) -> None:
    forth, back = Tally(), Tally()
    for row in rows:
        forth.count(row)
    for row in reversed(rows):
        back.count(row)
    assert Tally.of_document(forth.document()).document() == forth.document()
    assert Tally.of_document(forth.document()).reports == len(rows)
    assert str(forth.document()) == str(back.document())
    event(f"rows: {bool(rows)}")


def test_adding_to_a_sum_leaves_the_other_as_it_was() -> None:
    row = Row("r", "2026-06-01", "c", "p", "u", "new", "s", 5, 6, 7, 1, 0, 2)
    kept = tabulate([row], By.UNIT)
    before = kept["u"].document()
    merge({}, [kept, kept])
    total([kept["u"], kept["u"]])
    assert kept["u"].document() == before


def test_a_named_source_counts_once_and_every_other_report_is_one() -> None:
    found = Tally()
    for number, source in enumerate(["railway", "railway", "city", None, None]):
        found.count(Row(str(number), "2026-06-01", "c", "p", "u", "new", source, None, None, None, 0, 0, 0))
    assert (found.reports, found.sources) == (5, 4)


def test_the_statuses_of_the_table_are_all_that_count() -> None:
    assert set(STATUSES) == set(Status) - GONE


@pytest.mark.parametrize(
    ("status", "reason", "tier", "expected"),
    [(status, None, Tier.ORDINARY, status not in {"joke", "merged", "withdrawn"}) for status in Status]
    + [(status, None, Tier.HELD, status in {"confirmed", "passed_on", "eliminated"}) for status in Status]
    + [("unconfirmed", "not_a_threat", Tier.ORDINARY, False), ("unconfirmed", "not_present", Tier.ORDINARY, True)]
    + [("verifying", "check_again", Tier.ORDINARY, True)],
)
def test_what_counts(status: str, reason: str | None, tier: Tier, *, expected: bool) -> None:
    assert counts(status, reason, tier) is expected


def test_the_powiat_of_a_gmina_is_its_first_four_digits() -> None:
    assert [powiat_of(area) for area in ("1465", "146501", "0201", "vancouver")] == [
        "1465",
        "1465",
        "0201",
        "vancouver",
    ]


# Wilson's interval of 60 of 100 is (0.502002, 0.690598), of 0 of 10 (0, 0.277533).
@pytest.mark.parametrize(
    ("now", "before", "change", "low", "high", "kind"),
    [
        (60, 40, 0.5, 0.502002 / 0.497998 - 1, 0.690598 / 0.309402 - 1, Class.UP),
        (40, 60, -1 / 3, 0.309402 / 0.690598 - 1, 0.497998 / 0.502002 - 1, Class.DOWN),
        (0, 10, -1.0, -1.0, 0.277533 / 0.722467 - 1, Class.DOWN),
        (10, 0, None, 0.722467 / 0.277533 - 1, None, Class.UP),
    ],
)
def test_trends_by_hand(
    now: int, before: int, change: float | None, low: float, high: float | None, kind: Class
) -> None:
    found = trend(now, before)
    assert found.kind is kind
    for told, true, margin in ((found.change, change, 1e-9), (found.low, low, 2e-5), (found.high, high, 1e-4)):
        assert told is None if true is None else told == pytest.approx(true, abs=margin)


@pytest.mark.parametrize(("now", "before"), [(0, 0), (9, 0), (0, 9), (5, 4)])
def test_of_fewer_than_ten_reports_no_trend_is_told(now: int, before: int) -> None:
    assert trend(now, before).kind is Class.TOO_FEW


def test_as_many_as_before_is_the_same() -> None:
    found = trend(50, 50)
    assert (found.change, found.kind) == (0.0, Class.SAME)
    assert found.low is not None
    assert found.high is not None
    # Turned round, the interval of the ratio is its own inverse.
    assert (1 + found.low) * (1 + found.high) == pytest.approx(1)


@pytest.mark.parametrize(("total_count", "ratio"), [(40, 1.0), (40, 1.5), (200, 0.7)])
def test_the_interval_holds_the_true_ratio_about_as_often_as_it_says(total_count: int, ratio: float) -> None:
    share, covered = ratio / (1 + ratio), 0.0
    for now in range(total_count + 1):
        found = trend(now, total_count - now)
        low = -1.0 if found.low is None else found.low
        high = float("inf") if found.high is None else found.high
        if low <= ratio - 1 <= high:
            covered += comb(total_count, now) * share**now * (1 - share) ** (total_count - now)
    assert 0.93 < covered < 0.97
