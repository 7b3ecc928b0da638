"""Officers of the tests: tokens of a pool whose keys are the test's own, served on loopback as a pool serves its."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.http.gateway import Answer, event, send
from tests.http.world import Clock

ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Tests"
CLIENT = "the-console"
SCOPE = "aws.cognito.signin.user.admin"


@dataclass
class Pool:
    """A pool of logins with one key; `asked` counts how often its keys were fetched."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    asked: int = 0
    url: str = ""
    status: int = 200

    @property
    def document(self) -> bytes:
        """The public keys as the pool serves them."""
        return json.dumps({"keys": [self.key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}]}).encode()

    def claims(self, clock: Clock, role: str, unit: str | None) -> dict[str, Any]:
        """What an officer's access token says."""
        now = int(clock().timestamp())
        groups = [f"role:{role}", *([f"unit:{unit}"] if unit else [])]
        return {
            "sub": f"subject-{role}-{unit}",
            "iss": ISSUER,
            "client_id": CLIENT,
            "token_use": "access",
            "scope": SCOPE,
            "iat": now,
            "exp": now + 900,
            "cognito:groups": groups,
        }

    def token(self, claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
        """A token with these claims, signed."""
        return jwt.encode({"alg": "RS256", "kid": "first", **(header or {})}, dict(claims), self.key)


@contextmanager
def serving() -> Iterator[Pool]:
    """A pool whose keys are served while the block lasts."""
    pool = Pool()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pool.asked += 1
            self.send_response(pool.status)
            self.end_headers()
            self.wfile.write(pool.document)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    pool.url = f"http://127.0.0.1:{server.server_port}/jwks.json"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield pool
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Staff:
    """An officer at a desk: calls the police routes with a token."""

    token: str | None
    language: str | None = None

    def call(self, method: str, target: str, body: object = None, **headers: str) -> Answer:
        """Send a request; names of headers are written with underscores, a body is JSON unless it is text or bytes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if self.language is not None:
            sent["Accept-Language"] = self.language
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        text = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        return send(event(method, target, headers=sent, body=text))
