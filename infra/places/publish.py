"""Put a pack in force: upload it under the name of its hash, then move the pointer."""

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.domain.place import load_pack
from chalicelib.store.objects import Objects
from chalicelib.store.places import POINTER, pack_key

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Origin = Literal["register", "built-in"]


def current(s3: "S3Client", bucket: str) -> dict[str, Any] | None:
    """Return the pointer that is in force, or None before the first pack."""
    pointer = Objects(s3, bucket).read_pointer(POINTER)
    return None if pointer is None else json.loads(pointer.body)


def publish(s3: "S3Client", bucket: str, pack: bytes, origin: Origin, now: datetime) -> dict[str, Any]:
    """Upload the pack and let the pointer name it; the same pack again changes nothing but the time.

    Returns:
        The new pointer.

    Raises:
        PackDamaged: the bytes are no pack; nothing was written.
        PointerMoved: somebody else put a pack in force meanwhile.
    """
    objects = Objects(s3, bucket)
    digest = hashlib.sha256(pack).hexdigest()
    body = {
        "key": pack_key(digest),
        "boundaries": load_pack(pack).boundaries,
        "origin": origin,
        "sha256": digest,
        "imported_at": now.isoformat(timespec="seconds"),
    }
    before = objects.read_pointer(POINTER)
    objects.put(body["key"], pack, "application/octet-stream")
    objects.flip_pointer(POINTER, json.dumps(body).encode(), before.etag if before else None)
    return body
