"""The pack that an instance has before anybody imports a register."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.places.approximate import approximate_pack
from infra.places.compiler import compile_areas
from infra.places.geojson import read_geojson
from infra.places.publish import current, publish

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "static-site" / "node_modules"


def builtin_pack(folder: Path, modules: Path = MODULES) -> bytes:
    """Compile the pack out of the instance's folder.

    ``outline.geojson`` there is exact by definition (an instance of its own making, such as one city); ``places.json``
    names packages for the approximate pack, see `approximate`.
    """
    outline = folder / "outline.geojson"
    if outline.is_file():
        return compile_areas(read_geojson(outline.read_bytes()), source=outline.name).pack
    config = json.loads((folder / "places.json").read_text("utf-8"))
    instance = json.loads((folder / "instance.json").read_text("utf-8"))
    return approximate_pack(config, modules, instance["country_buffer_m"])


def ensure_places(s3: "S3Client", bucket: str, folder: Path, now: datetime) -> dict[str, Any]:
    """Put the built-in pack in force, unless a register was imported or this very pack already is.

    Returns:
        The pointer in force.
    """
    pointer = current(s3, bucket)
    if pointer and pointer["origin"] == "register":
        return pointer
    pack = builtin_pack(folder)
    if pointer and pointer["sha256"] == hashlib.sha256(pack).hexdigest():
        return pointer
    return publish(s3, bucket, pack, "built-in", now)
