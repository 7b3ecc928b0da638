"""Matching by index gives what comparing each with each gives; a token and a choice come back as they went."""

from datetime import UTC, datetime
from math import cos, radians, sin

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.email import Address
from chalicelib.domain.errors import NotFound
from chalicelib.domain.subscription import Area, Change, Choice, Circle, Kind, covers, wants
from chalicelib.domain.subscription_token import LENGTH, Link, TokenKey, mint, read, subscription_id
from chalicelib.services.matching import Matcher, ranked

KEY = TokenKey.derived(b"secret")
POWIATS = ["1465", "1434", "2062"]
UNITS = [("KRP-I", "KSP"), ("KPP-II", "KSP"), ("KMP-III", "KWP")]
CATEGORIES = ["a", "b", "c"]

lats = st.floats(49, 55).map(lambda lat: round(lat, 5))
lons = st.floats(14, 24).map(lambda lon: round(lon, 5))
# Close together, so that circles hold some of them, and anywhere.
near = st.tuples(st.floats(52.0, 52.3), st.floats(20.8, 21.2)).map(lambda p: (round(p[0], 5), round(p[1], 5)))
places = st.one_of(near, st.tuples(lats, lons))


@st.composite
def some_changes(draw: st.DrawFn) -> list[Change]:
    found = []
    for number, (lat, lon) in enumerate(draw(st.lists(places, max_size=25))):
        unit = draw(st.sampled_from(UNITS))
        found.append(
            Change(
                f"r{number}", draw(st.sampled_from(CATEGORIES)), 1, "new", None, lat, lon,
                draw(st.sampled_from(POWIATS)), unit, (("2026-06-10", 1, None),),
            )
        )  # fmt: skip
    return found


circles = st.builds(
    lambda place, radius: Area(Kind.CIRCLE, circle=Circle(round(place[0] * 1e6), round(place[1] * 1e6), radius)),
    places,
    st.integers(100, 20_000),
)
areas = st.one_of(
    circles,
    st.sampled_from(POWIATS).map(lambda code: Area(Kind.POWIAT, code)),
    st.sampled_from([code for chain in UNITS for code in chain]).map(lambda code: Area(Kind.UNIT, code)),
    st.sampled_from(["g0", "g1"]).map(lambda code: Area(Kind.GMINA, code)),
)
choices = st.builds(
    lambda area, categories, language: Choice(area, frozenset(categories), language),
    areas,
    st.sets(st.sampled_from(CATEGORIES)),
    st.sampled_from(["pl", "en"]),
)


def gmina_of(lat: float, lon: float) -> str | None:
    return None if lon < 20.9 else f"g{round(lat * 100) % 2}"


def test_A02_the_index_finds_what_comparing_each_finds() -> None:
    matches = 0

    @settings(max_examples=300)
    @given(some_changes(), choices)
    def compare(changes: list[Change], choice: Choice) -> None:
        nonlocal matches
        wanted = {
            change.report
            for change in changes
            if covers(choice.area, change, gmina_of(change.lat, change.lon)) and wants(choice, change)
        }
        assert {change.report for change in Matcher(changes, gmina_of).matching(choice)} == wanted
        matches += bool(wanted)

    compare()
    # Otherwise there would have been nothing to find.
    assert matches >= 30


@pytest.mark.parametrize("bearing", range(0, 360, 15))
@pytest.mark.parametrize("radius", [100, 5_000, 20_000])
def test_A02_a_circle_ends_where_its_radius_does(bearing: int, radius: int) -> None:
    lat, lon = 54.8, 18.3
    inside, outside = (point(lat, lon, bearing, radius * share) for share in (0.999, 1.001))
    circle = Area(Kind.CIRCLE, circle=Circle(round(lat * 1e6), round(lon * 1e6), radius))
    changes = [
        Change(name, "a", 1, "new", None, *where, "1465", ("U",), ())
        for name, where in (("in", inside), ("out", outside))
    ]
    found = Matcher(changes, lambda _lat, _lon: None).matching(Choice(circle, frozenset(), "pl"))
    assert [change.report for change in found] == ["in"]


def point(lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float]:
    """The point so many metres away in a direction, found by bisection on H3's own distance."""
    there, low, high = (lat, lon), 0.0, metres / 50_000
    for _ in range(60):
        step = (low + high) / 2
        there = lat + step * cos(radians(bearing)), lon + step * sin(radians(bearing)) / cos(radians(lat))
        if h3.great_circle_distance((lat, lon), there, unit="m") < metres:
            low = step
        else:
            high = step
    return there


def test_mails_begin_with_what_is_urgent_then_new_then_recent() -> None:
    def change(name: str, priority: int) -> Change:
        return Change(name, "a", priority, "new", None, 0, 0, "", (), ())

    rows = [
        (change("later", 3), True, "2026-06-10"),
        (change("old news", 1), False, "2026-06-09"),
        (change("newest", 3), True, "2026-06-11"),
        (change("step", 3), False, "2026-06-12"),
        (change("urgent", 1), True, "2026-06-08"),
    ]
    assert [row[0].report for row in ranked(rows)] == ["urgent", "old news", "newest", "later", "step"]


@given(choices)
def test_a_choice_comes_back_from_the_store_as_it_went(choice: Choice) -> None:
    assert Choice.of_document(choice.document()) == choice


@given(st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1)), st.emails())  # noqa: DTZ001
def test_a_token_says_what_was_put_in(moment: datetime, address: str) -> None:
    asked = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    link = Link(subscription_id(KEY, Address(address)), asked)
    token = mint(KEY, link)
    assert len(token) == LENGTH
    assert token.isalnum()
    assert read(KEY, token) == link


def test_a_token_of_another_map_is_unknown() -> None:
    token = mint(TokenKey.derived(b"another"), Link("0" * 21, datetime(2026, 6, 10, tzinfo=UTC)))
    with pytest.raises(NotFound):
        read(KEY, token)


def test_neither_address_nor_key_shows_in_what_is_printed() -> None:
    assert "ala" not in repr(Address("ala@example.org"))
    assert "b'" not in repr(KEY)


@pytest.mark.parametrize(
    ("events", "status", "told"),
    [
        ((("2026-06-10", 1, None),), "new", (True, "2026-06-10")),
        ((("2026-06-09", 1, None),), "new", None),
        ((("2026-06-09", 1, None), ("2026-06-10", 2, "new")), "verifying", (False, "2026-06-10")),
        ((("2026-06-10", 1, None), ("2026-06-11", 2, "new")), "verifying", (True, "2026-06-11")),
        ((("2026-06-10", 3, "confirmed"), ("2026-06-11", 4, "verifying")), "confirmed", None),
        ((), "new", None),
    ],
)
def test_A05_what_is_told_depends_on_what_was_told_before(
    events: tuple[tuple[str, int, str | None], ...], status: str, told: tuple[bool, str] | None
) -> None:
    assert Change("r", "a", 1, status, None, 0, 0, "", (), events).since("2026-06-09") == told
