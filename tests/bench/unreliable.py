"""A store that is not always well: stands between a function and DynamoDB, and fails a share of the requests."""

import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.e2e.outages import PASSED_BY
from tests.support.whole import send

WAYS = ("throttled", "broken", "lost_before", "lost_after")
"""Refused for now; an error of the service; the request, or the answer to what was done, never arrives."""

_REFUSALS = {
    "throttled": (400, "com.amazonaws.dynamodb.v20120810#ThrottlingException"),
    "broken": (500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
}


class UnreliableStore:
    """A proxy of DynamoDB; `share` of the requests fail, each way as often as another, by a seeded chance."""

    def __init__(self, endpoint: str, share: float, seed: int = 1) -> None:
        self.endpoint, self.share = endpoint, share
        self.met: Counter[str] = Counter()
        self._chance, self._lock = random.Random(seed), threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fate(self) -> str:
        """Draw what becomes of the next request, and count it."""
        with self._lock:
            way = self._chance.choice(WAYS) if self._chance.random() < self.share else "well"
            self.met[way] += 1
        return way

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                way = store.fate()
                if way in _REFUSALS:
                    status, kind = _REFUSALS[way]
                    self._say(status, [], b'{"__type": "%s", "message": "Not now"}' % kind.encode())
                    return
                answer = None
                if way != "lost_before":
                    answer = send("POST", store.endpoint + self.path, body, dict(self.headers.items()))
                if answer is None or way == "lost_after":
                    self.close_connection = True
                    return
                self._say(answer.status, answer.headers.items(), answer.body)

            def _say(self, status: int, headers: object, body: bytes) -> None:
                self.send_response(status)
                for name, value in dict(headers).items():  # type: ignore[call-overload]
                    if name.lower() not in PASSED_BY:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Write nothing: what is met is counted."""

        return Handler
