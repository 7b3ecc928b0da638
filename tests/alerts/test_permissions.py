"""Mail or topic forbidden to the function: the alert waits, and goes out once it is allowed again."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any, Literal

import boto3
import pytest
from botocore.config import Config

from chalicelib.container import Container, _Resources
from tests.alerts.world import World

_numbers = count(1)


@pytest.fixture
def allow(world: World) -> Iterator[Any]:
    """Let topic and mail be used by a user of its own, and return the function that says what it may do."""
    iam = world.post.stack.client("iam")
    user = f"alerts-{next(_numbers)}"
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=world.post.stack.access.region)
    config = Config(retries={"total_max_attempts": 1})
    resources = _Resources(world.post.stack.settings())
    clients: tuple[tuple[str, Literal["sns", "sesv2"]], ...] = (("sns", "sns"), ("ses", "sesv2"))
    for name, service in clients:
        resources.__dict__[name] = session.client(service, endpoint_url=world.post.stack.access.endpoint, config=config)
    world.container = Container(world.container.settings, lambda: world.now, resources)

    def say(*actions: str, denied: str = "none:None") -> None:
        statements = [
            {"Effect": "Allow", "Action": list(actions), "Resource": "*"},
            {"Effect": "Deny", "Action": denied, "Resource": "*"},
        ]
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=document)

    yield say
    iam.delete_user_policy(UserName=user, PolicyName="all")
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=user)


def test_mail_forbidden_then_allowed_again_goes_out_once(world: World, allow: Any) -> None:
    allow("sns:Publish")
    world.relay(world.report())
    (alert,) = world.waiting()
    assert (alert.last_error, alert.published) == ("SendEmail:AccessDeniedException", True)
    assert world.mails() == []
    allow("sns:Publish", "ses:SendEmail")
    world.wait(minutes=5)
    assert world.sweep()["alerts_delivered"] == 1
    assert (len(world.messages()), len(world.mails())) == (1, 1)


def test_topic_forbidden_then_allowed_again_is_told_once_and_the_mail_waits_for_it(world: World, allow: Any) -> None:
    # Leaving sns:Publish out would not do: a topic's default policy lets in everybody of its own account.
    allow("sns:Publish", "ses:SendEmail", denied="sns:Publish")
    world.relay(world.report())
    (alert,) = world.waiting()
    assert (alert.last_error, alert.published) == ("Publish:AuthorizationError", False)
    assert world.mails() == []
    allow("sns:Publish", "ses:SendEmail")
    world.wait(minutes=5)
    assert world.sweep()["alerts_delivered"] == 1
    assert (len(world.messages()), len(world.mails())) == (1, 1)
