"""What is wrong with a request is said field by field, all of it at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.http.world import NOON, World, draft, errors

EARLIER = "2026-06-09T20:15:00+02:00"
PATTERN = {"days": [5, 6], "parts": ["evening", "night"]}

FAULTS: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"category": None}, {("category", "missing")}),
    ({"category": 7}, {("category", "wrong_type")}),
    ({"category": "aliens"}, {("category", "unknown_category")}),
    ({"lat": None}, {("lat", "missing")}),
    ({"lat": "52.1"}, {("lat", "wrong_type")}),
    ({"lat": True}, {("lat", "wrong_type")}),
    ({"lat": 90.01}, {("lat", "out_of_range")}),
    ({"lat": -90.01}, {("lat", "out_of_range")}),
    ({"lon": 180.01}, {("lon", "out_of_range")}),
    ({"lat": 10**400}, {("lat", "out_of_range")}),
    ({"lat": float("nan")}, {("lat", "out_of_range")}),
    ({"lon": float("-inf")}, {("lon", "out_of_range")}),
    ({"occurred_at": "yesterday"}, {("occurred_at", "not_a_time")}),
    ({"occurred_at": "2026-06-09T20:15:00"}, {("occurred_at", "not_a_time")}),
    ({"occurred_at": "2026-02-30T20:15:00Z"}, {("occurred_at", "not_a_time")}),
    ({"occurred_at": "1749489300"}, {("occurred_at", "not_a_time")}),
    ({"occurred_at": 1749489300}, {("occurred_at", "wrong_type")}),
    ({"occurred_at": (NOON - timedelta(days=30, seconds=1)).isoformat()}, {("occurred_at", "too_old")}),
    ({"occurred_at": (NOON + timedelta(minutes=5, seconds=1)).isoformat()}, {("occurred_at", "in_the_future")}),
    ({"occurred_at": "0001-01-01T00:00:00+14:00"}, {("occurred_at", "too_old")}),
    ({"occurred_at": "9999-12-31T23:59:59-14:00"}, {("occurred_at", "in_the_future")}),
    ({"pattern": {}}, {("pattern.days", "missing"), ("pattern.parts", "missing")}),
    ({"pattern": []}, {("pattern", "wrong_type")}),
    ({"pattern": {**PATTERN, "days": []}}, {("pattern.days", "empty")}),
    ({"pattern": {**PATTERN, "days": [1, 1]}}, {("pattern.days", "repeated")}),
    (
        {"pattern": {**PATTERN, "days": [0, 8]}},
        {("pattern.days.0", "out_of_range"), ("pattern.days.1", "out_of_range")},
    ),
    ({"pattern": {**PATTERN, "days": [1.5]}}, {("pattern.days.0", "wrong_type")}),
    ({"pattern": {**PATTERN, "days": list(range(8))}}, {("pattern.days", "too_many")}),
    ({"pattern": {**PATTERN, "parts": ["dawn"]}}, {("pattern.parts.0", "unknown_value")}),
    ({"pattern": {**PATTERN, "season": 1}}, {("pattern.season", "unknown_field")}),
    ({"pattern": PATTERN, "occurred_at": EARLIER}, {("pattern", "exclusive")}),
    ({"description": 5}, {("description", "wrong_type")}),
    ({"description": "x" * 501}, {("description", "too_long")}),
    ({"description": "a\u202eb"}, {("description", "control_character")}),
    ({"category": "dangerous_venue"}, {("description", "description_required")}),
    ({"category": "dangerous_venue", "description": " \u200b "}, {("description", "description_required")}),
    ({"acknowledge": "abc"}, {("acknowledge", "wrong_type")}),
    ({"acknowledge": ["ABC"]}, {("acknowledge.0", "mistyped")}),
    ({"acknowledge": ["0" * 21] * 21}, {("acknowledge", "too_many")}),
    ({"proof": {}}, {("proof", "wrong_type")}),
    ({"proof": "x" * 4097}, {("proof", "too_long")}),
    ({"status": "confirmed"}, {("status", "unknown_field")}),
    (
        {"category": "drowning", "description": "x" * 501},
        {("category", "category_withdrawn"), ("description", "too_long")},
    ),
    (
        {"category": "aliens", "lat": 91, "lon": None, "description": "\x00", "tier": 2},
        {
            ("category", "unknown_category"),
            ("lat", "out_of_range"),
            ("lon", "missing"),
            ("description", "control_character"),
            ("tier", "unknown_field"),
        },
    ),
]

SOUND: list[dict[str, Any]] = [
    {"occurred_at": EARLIER},
    {"occurred_at": (NOON - timedelta(days=30)).isoformat()},
    {"occurred_at": (NOON + timedelta(minutes=5)).isoformat()},
    {"occurred_at": "2026-06-09t20:15:00.123456789z"},
    {"pattern": PATTERN},
    {"description": "x" * 500},
    {"description": "😀" * 500},
    {"description": "za\u0307" * 250},
    {"category": "dangerous_venue", "description": "głośno"},
    {"acknowledge": ["0" * 21] * 20, "proof": "x" * 4096},
    {"acknowledge": [], "description": ""},
    {"lat": 52},
]


@pytest.mark.parametrize(("changes", "expected"), FAULTS)
def test_R01_every_fault_is_named(world: World, changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    answer = world.citizen().file(**changes)
    assert (answer.status, answer.body["code"]) == (422, "invalid")
    assert errors(answer) == expected
    assert all(error["message"] for error in answer.body["errors"])


@pytest.mark.parametrize("changes", SOUND)
def test_R05_what_is_within_the_limits_is_accepted(world: World, changes: dict[str, Any]) -> None:
    assert world.citizen().file(**changes).status == 201


@pytest.mark.parametrize("optional", ["occurred_at", "pattern", "description", "acknowledge", "proof"])
def test_R07_null_is_as_good_as_absent(world: World, optional: str) -> None:
    citizen = world.citizen()
    body = {**draft(), optional: None}
    assert citizen.call("POST", "/v1/reports", body, Idempotency_Key=str(uuid4())).status == 201


@pytest.mark.parametrize(("key", "code"), [(None, "missing"), ("", "not_a_uuid"), ("1234", "not_a_uuid")])
def test_the_idempotency_key_must_be_a_uuid(world: World, key: str | None, code: str) -> None:
    headers = {} if key is None else {"Idempotency_Key": key}
    answer = world.citizen().call("POST", "/v1/reports", draft(), **headers)
    assert errors(answer) == {("Idempotency-Key", code)}


def test_a_body_of_noise_is_told_of_some_faults_only(world: World) -> None:
    noise: dict[str, Any] = {f"field{number}": number for number in range(500)}
    answer = world.citizen().file(**noise)
    assert len(answer.body["errors"]) == 50


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {("lat", "missing"), ("lon", "missing")}),
        ("lat=52&lon=21&lat=53", {("lat", "repeated")}),
        ("lat=52&lon=", {("lon", "wrong_type")}),
        ("lat=nan&lon=inf", {("lat", "wrong_type"), ("lon", "wrong_type")}),
        ("lat=1e1&lon=2_1", {("lat", "wrong_type"), ("lon", "wrong_type")}),
        ("lat=91&lon=-181", {("lat", "out_of_range"), ("lon", "out_of_range")}),
        ("lat=52&lon=21&radius_m=2001", {("radius_m", "out_of_range")}),
        ("lat=52&lon=21&radius_m=0", {("radius_m", "out_of_range")}),
        ("lat=52&lon=21&category=aliens", {("category", "unknown_category")}),
        ("lat=52&lon=21&category=a&category=b", {("category", "repeated")}),
        (f"lat=52&lon=21&category={'x' * 65}", {("category", "too_long")}),
        ("lat=52&lon=21&page=2", {("page", "unknown_field")}),
    ],
)
def test_M02_every_faulty_query_parameter_is_named(world: World, query: str, expected: set[tuple[str, str]]) -> None:
    answer = world.stranger().call("GET", f"/v1/reports?{query}")
    assert answer.status == 422
    assert errors(answer) == expected
