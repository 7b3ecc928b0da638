"""Keys of photos in their buckets: in quarantine as they arrive, and clean."""

import re

_INCOMING = re.compile(r"incoming/([0-9a-z]+)/([1-9])-[0-9a-f]+", re.ASCII)


def incoming(report_id: str, slot: int, mark: str) -> str:
    """Object key in quarantine; the mark is random, so that no permission outlives its file."""
    return f"{incoming_of(report_id)}{slot}-{mark}"


def incoming_of(report_id: str) -> str:
    """Prefix of what arrives for a report."""
    return f"incoming/{report_id}/"


def arrived(key: str) -> tuple[str, int] | None:
    """Report and place of a key that `incoming` made; None for any other."""
    found = _INCOMING.fullmatch(key)
    return None if found is None else (found[1], int(found[2]))


def photos(report_id: str) -> str:
    """Prefix of a report's photos."""
    return f"reports/{report_id}/"


def photo(report_id: str, digest: str) -> str:
    """Object key of a photo: named by its content, never by whoever sent it."""
    return f"{photos(report_id)}{digest}.jpg"


def thumbnail(report_id: str, digest: str) -> str:
    """Object key of the small copy of a photo of this hash."""
    return f"{photos(report_id)}{digest}.small.jpg"
