"""Schemathesis asks the deployed API what its description allows and forbids: no 5xx, no undocumented answer."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.http.open311.answer import PREFIX
from chalicelib.http.openapi import document
from tests.e2e.citizen import enrol
from tests.support.thorough import tries
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = tries(25)
"""Requests for each operation and kind; Schemathesis tries the borders of every schema among the first."""

DOCUMENT = document("1.0.0", "http://127.0.0.1")
OPERATIONS = sorted((method, path) for path, methods in DOCUMENT["paths"].items() for method in methods)


def can_be_wrong(operation: dict[str, Any]) -> bool:
    """Tell whether the description leaves room for a wrong request: any text is a good path."""
    return "requestBody" in operation or any(each["in"] != "path" for each in operation["parameters"])


TAKING = [
    (method, path)
    for method, path in OPERATIONS
    # Clients of Open311 send what other servers know: an empty or unknown argument is let be there.
    if can_be_wrong(DOCUMENT["paths"][path][method]) and not path.startswith(PREFIX)
]


@pytest.fixture(scope="module")
def devices(stack: Whole) -> Iterator[str]:
    """Devices that have not reported today, one after the other; all of them may be used again."""
    return itertools.cycle([enrol(stack) for _ in range(8)])


@pytest.fixture(scope="module")
def api(stack: Whole) -> Any:
    """The description as the deployed API serves it; what it forbids may also be too large to be read at all."""
    api = schemathesis.openapi.from_dict(stack.call("GET", "/v1/openapi.json").json)
    rejection = api.config.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "413"]
    return api


def ask(api: Any, stack: Whole, devices: Iterator[str], method: str, path: str, mode: GenerationMode) -> Counter[int]:
    """Send what the schema allows or forbids; return how often each status came."""
    met: Counter[int] = Counter()
    session = requests.Session()
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def converse(case: Any) -> None:
        if any("header" in each for each in DOCUMENT["paths"][path][method].get("security", [])):
            # Otherwise nothing would get past the device.
            case.headers = {**(case.headers or {}), "Device-Token": next(devices)}
        answer = case.call(base_url=stack.base_url, session=session)
        met[answer.status_code] += 1
        case.validate_response(answer, checks=checks)

    converse()
    return met


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: value)
def test_what_the_description_allows_gets_a_described_answer(
    api: Any, stack: Whole, devices: Iterator[str], method: str, path: str
) -> None:
    met = ask(api, stack, devices, method, path, GenerationMode.POSITIVE)
    assert sum(met.values()) >= 1
    assert max(met) < 500


@pytest.mark.parametrize(("method", "path"), TAKING, ids=lambda value: value)
def test_what_the_description_forbids_is_refused_as_described(
    api: Any, stack: Whole, devices: Iterator[str], method: str, path: str
) -> None:
    met = ask(api, stack, devices, method, path, GenerationMode.NEGATIVE)
    assert sum(met.values()) >= EXAMPLES // 2
    assert {400, 401, 403, 404, 405, 413, 415, 422} >= met.keys(), met
