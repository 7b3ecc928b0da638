"""The public keys that officers' tokens are signed with, fetched from the pool of logins and kept for a while.

A pool changes its keys seldom and says so by a key id that nobody has seen yet. Whoever sends made-up ids must not make
every request a fetch, and a pool that does not answer must lock nobody out at once, nor let anybody in for ever.
"""

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from chalicelib.domain.errors import Unavailable

FRESH = timedelta(hours=1)
"""After this the keys are asked for again."""

KEPT = timedelta(hours=24)
"""After this keys that could not be asked for again are believed no more."""

PAUSE = timedelta(minutes=1)
"""The least time between two fetches, however many ids nobody knows are asked for."""

RETRY_AFTER = 30
MOST_BYTES = 64 * 1024

Jwk = Mapping[str, Any]


class LoginKeys:
    """The keys of one pool, for the life of a process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = PoolManager(timeout=Timeout(connect=1, read=2), retries=Retry(1, redirect=0))
        self._lock = threading.Lock()
        self._keys: dict[str, Jwk] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None

    def find(self, key_id: str, now: datetime) -> Jwk | None:
        """Return the key of an id, None where the pool has none of that id.

        Raises `Unavailable` where the pool has not answered for `KEPT`, or never.
        """
        with self._lock:
            if self._is_due(key_id, now):
                self._fetch(now)
            if self._fetched is None or now - self._fetched > KEPT:
                raise Unavailable(RETRY_AFTER)
            return self._keys.get(key_id)

    def _is_due(self, key_id: str, now: datetime) -> bool:
        if self._tried is not None and now - self._tried < PAUSE:
            return False
        return self._fetched is None or now - self._fetched > FRESH or key_id not in self._keys

    def _fetch(self, now: datetime) -> None:
        self._tried = now
        try:
            answer = self._http.request("GET", self._url, preload_content=False)
            body = answer.read(MOST_BYTES)
            answer.release_conn()
            keys = {str(key["kid"]): key for key in json.loads(body)["keys"]} if answer.status == 200 else {}
        except (HTTPError, ValueError, KeyError, TypeError):
            return
        if keys:
            self._keys, self._fetched = keys, now
