"""What the store raises when it does not answer, refuses, or is not allowed to us."""

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

STORE_FAILURES = (PynamoDBException, BotoCoreError, ClientError)
"""None of these is the caller's fault: whoever asked may ask again."""


def code(failure: BaseException) -> str:
    """Return a failure's name: the service's own error code, or the class; never a message, which may hold data.

    PynamoDB's `cause_response_code` fails itself on a broken connection, where there was no response.
    """
    cause = failure.cause if isinstance(failure, PynamoDBException) and failure.cause else failure
    if isinstance(cause, ClientError):
        return str(cause.response.get("Error", {}).get("Code", "ClientError"))
    return type(cause).__name__
