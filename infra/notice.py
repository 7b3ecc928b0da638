"""The notice on the site: one small file that a command writes, so that it can be said even while no function runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.store import keys
from chalicelib.store.objects import Objects

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

KEY = "data/notice.json"
CACHE = "public, max-age=60"
"""As long as the functions may go by what they read of the switch."""

LONGEST = 500
"""Characters of a notice; the schema says the same."""


def publish(
    s3: S3Client,
    bucket: str,
    *,
    closed: bool,
    since: datetime | None,
    until: datetime | None,
    words: Mapping[str, str],
) -> dict[str, object]:
    """Write the notice over the last one and return what it says."""
    body: dict[str, object] = {
        "intake": "closed" if closed else "open",
        "since": None if since is None else keys.instant(since),
        "until": None if until is None else keys.instant(until),
        "notice": dict(words),
    }
    written = json.dumps(body, ensure_ascii=False).encode()
    Objects(s3, bucket).put(KEY, written, "application/json", CACHE)
    return body


def read(s3: S3Client, bucket: str) -> dict[str, object] | None:
    """Return what the notice says, None where none was ever written."""
    held = Objects(s3, bucket).get(KEY)
    if held is None:
        return None
    body: dict[str, object] = json.loads(held)
    return body
