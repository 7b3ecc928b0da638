"""A stage whose traces are exported: one trace from the click to the mail, through deployed functions."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.e2e.citizen import BIALYSTOK, URGENT, enrol, mails_about, wait_for
from tests.support.collector import Collector, collecting
from tests.support.whole import Whole, whole
from tests.tracing.conftest import click

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PATH = {"POST /v1/reports", "DynamoDB.TransactWriteItems", "alert", "SNS.Publish", "SESv2.SendEmail"}


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Whole, Collector]]:
    work: Path = tmp_path_factory.mktemp("traced")
    with collecting() as collector, whole(work, Traces="otlp", TracesTo=collector.address) as stack:
        yield stack, collector


def test_one_trace_goes_from_the_click_to_the_mail(traced: tuple[Whole, Collector]) -> None:
    stack, collector = traced
    above = click()
    headers = {"Device-Token": enrol(stack), "Idempotency-Key": str(uuid4()), "Traceparent": above.header}
    report = {"category": URGENT, **BIALYSTOK, "description": "Kanarek ściga się z czyżykiem."}
    filed = stack.call("POST", "/v1/reports", report, headers)
    assert filed.status == 201, filed.body
    assert wait_for(lambda: mails_about(stack, filed.json["id"]))

    def spans() -> set[str]:
        return {span.name for span in collector.spans if span.trace_id.hex() == above.trace_id}

    wait_for(lambda: spans() >= PATH)
    assert spans() >= PATH
    told = b"".join(span.SerializeToString() for span in collector.spans)
    secrets = ("Kanarek", filed.json["id"], filed.json["receipt"], "53.13", "23.16", "dyzurny")
    assert not [secret for secret in secrets if secret.encode() in told]
