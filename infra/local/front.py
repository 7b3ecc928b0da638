"""The one origin: site and published files from the site bucket, `/v1/` and `/open311/` from the API gateway.

It stands where the content delivery network stands on AWS and does what that one does, by the same `headers.json`
of the site's build: security headers, compression of text, conditional requests, the caller's address for the API.
"""

import asyncio
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import web
from botocore.exceptions import ClientError

from chalicelib.http.call import SEAL
from infra.local import status
from infra.local.emulator import Access

API = ("/v1/", "/open311/")
STATUS = "/status"
BODY_LIMIT = 10 * 1024 * 1024
"""The gateway's own limit on AWS, which the emulator does not enforce."""
COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/manifest+json")
COMPRESS_FROM = 1_000
# Hop-by-hop by RFC 9110 7.6.1, or set anew here: what a caller says about its own address is not believed.
NOT_FORWARDED = {
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
    "cloudfront-viewer-address",
    SEAL,
}

BUCKETS = ("{uploads}", "{photos}")
"""Stand in `headers.json` for the origins to which browsers post photos, and from which officers get them."""


@dataclass(frozen=True)
class HeaderRules:
    """The site build's `headers.json`: `everywhere` for each answer, `rules` by path prefix for the site's files."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, document: str, buckets: str = "") -> "HeaderRules":
        """From the text of `headers.json`; `buckets` is the one origin of both buckets of photos."""
        for placeholder in BUCKETS:
            document = document.replace(placeholder, buckets)
        held = json.loads(document)
        return cls(held["all"], {rule["prefix"]: rule["headers"] for rule in held["rules"]})

    def of(self, path: str) -> Mapping[str, str]:
        """The headers of the longest prefix that fits."""
        fitting = [prefix for prefix in self.rules if path.startswith(prefix)]
        return self.rules[max(fitting, key=len)] if fitting else {}


@dataclass(frozen=True)
class Stored:
    """An object of the site bucket, or `status` 304 or 404 instead."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Front:
    """Answers every request of the one origin."""

    def __init__(
        self,
        access: Access,
        bucket: str,
        api: str,
        rules: HeaderRules,
        look: Callable[[], Mapping[str, Any]] | None = None,
        seal: str = "",
    ) -> None:
        """`look` tells how the instance stands, for `/status`: without it there is no such page.

        `seal` is what the API knows the distribution by, and believes its word for a caller's address.
        """
        self.seal = seal
        self.look = look
        self.s3 = access.client("s3")
        self.bucket = bucket
        self.api = api
        self.rules = rules
        self.application = web.Application(client_max_size=BODY_LIMIT)
        self.application.router.add_route("*", "/{path:.*}", self.answer)
        self.application.cleanup_ctx.append(self._with_client)

    async def _with_client(self, _: web.Application) -> Any:
        # No cookie jar, no decoding, no redirects: whatever comes passes through as it is.
        self.client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
        yield
        await self.client.close()

    async def serve(self, port: int, stop: asyncio.Event, ready: Callable[[], object]) -> None:
        """Serve on loopback until `stop` is set, `ready` called first; requests under way get two seconds to end."""
        runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            ready()
            await stop.wait()
        finally:
            await runner.cleanup()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Give the answer of the bucket or of the API, with the headers that go with every answer."""
        if self.look is not None and request.path in {STATUS, f"{STATUS}.json"} and request.method == "GET":
            return await self.status(request, self.look)
        if request.path.startswith(API):
            response = await self.from_api(request)
        elif request.method in {"GET", "HEAD"}:
            response = await self.from_bucket(request)
        else:
            response = web.Response(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
        response.headers.update(self.rules.everywhere)
        return response

    async def status(self, request: web.Request, look: Callable[[], Mapping[str, Any]]) -> web.Response:
        """How the instance stands, as a page or as JSON."""
        told = await asyncio.to_thread(look)
        if request.path == STATUS:
            return web.Response(text=status.page(told), content_type="text/html", headers=status.HEADERS)
        return web.json_response(told, headers={"Cache-Control": "no-store"})

    async def from_bucket(self, request: web.Request) -> web.Response:
        """An object; `index.html` for a folder; the site's own page where there is none."""
        key = request.path.removeprefix("/")
        if not key or key.endswith("/"):
            key += "index.html"
        known = request.headers.get("If-None-Match", "").removeprefix("W/")
        stored = await asyncio.to_thread(self._get, key, known)
        if stored.status == HTTPStatus.NOT_FOUND:
            page = await asyncio.to_thread(self._get, "404.html", "")
            stored = Stored(stored.status, page.body, {"Content-Type": page.headers.get("Content-Type", "text/plain")})
        response = web.Response(status=stored.status, body=stored.body or None)
        response.headers.update(self.rules.of(request.path))
        response.headers.update(stored.headers)
        if stored.status == HTTPStatus.NOT_FOUND:
            response.headers["Cache-Control"] = "no-cache"
        compress(request, response)
        return response

    def _get(self, key: str, known: str) -> Stored:
        condition = {"IfNoneMatch": known} if known else {}
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=key, **condition)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == HTTPStatus.NOT_MODIFIED:
                return Stored(status, headers={"ETag": known})
            if status == HTTPStatus.NOT_FOUND:
                return Stored(status)
            raise
        passed_on = {
            "Content-Type": found["ContentType"],
            "Cache-Control": found.get("CacheControl"),
            "Content-Encoding": found.get("ContentEncoding"),
            "ETag": found["ETag"],
            "Last-Modified": found["ResponseMetadata"]["HTTPHeaders"].get("last-modified"),
        }
        return Stored(HTTPStatus.OK, found["Body"].read(), {name: value for name, value in passed_on.items() if value})

    async def from_api(self, request: web.Request) -> web.StreamResponse:
        """The API's answer, as it is."""
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in NOT_FORWARDED]
        caller = request.remote or "127.0.0.1"
        headers += [("X-Forwarded-For", caller), ("CloudFront-Viewer-Address", f"{caller}:0"), (SEAL, self.seal)]
        try:
            async with self.client.request(
                request.method,
                self.api + request.raw_path,
                headers=headers,
                data=await request.read() or None,
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=60),
            ) as answer:
                body = await answer.read()
                response = web.Response(status=answer.status, body=body)
                # The default of a response without a type would be invented here.
                response.headers.popall("Content-Type", None)
                for name, value in answer.headers.items():
                    if name.lower() not in NOT_FORWARDED | {"date", "server"}:
                        response.headers.add(name, value)
                return response
        except web.HTTPRequestEntityTooLarge:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "The request is too large.")
        except (aiohttp.ClientError, TimeoutError):
            refused = problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The API does not answer.")
            refused.headers["Retry-After"] = "5"
            return refused


def compress(request: web.Request, response: web.Response) -> None:
    """Compress text that is not compressed yet, for a caller that takes it; the ETag then is a weak one."""
    body = response.body
    if not isinstance(body, bytes) or len(body) < COMPRESS_FROM or "Content-Encoding" in response.headers:
        return
    if not response.headers.get("Content-Type", "").startswith(COMPRESSED):
        return
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return
    response.body = gzip.compress(body, 6, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    if "ETag" in response.headers:
        response.headers["ETag"] = f"W/{response.headers['ETag']}"


def problem(status: HTTPStatus, code: str, detail: str) -> web.Response:
    """Problem details (RFC 9457) for what never reached the API."""
    body = {"type": f"/problems#{code}", "title": status.phrase, "status": status, "code": code, "detail": detail}
    return web.json_response(body, status=status, content_type="application/problem+json")
