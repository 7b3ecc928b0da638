"""Whatever is sent, the answer is in form and never a fault of ours."""

import json
from collections import Counter
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.http.open311.answer import PREFIX
from chalicelib.http.routes import METHODS, ROUTES
from tests.http.gateway import Answer, event, send
from tests.http.world import NOON, Citizen, World, draft
from tests.support.thorough import least, tries

EXAMPLES = settings(
    max_examples=tries(150),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TEXT = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PATTERNS = st.fixed_dictionaries({"days": st.lists(st.integers(-1, 9)) | JSON, "parts": st.lists(TEXT) | JSON})
TIMES = st.datetimes().map(str) | st.datetimes().map(lambda time: f"{time.isoformat()}+14:00") | TEXT
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(["illegal_dump", "drug_use", "dangerous_venue", "drowning"]) | JSON,
        "lat": st.floats(52.0, 52.5) | st.floats() | st.integers() | JSON,
        "lon": st.floats(20.6, 22.0) | st.floats() | st.integers() | JSON,
        "occurred_at": TIMES | JSON,
        "pattern": PATTERNS | JSON,
        "description": TEXT | st.text(min_size=490, max_size=510) | JSON,
        "acknowledge": st.lists(TEXT) | JSON,
        "proof": JSON,
        "extra": JSON,
    },
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Accept-Language", "Accept", "Content-Type", "Device-Token", "Cookie", "Idempotency-Key", "Receipt", "X-Any"]
    ),
    TEXT | st.just("application/json"),
)


def assert_in_form(answer: Answer, path: str = "") -> None:
    assert answer.status < 500, answer.text
    if path.startswith(PREFIX):
        # The errors of that standard: tests/open311.
        assert answer.headers["content-type"] in {"application/json", "text/xml; charset=utf-8"}
        return
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "code", "detail"} <= answer.body.keys()
        assert answer.body["status"] == answer.status


def test_any_report_is_accepted_or_told_its_faults(world: World) -> None:
    met: Counter[int] = Counter()

    @EXAMPLES
    @given(body=BODIES)
    def file(body: dict[str, Any]) -> None:
        sent = body if "extra" in body else {**draft(), **body}
        answer = world.citizen().call("POST", "/v1/reports", json.dumps(sent), Idempotency_Key=str(uuid4()))
        assert_in_form(answer)
        assert ("code" in answer.body) == (answer.status != 201)
        met[answer.status] += 1

    file()
    assert met.keys() <= {201, 400, 422}
    assert min(met[201], met[422]) >= least(5), met


@EXAMPLES
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(sorted(ROUTES)) | TEXT.map(lambda text: f"/v1/reports/{text}"),
    query=st.dictionaries(st.sampled_from(["lat", "lon", "radius_m", "category", "q"]), st.lists(TEXT, max_size=2)),
    headers=HEADERS,
    body=st.none() | TEXT | st.binary(max_size=40) | JSON.map(json.dumps),
)
def test_any_request_gets_an_answer_in_form(
    world: World, method: str, path: str, query: dict[str, list[str]], headers: dict[str, str], body: str | bytes | None
) -> None:
    assert world.clock() == NOON
    request = event(method, path.partition("?")[0].partition("#")[0], headers=headers, body=body)
    answer = send({**request, "multiValueQueryStringParameters": query or None})
    if method == "HEAD":
        assert answer.status < 500
    else:
        assert_in_form(answer, path)


@EXAMPLES
@given(raw=st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_read_or_refused(world: World, raw: bytes | str) -> None:
    citizen = Citizen(world.clock, token=world.box.secrets.new_device().token)
    assert_in_form(citizen.call("POST", "/v1/reports", raw, Idempotency_Key=str(uuid4())))
    assert_in_form(citizen.call("POST", "/v1/challenge", raw))
