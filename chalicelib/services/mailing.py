"""Handing mails to SES, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formataddr
from http import HTTPStatus
from typing import Any, Protocol

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

SENDER_NAME = "Czujka"


class Rendered(Protocol):
    """A mail with its two parts; `headers` are ASCII."""

    @property
    def subject(self) -> str:
        """One line."""

    @property
    def text(self) -> str:
        """The plain part."""

    @property
    def html(self) -> str:
        """The HTML part, which says the same."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Further headers."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """Sends mails; `ses` is a client of SES version 2 that tries once."""

    ses: Any
    sender: str

    def send(self, addresses: Sequence[str], mail: Rendered, **tags: str) -> None:
        """Hand one mail to SES; whatever that raises goes through.

        All addresses get the one mail: it is accepted or refused as a whole, never half. `tags` come back with a
        bounce; their values are ASCII letters, digits, ``_`` and ``-``.
        """
        self.ses.send_email(
            FromEmailAddress=formataddr((SENDER_NAME, self.sender)),
            Destination={"ToAddresses": list(addresses)},
            Content={
                "Simple": {
                    "Subject": _utf8(mail.subject),
                    "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
                    "Headers": [{"Name": name, "Value": value} for name, value in mail.headers.items()],
                }
            },
            **({"EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()]} if tags else {}),
        )


def is_unsent(error: Exception) -> bool:
    """Tell whether a failed call has certainly sent nothing: it was refused, or never arrived."""
    if isinstance(error, ClientError):
        # After a fault of its own the service may have taken the mail all the same.
        return int(error.response["ResponseMetadata"]["HTTPStatusCode"]) < HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, ConnectTimeoutError | EndpointConnectionError)


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
