"""What the functions ask of AWS while the tests run their handlers, for `make permissions` to compare with policies.

A call is noted under the function whose handler is on the stack. What a test does itself meanwhile, from within a
handler that it has interrupted, is not the function's.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import local
from types import FrameType
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.signers import RequestSigner, S3PostPresigner

from chalicelib.store.secrets import Keyring, Secrets
from infra.build.packages import ROOT
from infra.commands.permissions import CALLS, Call

TESTS = str(ROOT / "tests")
EVENTS = str(ROOT / "chalicelib" / "events")
API = (str(ROOT / "chalicelib" / "http" / "dispatch.py"), "answer")

TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
OBJECT_DEEDS = {
    **dict.fromkeys(("GetObject", "HeadObject"), "GetObject"),
    **dict.fromkeys(("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "PutObject"),
    **dict.fromkeys(("DeleteObject", "DeleteObjects"), "DeleteObject"),
}
_EQUAL = re.compile(r"\(?\s*(#?\w+)\s*=\s*(:\w+)")
_thread = local()


@contextmanager
def noted() -> Iterator[None]:
    """Note every call until the end, and write what was noted into the folder that the environment names, if any."""
    folder = os.environ.get(CALLS)
    if folder is None:
        yield
        return
    found: set[Call] = set()
    with pytest.MonkeyPatch.context() as patch:
        _watch(patch, found)
        yield
    path = Path(folder) / f"{os.getpid()}.json"
    path.write_text(json.dumps(sorted(found)), "utf-8")


def _watch(patch: pytest.MonkeyPatch, found: set[Call]) -> None:
    keyring = Secrets._current
    ask, submit = BaseClient.__dict__["_make_api_call"], ThreadPoolExecutor.submit
    sign, form = RequestSigner.generate_presigned_url, S3PostPresigner.generate_presigned_post

    def asked(self: BaseClient, operation: str, parameters: Mapping[str, Any]) -> Any:
        if function := _function():
            service = self.meta.service_model.service_name
            found.update(Call(function, *each) for each in _asked(service, operation, parameters))
        return ask(self, operation, parameters)

    def signed(
        self: RequestSigner, request_dict: Mapping[str, Any], operation_name: str, *more: Any, **options: Any
    ) -> Any:
        if function := _function():
            found.add(Call(function, f"s3:{operation_name}", _object(str(request_dict["url"]).partition("?")[0])))
        return sign(self, request_dict, operation_name, *more, **options)

    def permitted(self: S3PostPresigner, request_dict: Mapping[str, Any], **options: Any) -> Any:
        if function := _function():
            found.add(Call(function, "s3:PutObject", _object(f"{request_dict['url']}/{options['fields']['key']}")))
        return form(self, request_dict, **options)

    def submitted(self: ThreadPoolExecutor, work: Callable[..., Any], *given: Any, **named: Any) -> Future[Any]:
        return submit(self, partial(_under, _function(), work), *given, **named)

    def opened(self: Secrets, fresh: timedelta) -> Keyring:
        # A process that another test has let read the keys would not ask for them.
        if function := _function():
            found.add(Call(function, "ssm:GetParameter", "*"))
        return keyring(self, fresh)

    patch.setattr(Secrets, "_current", opened)
    patch.setattr(BaseClient, "_make_api_call", asked)
    patch.setattr(RequestSigner, "generate_presigned_url", signed)
    patch.setattr(S3PostPresigner, "generate_presigned_post", permitted)
    patch.setattr(ThreadPoolExecutor, "submit", submitted)


def _under(function: str | None, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    _thread.function = function
    return work(*given, **named)


def _function() -> str | None:
    """The function whose handler is running, None where the test itself asks."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if (name, frame.f_code.co_name) == API:
            return "api"
        if name.startswith(EVENTS) and frame.f_code.co_name == "handle":
            return Path(name).stem
        if name.startswith(TESTS) and name != __file__:
            return None
        frame = frame.f_back
    return getattr(_thread, "function", None)


def _asked(service: str, operation: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    match service:
        case "dynamodb":
            yield from ((f"dynamodb:{action}", place) for action, place in _of_table(operation, given))
        case "s3" if operation.startswith("List"):
            yield "s3:ListBucket", _named(given["Bucket"])
        case "s3" if operation == "CopyObject":
            yield "s3:PutObject", _object(f"/{given['Bucket']}/{given['Key']}")
            source = given["CopySource"]
            yield "s3:GetObject", _object(f"/{source['Bucket']}/{source['Key']}")
        case "s3":
            keys = [each["Key"] for each in given["Delete"]["Objects"]] if "Delete" in given else [given["Key"]]
            yield from ((f"s3:{OBJECT_DEEDS[operation]}", _object(f"/{given['Bucket']}/{key}")) for key in keys)
        case _:
            yield f"{service.removesuffix('v2')}:{operation}", "*"


def _of_table(operation: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:  # noqa: C901 - a row each
    match operation:
        case "TransactWriteItems":
            for item in given["TransactItems"]:
                for kind, detail in item.items():
                    yield TRANSACTED[kind], _place(detail["TableName"], detail.get("Item") or detail["Key"])
        case "BatchWriteItem":
            for table, requests in given["RequestItems"].items():
                for request in requests:
                    (detail,) = request.values()
                    yield operation, _place(table, detail.get("Item") or detail["Key"])
        case "BatchGetItem":
            for table, wanted in given["RequestItems"].items():
                yield from ((operation, _place(table, key)) for key in wanted["Keys"])
        case "Query":
            name, value = _EQUAL.match(given["KeyConditionExpression"]).groups()  # type: ignore[union-attr]
            named = given.get("ExpressionAttributeNames", {}).get(name, name)
            index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
            yield operation, _place(given["TableName"], {"PK": given["ExpressionAttributeValues"][value]}, index)
            assert named.endswith("PK"), named
        case "DescribeTable":
            # PynamoDB's, where nothing else is asked first.
            yield operation, _named(given["TableName"])
        case _:
            yield operation, _place(given["TableName"], given.get("Item") or given["Key"])


def _place(table: str, key: Mapping[str, Any], index: str = "") -> str:
    begins, sharp, _ = str(key["PK"]["S"]).partition("#")
    return f"{_named(table)}{index} {begins}{sharp}"


def _object(address: str) -> str:
    """A bucket's variable and the first two parts of a key, whatever form the address has."""
    for variable in ("SITE_BUCKET", "WORK_BUCKET", "QUARANTINE_BUCKET", "PHOTO_BUCKET"):
        _, bucket, key = address.partition(os.environ.get(variable, "no bucket"))
        if bucket:
            parts = key.partition("/")[2].split("/")
            return f"{variable}/{'/'.join(parts[:2])}{'/…' if len(parts) > 2 else ''}"
    return address


def _named(resource: str) -> str:
    """The variable of the environment that names a resource."""
    return next((name for name, value in os.environ.items() if value == resource), resource)
