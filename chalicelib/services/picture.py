"""A stranger's file becomes a new picture, or nothing: the only module that decodes images.

What comes out shares no byte with what came in but through its pixels: they are painted onto a new canvas, which knows
no metadata, and written as plain JPEG in sRGB without a profile.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageCms

from chalicelib.domain.photo import (
    LONGEST_SIDE,
    MAX_PIXELS,
    QUALITY,
    THUMBNAIL_SIDE,
    MediaType,
    Rejection,
    sniff,
)

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

HEAD_BYTES = 12
WHITE = (255, 255, 255)

MAX_SCANS = 500
"""Passes of a progressive JPEG, which has ten or so. Each goes over the whole picture, so that a small file of very
many keeps a decoder busy for minutes. Random bytes, of a film behind the picture, look like one once in 65,536: 80 in
the largest file."""

_SCAN = b"\xff\xda"

# EXIF 2.32, 4.6.4: how the camera was held -> what turns the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The library's own bound, for whatever it opens before we have seen a size.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Refused(Exception):
    """A file of which nothing is kept; `cause` names what the decoder raised, never what it said."""

    def __init__(self, reason: Rejection, cause: str = "") -> None:
        super().__init__(reason, cause)
        self.reason = reason
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean copy and its small copy, both JPEG."""

    body: bytes
    small: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the clean copy, in hexadecimal: its name."""
        return hashlib.sha256(self.body).hexdigest()


def clean(data: bytes) -> Picture:
    """Return the clean copies of a JPEG, PNG or WebP file; of an animation its first frame.

    Raises `Refused`, and nothing else, for every other sequence of bytes.
    """
    kind = sniff(data[:HEAD_BYTES])
    if kind is None:
        raise Refused(Rejection.NOT_AN_IMAGE)
    if kind is MediaType.JPEG and data.count(_SCAN) > MAX_SCANS:
        raise Refused(Rejection.UNREADABLE, "scans")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            canvas = _canvas(data, kind)
            small = canvas.copy()
            small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            return Picture(_jpeg(canvas), _jpeg(small))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused(Rejection.TOO_MANY_PIXELS, type(bomb).__name__) from bomb
    except Exception as failure:  # Decoders raise whatever a broken file leads them to.
        raise Refused(Rejection.UNREADABLE, type(failure).__name__) from failure


def _canvas(data: bytes, kind: MediaType) -> Image.Image:
    """Return the picture upright, in sRGB, bounded, on a canvas of its own."""
    with Image.open(io.BytesIO(data), formats=(kind.name,)) as opened:
        turn = _turn(opened)
        profile = opened.info.get("icc_profile")
        image = _smooth(opened)
        # Decodes a large JPEG at a half or a quarter of its size at once.
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        image = _in_srgb(_opaque(image), profile)
    if turn is not None:
        image = image.transpose(turn)
    canvas = Image.new("RGB", image.size)
    canvas.paste(image)
    return canvas


def _turn(image: ImageFile) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - broken metadata of a sound picture, which is then shown as it lies
        return None


def _smooth(image: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be made smaller by averaging."""
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        # 16 bits of grey; a plain conversion would clip all but the darkest to white.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        return image
    return image.convert("RGB")


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode not in {"LA", "RGBA"}:
        return image
    colours = image.convert("RGBA")
    paper = Image.new("RGB", image.size, WHITE)
    paper.paste(colours, mask=colours.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # A profile that cannot be read, or is of another kind of picture, says nothing of the colours.
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
