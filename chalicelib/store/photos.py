"""The two buckets of photos: quarantine, where strangers may write one file at a time, and the clean copies."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.photo import LIFETIME, LIMIT_BYTES, MediaType
from chalicelib.store import object_keys, uploads
from chalicelib.store.objects import MISSING, Objects

NEVER_KEPT = "private, no-store"
"""Cache-Control of photos, for whoever will serve them to the police."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser posts a file with (S3 POST policy, signature version 4): an address and fields, the file last."""

    url: str
    fields: dict[str, str]


class TooLong(Exception):
    """A file is larger than any permission allows."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Both buckets of photos."""

    quarantine: Objects
    clean: Objects

    def form(self, key: str, kind: MediaType) -> Form:
        """Return the form for one file of one type, of at most `LIMIT_BYTES`, under one key, within `LIFETIME`.

        The store itself holds the poster to each of these; nothing passes through the API.
        """
        conditions: list[Any] = [{"Content-Type": kind.value}, ["content-length-range", 1, LIMIT_BYTES]]
        made = self.quarantine.s3.generate_presigned_post(
            self.quarantine.bucket,
            key,
            Fields={"Content-Type": kind.value},
            Conditions=conditions,
            ExpiresIn=round(LIFETIME.total_seconds()),
        )
        return Form(made["url"], made["fields"])

    def arrived(self, key: str) -> bytes | None:
        """Return a file from quarantine, None where it is gone; raises `TooLong` before reading what is too large."""
        try:
            found = self.quarantine.s3.get_object(Bucket=self.quarantine.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise
        with closing(found["Body"]) as body:
            if found["ContentLength"] > LIMIT_BYTES:
                raise TooLong
            return body.read()

    def keep(self, report_id: str, digest: str, body: bytes, small: bytes) -> None:
        """Write a clean copy and its small copy; writing them again is harmless."""
        for key, content in (
            (object_keys.photo(report_id, digest), body),
            (object_keys.thumbnail(report_id, digest), small),
        ):
            self.clean.put(key, content, MediaType.JPEG.value, cache_control=NEVER_KEPT)

    def link(self, report_id: str, digest: str, lasting: timedelta, *, small: bool) -> str:
        """Return an address at which anybody who has it can fetch a clean copy, or the small one, for a while.

        It is made without asking the store; whoever fetches is told to keep nothing.
        """
        key = object_keys.thumbnail(report_id, digest) if small else object_keys.photo(report_id, digest)
        wanted = {"Bucket": self.clean.bucket, "Key": key, "ResponseCacheControl": NEVER_KEPT}
        return str(
            self.clean.s3.generate_presigned_url("get_object", Params=wanted, ExpiresIn=round(lasting.total_seconds()))
        )

    def discard(self, report_id: str, digest: str) -> None:
        """Delete both copies."""
        self.clean.delete_many([object_keys.photo(report_id, digest), object_keys.thumbnail(report_id, digest)])


def delete_all(report_id: str, vault: Vault) -> int:
    """Erase a report's photos: places, clean copies, and what lies in quarantine; return how many objects went.

    Places first: a function that is just decoding one of them then cannot record it, and deletes what it wrote. It may
    be called again after any failure.
    """
    uploads.forget(report_id)
    gone = vault.quarantine.delete_many(vault.quarantine.list_keys(object_keys.incoming_of(report_id)))
    return gone + vault.clean.delete_many(vault.clean.list_keys(object_keys.photos(report_id)))
