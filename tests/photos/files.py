"""Picture files as phones, editors and ill-meaning people make them."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (255, 255, 255)

EXIF_ORIENTATION, EXIF_MAKE, EXIF_GPS = 0x0112, 0x010F, 0x8825


def scene(width: int = 100, height: int = 50) -> Image.Image:
    """A picture whose four quarters tell which way up it is: red, green, blue, white."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=RED)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill=BLUE)
    return image


def quarters(image: Image.Image) -> list[str]:
    """The colours of the four quarters, by name, row by row."""
    named = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE, "black": (0, 0, 0)}

    def name(x: float, y: float) -> str:
        pixel = image.convert("RGB").getpixel((round(image.width * x), round(image.height * y)))
        assert isinstance(pixel, tuple)
        return min(named, key=lambda each: sum(abs(a - b) for a, b in zip(named[each], pixel, strict=True)))

    return [name(0.25, 0.25), name(0.75, 0.25), name(0.25, 0.75), name(0.75, 0.75)]


def written(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation: int = 1, canary: bytes = b"") -> bytes:
    """EXIF of a phone: make, place, orientation."""
    data = Image.Exif()
    data[EXIF_ORIENTATION] = orientation
    data[EXIF_MAKE] = f"Phone {canary.decode()}"
    data[EXIF_GPS] = {1: "N", 2: (52.0, 13.0, 46.92), 3: "E", 4: (21.0, 0.0, 43.9), 29: f"2026:11:22 {canary.decode()}"}
    return data.tobytes()


def phone_photo(width: int = 4032, height: int = 3024, orientation: int = 1, canary: bytes = b"") -> bytes:
    """A JPEG as a phone makes it: noise of a sensor, EXIF with place."""
    noise = Image.effect_noise((width // 8, height // 8), 40).resize((width, height))
    image = Image.merge("RGB", (noise, noise.point(lambda value: value // 2), noise))
    return written(image, "JPEG", quality=90, exif=exif(orientation, canary))


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def riff(name: bytes, content: bytes) -> bytes:
    """A chunk of a WebP."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def jpegs_with(canary: bytes) -> Iterator[bytes]:
    """JPEGs with the canary in each kind of segment, and behind the end."""
    plain = written(scene())
    for number in range(16):
        for head in (
            b"",
            b"JFIF\0",
            b"Exif\0\0",
            b"ICC_PROFILE\0\1\1",
            b"http://ns.adobe.com/xap/1.0/\0",
            b"MPF\0",
            b"Adobe",
        ):
            yield plain[:2] + segment(0xE0 + number, head + canary * 2) + plain[2:]
    yield plain[:2] + segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x20" + canary * 2) + plain[2:]
    yield plain[:2] + segment(0xFE, canary) + plain[2:]
    yield plain[:-2] + segment(0xFE, canary) + plain[-2:]
    yield plain + canary
    yield plain + b"PK\3\4" + canary + b"<script>" + canary
    yield written(scene(), exif=exif(6, canary), comment=canary, xmp=b"<x:xmpmeta>" + canary)


def pngs_with(canary: bytes) -> Iterator[bytes]:
    """PNGs with the canary in each kind of chunk, and behind the end."""
    plain = written(scene(), "PNG")
    start = 8 + 25
    for name, content in (
        (b"tEXt", b"Author\0" + canary),
        (b"zTXt", b"Author\0\0" + zlib.compress(canary)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + canary),
        (b"iCCP", b"sRGB\0\0" + zlib.compress(canary * 20)),
        (b"eXIf", exif(6, canary)[6:]),
        (b"prVt", canary),
        (b"tIME", canary[:7]),
    ):
        yield plain[:start] + chunk(name, content) + plain[start:]
        yield plain[:-12] + chunk(name, content) + plain[-12:]
    yield plain + canary
    info = PngInfo()
    info.add_itxt("Comment", canary.decode(), zip=True)
    yield written(scene(), "PNG", pnginfo=info)


def webps_with(canary: bytes) -> Iterator[bytes]:
    """WebPs with the canary in each kind of chunk, and behind the end."""
    file = written(scene(), "WEBP", exif=exif(6, canary), xmp=canary, icc_profile=srgb())
    yield file
    body = file[12:] + riff(b"PRVT", canary)
    yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    yield file + canary


def srgb() -> bytes:
    """A sound profile of colours."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is huge, and is: rows of zeros."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
