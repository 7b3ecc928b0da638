"""Posting a form as a browser does."""

from collections.abc import Mapping
from uuid import uuid4

from tests.support.whole import Answer, send


def post(url: str, fields: Mapping[str, str], body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """Post the fields and then the file as multipart/form-data."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    opening = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="IMG_0815.jpg"\r\n'
    parts += [opening.encode(), b"Content-Type: application/octet-stream\r\n\r\n", body]
    form = b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()])
    return send("POST", url, form, {"Content-Type": f"multipart/form-data; boundary={boundary}", **(headers or {})})
