"""A static server with the headers of the site's build: what the content delivery network does, and no more."""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SMALL = 1000
"""Bytes that nobody compresses."""


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET from folders; `of` binds it to them."""

    protocol_version = "HTTP/1.1"
    folders: Sequence[Path] = ()
    rules: dict[str, Any]

    @classmethod
    def of(cls, folders: Sequence[Path], rules: dict[str, Any]) -> type[SiteHandler]:
        """A handler class for these folders and header rules."""
        return type("BoundSiteHandler", (cls,), {"folders": folders, "rules": rules})

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with the first file found, else 404."""
        path = urlsplit(self.path).path
        name = path.removeprefix("/") + ("index.html" if path.endswith("/") else "")
        found = next((folder / name for folder in self.folders if (folder / name).is_file()), None)
        body = b"" if found is None else found.read_bytes()
        self.send_response(HTTPStatus.NOT_FOUND if found is None else HTTPStatus.OK)
        fitting = [rule for rule in self.rules["rules"] if path.startswith(rule["prefix"])]
        headers = dict(max(fitting, key=lambda rule: len(rule["prefix"]))["headers"])
        for header, value in {**self.rules["all"], **headers}.items():
            self.send_header(header, value)
        self.send_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > SMALL:
            # As the network does; Chromium in a test is not slower for it.
            body = gzip.compress(body, 1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
