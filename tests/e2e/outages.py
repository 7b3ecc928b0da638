"""What goes wrong around the deployed stack, and is put right again."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import uuid4

from chalicelib.clock import system_clock
from infra.local.deploy import APP_STACK, DATA_STACK, resources
from tests.e2e.citizen import URGENT, file_report
from tests.support.whole import Whole, send

LOMZA, SUWALKI = {"lat": 53.165, "lon": 22.0593}, {"lat": 54.09, "lon": 22.9308}
"""Places of two units of one garrison; only tests of outages file there."""

APART = 0.006
"""Degrees of latitude, some 670 m: reports that lie so far from each other are no surge."""

PASSED_BY = ("connection", "content-encoding", "content-length", "date", "server", "transfer-encoding")
"""Headers of an answer that are about the way it came."""


def file_urgent(stack: Whole, town: Mapping[str, float], number: int) -> str:
    """File a report that is mailed at once; each of a town has a number of its own."""
    place = {"lat": town["lat"] + APART * number, "lon": town["lon"]}
    filed = file_report(stack, place=place, category=URGENT)
    assert filed.status == 201, filed.body
    return str(filed.json["id"])


def sweep(stack: Whole, **later: float) -> dict[str, Any]:
    """Let the sweeper come round as if it were later."""
    now = system_clock() + timedelta(**later)
    return dict(stack.running.invoke("sweeper", {"now": now.isoformat()}))


@contextmanager
def subscribed(stack: Whole, garrison: str) -> Iterator[str]:
    """A queue that listens to the garrison's topic."""
    sqs, sns = stack.running.client("sqs"), stack.running.client("sns")
    queue = sqs.create_queue(QueueName=f"listener-{uuid4().hex}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**allow, "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    topic = stack.running.names["TOPIC_PREFIX"] + garrison
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    try:
        yield str(queue)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=queue)


def told(stack: Whole, queue: str) -> list[str]:
    """The reports of all messages that a listener got, one for each message; they are taken from the queue."""
    sqs = stack.running.client("sqs")
    reports = []
    while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
        for message in batch:
            reports.append(str(json.loads(json.loads(message["Body"])["Message"])["report"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return reports


@contextmanager
def without(stack: Whole, role: str, action: str) -> Iterator[None]:
    """Take one action away from a function's role."""
    iam, name = stack.running.client("iam"), resources(stack.running.access, APP_STACK)[role]
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    reduced = {
        **document,
        "Statement": [
            {**statement, "Action": [allowed for allowed in statement["Action"] if allowed != action] or ["none:None"]}
            for statement in document["Statement"]
        ],
    }
    assert reduced != document
    iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(reduced))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))


def mapping(stack: Whole) -> dict[str, Any]:
    """How the stream reaches the relay."""
    listed = stack.running.client("lambda").list_event_source_mappings(FunctionName=stack.running.functions["relay"])
    (found,) = listed["EventSourceMappings"]
    return dict(found)


@contextmanager
def stream_off(stack: Whole) -> Iterator[None]:
    """Keep the stream from the relay."""
    functions, held = stack.running.client("lambda"), mapping(stack)
    functions.update_event_source_mapping(UUID=held["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=held["UUID"], Enabled=True)


@contextmanager
def records_age_within(stack: Whole, seconds: int) -> Iterator[None]:
    """Let the stream give a record up that the relay has not taken within so many seconds."""
    functions, held = stack.running.client("lambda"), mapping(stack)
    functions.update_event_source_mapping(UUID=held["UUID"], MaximumRecordAgeInSeconds=seconds)
    try:
        yield
    finally:
        age = held["MaximumRecordAgeInSeconds"]
        functions.update_event_source_mapping(UUID=held["UUID"], MaximumRecordAgeInSeconds=age)


def failures(stack: Whole) -> str:
    """The queue of what was given up."""
    return resources(stack.running.access, DATA_STACK)["Failures"]


class Mode(StrEnum):
    """How a mail service is."""

    WELL = "well"
    THROTTLED = "throttled"
    BROKEN = "broken"
    SILENT = "silent"
    """It takes the request and never answers."""


class MailService:
    """Stands between the functions and the emulator's SES, and behaves as `mode` says."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.mode = Mode.WELL
        self.asked: list[Mode] = []
        self.hung_up = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(service.mode)
                if service.mode is Mode.SILENT:
                    self.connection.settimeout(60)
                    # Nothing more is said: the other side has gone.
                    service.hung_up += self.connection.recv(1) == b""
                    self.close_connection = True
                elif service.mode is Mode.WELL:
                    answer = send("POST", service.endpoint + self.path, body, dict(self.headers.items()))
                    self.answer(answer.status, answer.headers.items(), answer.body)
                else:
                    status = 429 if service.mode is Mode.THROTTLED else 503
                    code = "TooManyRequestsException" if service.mode is Mode.THROTTLED else "ServiceUnavailable"
                    self.answer(status, [("x-amzn-errortype", code)], b'{"message":"Not now"}')

            def answer(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in PASSED_BY:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Write nothing: what is asked is counted."""

        return Handler


@contextmanager
def configured(stack: Whole, function: str, variables: Mapping[str, str], timeout: int | None = None) -> Iterator[None]:
    """Deploy a function with further environment variables, and another time limit in seconds."""
    functions, name = stack.running.client("lambda"), stack.running.functions[function]
    held = functions.get_function_configuration(FunctionName=name)

    def configure(seconds: int, environment: dict[str, str]) -> None:
        functions.update_function_configuration(
            FunctionName=name, Timeout=seconds, Environment={"Variables": environment}
        )
        functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})

    before = held["Environment"]["Variables"]
    configure(timeout or held["Timeout"], {**before, **variables})
    try:
        yield
    finally:
        configure(held["Timeout"], before)


@contextmanager
def mail_service(stack: Whole, *, relay_timeout: int) -> Iterator[MailService]:
    """Let relay and sweeper mail through a service of which the test says how it is."""
    with MailService(stack.running.endpoint) as service, ExitStack() as undone:
        variables = {"AWS_ENDPOINT_URL_SESV2": service.url}
        undone.enter_context(configured(stack, "relay", variables, relay_timeout))
        undone.enter_context(configured(stack, "sweeper", variables))
        yield service
