"""The Chalice application: routes by audience and the event functions, nothing else.

Event functions are declared here, not in a blueprint: Lambda imports only the module of the handler it runs,
and each imports its code inside, so that no function pays at its start for what only another one needs.
"""

import os
from typing import Any, cast

from chalice.app import Chalice, CognitoUserPoolAuthorizer, DynamoDBEvent, Request, Response, SNSEvent, SQSEvent

from chalicelib.container import container
from chalicelib.domain.roles import LOGIN_SCOPES
from chalicelib.events.invoked import invoked
from chalicelib.http.routes import METHODS, ROUTES, needs_login

# Powertools configures the logs; two configurations would write every line twice.
app = Chalice("czujka", configure_logs=False)


def answer(**_path: str) -> Response:
    """Answer any request of the route table."""
    from chalicelib.http.dispatch import answer

    return answer(cast("Request", app.current_request).to_original_event(), container())


# Nor has the pool of officers' logins.
POOL = "arn:aws:cognito-idp:eu-central-1:000000000000:userpool/placeholder"
officers = CognitoUserPoolAuthorizer("officers", provider_arns=[POOL], scopes=list(LOGIN_SCOPES))

for path in ROUTES:
    # Content types are judged with everything else in the body: Chalice would refuse them in a form of its own.
    if needs_login(path):
        app.route(path, methods=METHODS, content_types=[], authorizer=officers)(answer)
    else:
        app.route(path, methods=METHODS, content_types=[])(answer)

# Lambda runs a function's start on a whole processor and its requests on a share of one: what the API needs is imported
# at its start, and nowhere else.
if os.environ.get("_HANDLER") == "app.app":
    from chalicelib.http.dispatch import preload

    preload()

# A stream has no ARN before the stack exists; the merged template puts the real one here.
STREAM = "arn:aws:dynamodb:eu-central-1:000000000000:table/main/stream/placeholder"


@app.on_dynamodb_record(stream_arn=STREAM, name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Deliver the alerts of new reports, and letters to citizens."""
    from chalicelib.events.relay import handle

    return invoked("relay", handle, event.to_dict())


# Nor has a queue.
QUEUE = "arn:aws:sqs:eu-central-1:000000000000:placeholder"


@app.on_sqs_message(queue_arn=QUEUE, name="photos")
def photos(event: SQSEvent) -> dict[str, Any]:
    """Make clean copies of the photos that have arrived."""
    from chalicelib.events.photos import handle

    return invoked("photos", handle, event.to_dict())


# Nor has a topic.
TOPIC = "arn:aws:sns:eu-central-1:000000000000:placeholder"


@app.on_sns_message(topic=TOPIC, name="bounces")
def bounces(event: SNSEvent) -> dict[str, Any]:
    """Take note of mails that came back."""
    from chalicelib.events.bounces import handle

    return invoked("bounces", handle, event.to_dict())


@app.lambda_function(name="sweeper")
def sweeper(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Deliver what the relay left behind."""
    from chalicelib.events.sweeper import handle

    return invoked("sweeper", handle, event)


@app.lambda_function(name="bulletins")
def bulletins(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Mail to units what has come together in a quarter of an hour."""
    from chalicelib.events.bulletins import handle

    return invoked("bulletins", handle, event)


@app.lambda_function(name="escalation")
def escalation(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell those above of overdue cases."""
    from chalicelib.events.escalation import handle

    return invoked("escalation", handle, event)


@app.lambda_function(name="plans")
def plans(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Mail the week's patrol plans to units."""
    from chalicelib.events.plans import handle

    return invoked("plans", handle, event)


@app.lambda_function(name="nightly")
def nightly(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Purge, fold and publish the day that ended."""
    from chalicelib.events.nightly import handle

    return invoked("nightly", handle, event)


@app.lambda_function(name="publish")
def publish(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Publish the newest points."""
    from chalicelib.events.publish import handle

    return invoked("publish", handle, event)


@app.lambda_function(name="digest")
def digest(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Mail to subscribers what has changed."""
    from chalicelib.events.digest import handle

    return invoked("digest", handle, event)
