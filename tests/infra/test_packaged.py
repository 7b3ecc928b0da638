"""What is deployed, as it is deployed: each handler from the unpacked zip alone, in a clean interpreter."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.build import Package
from infra.build.template import FUNCTION
from tests.http.gateway import event as request

pytestmark = pytest.mark.package

SMOKE = Path(__file__).with_name("smoke.py")
# A port on which nothing listens: whoever reaches it has everything that he imports.
NOWHERE = "http://127.0.0.1:9"
ENVIRONMENT = {
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "MAIN_TABLE": "main",
    "QUOTA_TABLE": "quota",
    "SITE_BUCKET": "site",
    "WORK_BUCKET": "work",
    "QUARANTINE_BUCKET": "quarantine",
    "PHOTO_BUCKET": "photos",
    "SECRETS_PARAM": "/czujka/smoke/secrets",
    "TOPIC_PREFIX": "arn:aws:sns:eu-central-1:000000000000:alerts-",
    "MAIL_SENDER": "czujka@czujka.example",
    "FALLBACK_ADDRESS": "dyzurny@police.example",
    "OFFICER_POOL": "eu-central-1_Officers",
    "OFFICER_CLIENT": "console",
    "SITE_URL": "https://czujka.example",
}
OUTBOX_RECORD = {
    "eventID": "1",
    "eventName": "INSERT",
    "eventSource": "aws:dynamodb",
    "eventSourceARN": "arn:aws:dynamodb:eu-central-1:000000000000:table/main/stream/1",
    "dynamodb": {
        "Keys": {"PK": {"S": "O#0"}, "SK": {"S": "2026-11-22T12:00:00.000Z#R#1"}},
        "SequenceNumber": "100",
        "StreamViewType": "KEYS_ONLY",
    },
}
BOUNCED = {
    "eventType": "Bounce",
    "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "gone@police.example"}]},
    "mail": {"messageId": "m", "tags": {"unit": ["KSP"]}},
}
BOUNCE = {"EventSource": "aws:sns", "Sns": {"Subject": None, "MessageAttributes": {}, "Message": json.dumps(BOUNCED)}}
ARRIVAL = {
    "messageId": "1",
    "body": json.dumps({"Records": [{"s3": {"object": {"key": f"incoming/{'0' * 21}/1-{'0' * 16}"}}}]}),
    "receiptHandle": "1",
    "attributes": {},
}


def handlers(package: Package) -> dict[str, dict[str, Any]]:
    resources = json.loads(package.app_template.read_text("utf-8"))["Resources"]
    return {name: entry["Properties"] for name, entry in resources.items() if entry["Type"] == FUNCTION}


def fire(folders: list[Path], handler: str, event: dict[str, Any]) -> dict[str, Any]:
    environment = ENVIRONMENT | {"_HANDLER": handler}
    command = [sys.executable, "-I", "-S", "-B", str(SMOKE), ":".join(map(str, folders)), handler, json.dumps(event)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return outcome


@pytest.fixture(scope="module")
def roots(local_package: Package, unpacked: dict[str, Path]) -> dict[str, list[Path]]:
    """The import path of each function: the zip, and the layers that the template gives it."""
    return {
        name: [unpacked["code"], *(unpacked[layer["Ref"].lower()] for layer in properties.get("Layers", []))]
        for name, properties in handlers(local_package).items()
    }


def test_the_api_answers_a_request(local_package: Package, roots: dict[str, list[Path]]) -> None:
    handler = handlers(local_package)["APIHandler"]["Handler"]
    outcome = fire(roots["APIHandler"], handler, request("GET", "/v1/catalogue"))
    assert outcome["answer"]["statusCode"] == 200
    assert len(json.loads(outcome["answer"]["body"])["categories"]) > 20
    assert outcome["foreign"] == []


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("Relay", {"Records": [OUTBOX_RECORD]}),
        ("Sweeper", {}),
        ("Bulletins", {}),
        ("Plans", {}),
        ("Bounces", {"Records": [BOUNCE]}),
        ("Publish", {}),
        ("Nightly", {"day": "2026-11-22"}),
    ],
)
def test_an_event_function_comes_as_far_as_the_network(
    name: str, event: dict[str, Any], local_package: Package, roots: dict[str, list[Path]]
) -> None:
    outcome = fire(roots[name], handlers(local_package)[name]["Handler"], event)
    assert NOWHERE in outcome["text"]
    assert outcome["foreign"] == []


def test_the_digest_says_that_the_store_does_not_answer(local_package: Package, roots: dict[str, list[Path]]) -> None:
    outcome = fire(roots["Digest"], handlers(local_package)["Digest"]["Handler"], {})
    assert "Unavailable" in outcome["raised"]
    assert outcome["foreign"] == []


def test_escalation_says_that_no_unit_could_be_asked(local_package: Package, roots: dict[str, list[Path]]) -> None:
    outcome = fire(roots["Escalation"], handlers(local_package)["Escalation"]["Handler"], {})
    assert outcome["answer"]["escalation_failed"] > 300
    assert outcome["foreign"] == []


def test_every_handler_was_fired(local_package: Package) -> None:
    assert set(handlers(local_package)) == {
        *("APIHandler", "Bounces", "Bulletins", "Digest", "Escalation", "Nightly"),
        *("Photos", "Plans", "Publish", "Relay", "Sweeper"),
    }


def test_the_photos_function_comes_as_far_as_the_network_and_hands_the_message_back(
    local_package: Package, roots: dict[str, list[Path]]
) -> None:
    outcome = fire(roots["Photos"], handlers(local_package)["Photos"]["Handler"], {"Records": [ARRIVAL]})
    assert outcome["answer"] == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert outcome["foreign"] == []


@pytest.mark.parametrize(("name", "event"), [("Nightly", {}), ("Photos", {"Records": []})])
def test_a_function_with_a_layer_needs_it(
    name: str, event: dict[str, Any], local_package: Package, unpacked: dict[str, Path]
) -> None:
    outcome = fire([unpacked["code"]], handlers(local_package)[name]["Handler"], event)
    assert "ModuleNotFoundError" in outcome["raised"]
