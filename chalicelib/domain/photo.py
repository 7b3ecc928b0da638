"""Photos of a report: what is taken, how much, how long, and what becomes of it.

Nothing that a phone writes beside the picture is kept: place, time and device stand in a photo's metadata, and this
map promises to know no reporter. What is kept is a new picture of bounded size, seen by the police alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import Problem

LIMIT_BYTES = 5 * 1024 * 1024
"""Bytes of one file, this many included."""

LIMIT_A_REPORT = 3
"""Photos of one report; what was rejected does not count."""

WINDOW = timedelta(hours=24)
"""How long after its acceptance a report takes photos."""

LIFETIME = timedelta(minutes=15)
"""How long a permission to upload holds: five megabytes take that long at 50 kbit/s."""

GRACE = timedelta(minutes=5)
"""How long after that a place is still held for a file that is on its way through."""

MAX_PIXELS = 50_000_000
"""Width times height of a picture that is decoded: what phones make by default, and 200 MB in memory."""

LONGEST_SIDE = 2560
"""Pixels of the longer side of the copy that is kept: a number plate at ten metres stays readable."""

THUMBNAIL_SIDE = 320
"""Pixels of the longer side of its small copy."""

QUALITY = 85
"""Quality of the JPEG copies on the scale of the IJG library, 1 to 100."""

MAX_TRIES = 3
"""How often a file may bring its decoder down before it is rejected undecoded."""


class MediaType(StrEnum):
    """What is taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class State(StrEnum):
    """How a photo stands: permitted, kept, or refused."""

    ISSUED = "issued"
    STORED = "stored"
    REJECTED = "rejected"


class Rejection(StrEnum):
    """Why a file was not kept; each has a public text."""

    NOT_AN_IMAGE = "not_an_image"
    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LARGE = "too_large"


class PhotosClosed(Problem):
    """The report takes no photos any more: `until` has passed, or the case is closed."""

    code = "photos_closed"
    status = 409

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until

    @property
    def extras(self) -> dict[str, Any]:
        """How long the report takes photos at most."""
        return {"until": self.until}


class PhotosFull(Problem):
    """The report has as many photos, kept or on their way, as it may."""

    code = "photos_full"
    status = 409

    @property
    def extras(self) -> dict[str, Any]:
        """How many photos a report may have."""
        return {"limit": LIMIT_A_REPORT}


def sniff(head: bytes) -> MediaType | None:
    """Return what a file is by its first twelve bytes, whatever it is called; None for anything else.

    Signatures: JPEG ISO/IEC 10918-1 B.1.1.3 with the marker that always follows, PNG W3C 5.2, WebP RFC 9649 2.3.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    return None


def rules() -> dict[str, Any]:
    """Return what is told of photos in public."""
    return {
        "types": [kind.value for kind in MediaType],
        "bytes": LIMIT_BYTES,
        "a_report": LIMIT_A_REPORT,
        "hours": round(WINDOW.total_seconds() / 3600),
        "pixels": MAX_PIXELS,
    }
