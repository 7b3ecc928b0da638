"""The one origin: what comes from the bucket, what goes to the API, and with which headers."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from infra.local.emulator import Access, free_port
from infra.local.front import BODY_LIMIT, Front, HeaderRules
from tests.support.whole import Answer, send, served

pytestmark = pytest.mark.emulator

BUCKET = "front"
PAGE = b"<!doctype html><title>map</title>" + b"<p>text</p>" * 200
TILE = gzip.compress(b'{"cells": []}', mtime=0)
RULES = json.dumps(
    {
        "all": {"X-Content-Type-Options": "nosniff"},
        "rules": [
            {"prefix": "/", "headers": {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-cache"}},
            {"prefix": "/a/", "headers": {"Cache-Control": "public, max-age=31536000, immutable"}},
        ],
    }
)


async def echo(request: web.Request) -> web.Response:
    """An API that tells what it was asked."""
    told = {
        "method": request.method,
        "target": request.raw_path,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": (await request.read()).decode(),
    }
    response = web.json_response(told, status=201, content_type="application/problem+json")
    response.headers.add("Set-Cookie", "a=1; HttpOnly")
    response.headers.add("Set-Cookie", "b=2; HttpOnly")
    return response


@dataclass(frozen=True)
class Origin:
    """A served front; `get` and `send` speak to it as a browser does."""

    url: str

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, **headers)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        return send(method, self.url + path, body, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture(scope="module")
def bucket(emulator: Access) -> Access:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": emulator.region})
    for key, body, more in (
        ("index.html", PAGE, {"ContentType": "text/html; charset=utf-8", "CacheControl": "no-cache"}),
        ("sub/index.html", b"sub", {"ContentType": "text/html; charset=utf-8"}),
        ("404.html", b"nothing here", {"ContentType": "text/html; charset=utf-8"}),
        ("a/x.js", b"export {};", {"ContentType": "text/javascript"}),
        (
            "data/t.json",
            TILE,
            {"ContentType": "application/json", "ContentEncoding": "gzip", "CacheControl": "max-age=9"},
        ),
    ):
        s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)
    return emulator


@pytest.fixture(scope="module")
def origin(bucket: Access) -> Iterator[Origin]:
    api, port = free_port(), free_port()
    with (
        Serving(echo, api),
        served(Front(bucket, BUCKET, f"http://127.0.0.1:{api}/stage", HeaderRules.read(RULES)), port),
    ):
        yield Origin(f"http://127.0.0.1:{port}")


@pytest.fixture(scope="module")
def orphan(bucket: Access) -> Iterator[Origin]:
    """A front whose API is not there."""
    port = free_port()
    with served(Front(bucket, BUCKET, f"http://127.0.0.1:{free_port()}/stage", HeaderRules.read(RULES)), port):
        yield Origin(f"http://127.0.0.1:{port}")


class Serving:
    """Serve one handler for every path, in a thread of its own."""

    def __init__(self, handler: Any, port: int) -> None:
        self.handler, self.port = handler, port
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run)
        self.ready = threading.Event()

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.stop = asyncio.Event()
        self.loop.run_until_complete(self.serve())
        self.loop.close()

    async def serve(self) -> None:
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_route("*", "/{path:.*}", self.handler)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.ready.set()
        await self.stop.wait()
        await runner.cleanup()

    def __enter__(self) -> None:
        self.thread.start()
        assert self.ready.wait(10)

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(10)


@pytest.mark.parametrize(("path", "body"), [("/", PAGE), ("/index.html", PAGE), ("/sub/", b"sub")])
def test_a_folder_answers_with_its_page(origin: Origin, path: str, body: bytes) -> None:
    answer = origin.get(path)
    assert (answer.status, answer.body) == (200, body)


def test_headers_follow_the_rules_of_the_site_s_build(origin: Origin) -> None:
    page, script = origin.get("/"), origin.get("/a/x.js")
    assert page.headers["Content-Security-Policy"] == "default-src 'none'"
    assert script.headers["Content-Security-Policy"] is None
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert {answer.headers["X-Content-Type-Options"] for answer in (page, script)} == {"nosniff"}


def test_a_published_file_keeps_its_own_headers(origin: Origin) -> None:
    answer = origin.get("/data/t.json", Accept_Encoding="gzip")
    assert answer.body == TILE
    assert (answer.headers["Content-Encoding"], answer.headers["Cache-Control"]) == ("gzip", "max-age=9")
    assert answer.headers["Content-Type"] == "application/json"


def test_text_is_compressed_for_those_who_take_it(origin: Origin) -> None:
    plain, small = origin.get("/"), origin.get("/", Accept_Encoding="br, gzip")
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(small.body) == PAGE
    assert small.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert {plain.headers["Vary"], small.headers["Vary"]} == {"Accept-Encoding"}


@pytest.mark.parametrize("prefix", ["", "W/"])
def test_an_unchanged_file_is_not_sent_again(origin: Origin, prefix: str) -> None:
    etag = origin.get("/").headers["ETag"]
    answer = origin.get("/", If_None_Match=prefix + etag)
    assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", etag)


def test_a_file_that_changed_is_sent(origin: Origin) -> None:
    assert origin.get("/", If_None_Match='"00000000000000000000000000000000"').body == PAGE


def test_what_is_not_there_answers_with_the_site_s_own_page(origin: Origin) -> None:
    answer = origin.get("/a/none.js")
    assert (answer.status, answer.body) == (404, b"nothing here")
    assert (answer.headers["Cache-Control"], answer.headers["Content-Type"]) == ("no-cache", "text/html; charset=utf-8")


def test_head_answers_without_a_body(origin: Origin) -> None:
    answer = origin.send("HEAD", "/")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", str(len(PAGE)))


def test_the_site_is_read_only(origin: Origin) -> None:
    answer = origin.send("POST", "/", b"x")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_the_api_gets_the_request_as_it_is_and_the_caller_s_true_address(origin: Origin) -> None:
    answer = origin.send(
        "POST", "/v1/x%2Fy?a=%20&a=2", b'{"a": 1}', X_Forwarded_For="6.6.6.6", Cookie="c=3", Content_Type="text/odd"
    )
    told = answer.json
    assert (told["method"], told["target"], told["body"]) == ("POST", "/stage/v1/x%2Fy?a=%20&a=2", '{"a": 1}')
    assert told["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert (told["headers"]["cookie"], told["headers"]["content-type"]) == ("c=3", "text/odd")


def test_the_api_s_answer_comes_as_it_is(origin: Origin) -> None:
    answer = origin.get("/v1/x", Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Type"]) == (201, "application/problem+json; charset=utf-8")
    assert answer.headers.get_all("Set-Cookie") == ["a=1; HttpOnly", "b=2; HttpOnly"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] is None


def test_a_request_without_a_body_gets_no_content_type(origin: Origin) -> None:
    assert "content-type" not in origin.get("/v1/x").json["headers"]


def test_without_the_api_the_site_stands_and_reports_may_be_sent_later(orphan: Origin) -> None:
    assert orphan.get("/").status == 200
    answer = orphan.get("/v1/health")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json["code"] == "unavailable"


def test_a_body_beyond_the_gateway_s_limit_is_refused(origin: Origin) -> None:
    answer = origin.send("POST", "/v1/x", b"x" * (BODY_LIMIT + 1))
    assert (answer.status, answer.json["code"]) == (413, "too_large")
