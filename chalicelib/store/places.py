"""The places pack that is in force: read from the work bucket, kept in the process.

``places/current.json`` is a pointer ``{key, boundaries, origin, sha256, imported_at}`` to an immutable
``places/<sha256>.pack``. A newly imported pack is noticed within a minute, without a deployment.
"""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.place import PackDamaged, Places, load_pack
from chalicelib.store.objects import Objects

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

POINTER = "places/current.json"
RECHECK = timedelta(seconds=60)
RETRY_AFTER = 5
"""Seconds after which a client may try again while the pack cannot be read."""

_log = logging.getLogger(__name__)


def pack_key(digest: str) -> str:
    """Return the key of the pack with this SHA-256."""
    return f"places/{digest}.pack"


class PlacesPack:
    """Holds the pack in force; not for use by several threads at once."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._objects = Objects(s3, bucket)
        self._places: Places | None = None
        self._digest = ""
        self._checked: datetime | None = None

    def current(self, now: datetime) -> Places:
        """Return the pack, looking at the pointer again where the last look is a minute old.

        A pointer or pack that cannot be read leaves the earlier pack in force.

        Raises:
            Unavailable: there is no earlier one.
        """
        # A told clock may also run backwards; then the last look is of no known age.
        fresh = self._checked is not None and timedelta(0) <= now - self._checked < RECHECK
        if self._places is None or not fresh:
            self._refresh(now)
        if self._places is None:
            raise Unavailable(RETRY_AFTER)
        return self._places

    def _refresh(self, now: datetime) -> None:
        try:
            pointer = self._objects.read_pointer(POINTER)
            if pointer is None:
                _log.error("there is no places pack in the work bucket")
                return
            body = json.loads(pointer.body)
            key, digest = body["key"], body["sha256"]
            if digest != self._digest:
                self._places, self._digest = self._load(key, digest), digest
        # PackDamaged and unreadable JSON are ValueErrors; the others come from JSON of another shape.
        except (BotoCoreError, ClientError, ValueError, KeyError, TypeError) as error:
            _log.warning("places pack cannot be read: %s", type(error).__name__)
        self._checked = now

    def _load(self, key: str, digest: str) -> Places:
        data = self._objects.get(key)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise PackDamaged("the pack is missing or not the one that the pointer names")
        return load_pack(data)
