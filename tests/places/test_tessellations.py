"""Properties of exact routing on random maps: whatever the shapes, every point has the one area that the rule gives."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.place import load_pack
from chalicelib.domain.place_polygon import build_polygon, decode, encode
from infra.places.areas import Area, Ring, Vertex
from infra.places.compiler import LOSSLESS_BITS, compile_areas, on_grid
from tests.places.conftest import area_or_none
from tests.places.oracle import area_of, on_edge

SIZE = 3
STEP = 0.02
"""Cells of the map are about 2 km wide: as large as a res-7 hexagon, so that most hexagons have several areas."""
CORNERS = [(column, row) for row in range(SIZE + 1) for column in range(SIZE + 1)]
shifts = st.integers(-3, 3).map(lambda shift: shift * STEP / 16)
origins = st.sampled_from([(19.0, 52.0), (-123.1, 49.2), (0.01, 51.48), (-0.03, -0.03)])


def detours(a: Vertex, b: Vertex, bend: float) -> list[Vertex]:
    """Bend an edge at its middle; both neighbours get the very same vertex."""
    (ax, ay), (bx, by) = sorted((a, b))
    return [((ax + bx) / 2 + bend / 2, (ay + by) / 2 - bend / 2)] if bend else []


def square(lon: float, lat: float, half: float) -> Ring:
    return [(lon + dx * half, lat + dy * half) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]


@st.composite
def maps(draw: st.DrawFn) -> dict[str, Area]:
    """A jittered grid of areas with bent borders; one holds an enclave, one has a second part at the far corner."""
    west, south = draw(origins)
    at = {(c, r): (west + c * STEP + draw(shifts), south + r * STEP + draw(shifts)) for c, r in CORNERS}
    bends: dict[frozenset[Vertex], float] = {}

    def line(a: Vertex, b: Vertex) -> list[Vertex]:
        bend = bends.setdefault(frozenset((a, b)), draw(shifts))
        return [a, *detours(a, b, bend)]

    areas: dict[str, Area] = {}
    for column, row in itertools.product(range(SIZE), range(SIZE)):
        around = [at[column + dc, row + dr] for dc, dr in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        ring = [vertex for a, b in itertools.pairwise(around) for vertex in line(a, b)]
        areas[f"{column}{row}"] = Area(f"{column}{row}", [[*ring, ring[0]]])
    enclave = square(west + 1.5 * STEP, south + 1.5 * STEP, STEP / 16)
    areas["11"].rings.append(enclave)
    areas["inside"] = Area("inside", [enclave])
    areas["00"].rings.extend(areas.pop("22").rings)
    return areas


@st.composite
def points(draw: st.DrawFn, areas: dict[str, Area]) -> list[tuple[float, float]]:
    """Vertices, middles of edges, points a hair beside them, and points anywhere."""
    vertices = sorted({vertex for area in areas.values() for ring in area.rings for vertex in ring})
    lons, lats = zip(*vertices, strict=True)
    hair = st.sampled_from([0.0, 0.0, 1e-6, -1e-6, 1e-12, -1e-12])
    near = st.builds(lambda vertex, dx, dy: (vertex[1] + dy, vertex[0] + dx), st.sampled_from(vertices), hair, hair)
    anywhere = st.tuples(st.floats(min(lats) - STEP, max(lats) + STEP), st.floats(min(lons) - STEP, max(lons) + STEP))
    return draw(st.lists(near | anywhere, min_size=20, max_size=40))


def grid_areas(areas: dict[str, Area]) -> dict[str, Area]:
    """The areas after the pack's grid has rounded them, as exact binary fractions."""
    return {
        code: Area(
            code,
            [[(x / 2**LOSSLESS_BITS, y / 2**LOSSLESS_BITS) for x, y in on_grid(r, LOSSLESS_BITS)] for r in area.rings],
        )
        for code, area in areas.items()
    }


def rounded(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    scale = 2**LOSSLESS_BITS
    return ((round(lat * scale) / scale, round(lon * scale) / scale) for lat, lon in points)


def test_every_point_of_any_map_has_the_area_of_the_border_rule() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(st.data())
    def holds_on(data: st.DataObject) -> None:
        areas = data.draw(maps())
        locate = area_or_none(load_pack(compile_areas(list(areas.values())).pack))
        exact = grid_areas(areas)
        for lat, lon in rounded(data.draw(points(areas))):
            wanted = area_of(exact, sorted(exact), lat, lon)
            assert locate(lat, lon) == wanted, (lat, lon)
            on_border = any(on_edge(area.rings, lat, lon) for area in exact.values())
            met["outside" if wanted is None else "border" if on_border else "inside"] += 1

    holds_on()
    assert min(met["outside"], met["border"], met["inside"]) >= 100, met


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(maps(), st.randoms())
def test_bytes_of_a_pack_do_not_depend_on_the_order_of_the_file(areas: dict[str, Area], chance: random.Random) -> None:
    in_order, shuffled = list(areas.values()), list(areas.values())
    chance.shuffle(shuffled)
    assert compile_areas(shuffled).pack == compile_areas(in_order).pack


@given(maps())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_polygon_survives_its_serialisation(areas: dict[str, Area]) -> None:
    for area in areas.values():
        polygon = build_polygon([on_grid(ring, LOSSLESS_BITS) for ring in area.rings])
        assert decode(encode(polygon)) == polygon
