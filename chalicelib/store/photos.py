"""The two buckets of photos: quarantine, where strangers may write one file at a time, and the clean copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.photo import LIFETIME, LIMIT_BYTES, MediaType
from chalicelib.store.objects import Objects


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser posts a file with (S3 POST policy, signature version 4): an address and fields, the file last."""

    url: str
    fields: dict[str, str]


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
