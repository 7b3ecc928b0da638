"""What MiniStack does otherwise than AWS and this project depends on, put right inside its process.

Each entry stands here only until MiniStack does the same; `docs/adr/0002` lists the gaps that stay.
"""

# ruff: noqa: SLF001 - MiniStack has no public way to these

import json
from email.utils import parseaddr

from ministack.core import iam_actions
from ministack.services import ses

SEND = ("POST", "/v2/email/outbound-emails")


def close_gaps() -> None:
    """Put the corrections in place; before the first request."""
    original = iam_actions._ses_v2_resource_arn

    def resource(method: str, path: str, body: bytes, region: str, account: str) -> str:
        """AWS allows SendEmail on the sending identity (MiniStack: on `*` alone)."""
        if (method, path.rstrip("/")) != SEND:
            return str(original(method, path, body, region, account))
        return f"arn:aws:ses:{region}:{account}:identity/{sending_identity(body)}"

    iam_actions._ses_v2_resource_arn = resource


def sending_identity(body: bytes) -> str:
    """The identity that a SendEmail request uses: the address where that is verified, else its domain."""
    try:
        sender = json.loads(body).get("FromEmailAddress", "")
    except (ValueError, AttributeError):
        return ""
    address = parseaddr(sender)[1]
    return address if address in ses._identities else address.rpartition("@")[2]
