"""What comes out of a file: a clean, upright, bounded JPEG, or a refusal with a reason."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageCms

from chalicelib.domain.photo import LONGEST_SIDE, THUMBNAIL_SIDE
from chalicelib.services.picture import Picture, clean
from tests.photos import files

SCENE = ["red", "green", "blue", "white"]
UPRIGHT = {
    1: SCENE,
    2: ["green", "red", "white", "blue"],
    3: ["white", "blue", "green", "red"],
    4: ["blue", "white", "red", "green"],
    5: ["red", "blue", "green", "white"],
    6: ["blue", "red", "white", "green"],
    7: ["white", "green", "blue", "red"],
    8: ["green", "white", "red", "blue"],
}
CANARY = b"KANAREK-0815-4711"


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body), formats=("JPEG",))


def markers(body: bytes) -> list[int]:
    """The markers of a JPEG up to its first scan; nothing may stand behind its end."""
    found, at = [], 2
    while True:
        assert body[at] == 0xFF
        found.append(body[at + 1])
        if found[-1] == 0xDA:
            break
        at += 2 + int.from_bytes(body[at + 2 : at + 4])
    assert body.endswith(b"\xff\xd9")
    assert body.count(b"\xff\xd9") == 1
    return found


def assert_clean(picture: Picture) -> None:
    """Nothing but what paints the picture: JFIF head, tables, one frame, one scan."""
    for body in (picture.body, picture.small):
        assert set(markers(body)) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
        assert markers(body).count(0xE0) == 1
        head = body[2:20]
        assert head[4:9] == b"JFIF\0"
        assert int.from_bytes(head[2:4]) == 16
        assert CANARY not in body
        assert (opened(body).mode, set(opened(body).info)) == (
            "RGB",
            {"jfif", "jfif_version", "jfif_unit", "jfif_density"},
        )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_type_becomes_a_jpeg(kind: str) -> None:
    picture = clean(files.written(files.scene(), kind))
    assert_clean(picture)
    assert files.quarters(opened(picture.body)) == SCENE
    assert opened(picture.body).size == (100, 50)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_P06_a_picture_is_turned_upright_before_its_data_goes(orientation: int, kind: str) -> None:
    picture = clean(files.written(files.scene(), kind, exif=files.exif(orientation)))
    size = (100, 50) if orientation < 5 else (50, 100)
    for body in (picture.body, picture.small):
        assert opened(body).size == size
        assert files.quarters(opened(body)) == UPRIGHT[orientation]


def test_an_orientation_that_is_none_leaves_the_picture_as_it_lies() -> None:
    assert files.quarters(opened(clean(files.written(files.scene(), exif=files.exif(9))).body)) == SCENE


@pytest.mark.parametrize(
    ("made", "ways"),
    [(files.jpegs_with, 118), (files.pngs_with, 16), (files.webps_with, 3)],
    ids=["jpeg", "png", "webp"],
)
def test_P05_no_byte_beside_the_picture_survives(made: Callable[[bytes], Iterator[bytes]], ways: int) -> None:
    planted = list(made(CANARY))
    assert len(planted) == ways
    for data in planted:
        picture = clean(data)
        assert_clean(picture)
        assert set(files.quarters(opened(picture.body))) == set(SCENE)


def test_P05_the_place_goes_with_the_rest() -> None:
    data = files.phone_photo(400, 300, canary=CANARY)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(files.EXIF_GPS)[1] == "N"
    picture = clean(data)
    assert dict(opened(picture.body).getexif()) == {}
    assert_clean(picture)


def test_a_large_picture_is_made_smaller_and_its_small_copy_fits() -> None:
    picture = clean(files.phone_photo(4032, 3024))
    assert opened(picture.body).size == (LONGEST_SIDE, 1920)
    assert opened(picture.small).size == (THUMBNAIL_SIDE, 240)


def test_a_small_picture_is_not_blown_up() -> None:
    picture = clean(files.written(files.scene(8, 4), "PNG"))
    assert opened(picture.body).size == opened(picture.small).size == (8, 4)


def test_equal_files_give_equal_names() -> None:
    data = files.phone_photo(400, 300)
    assert clean(data).digest == clean(data).digest
    assert clean(data).digest != clean(files.written(files.scene())).digest


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *(("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP")),
        *(("L", "JPEG"), ("CMYK", "JPEG"), ("L", "WEBP")),
    ],
)
def test_every_mode_becomes_colours_of_a_screen(mode: str, kind: str) -> None:
    picture = clean(files.written(files.scene().convert(mode), kind))
    assert_clean(picture)
    colours = files.quarters(opened(picture.body))
    assert colours[3] == "white"
    if mode in {"P", "RGBA", "CMYK"}:
        assert colours == SCENE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_is_white(kind: str) -> None:
    image = files.scene().convert("RGBA")
    image.putalpha(0)
    assert files.quarters(opened(clean(files.written(image, kind, lossless=True)).body)) == ["white"] * 4


def test_a_palette_with_a_transparent_colour_is_painted_on_white() -> None:
    image = Image.new("P", (40, 20), 1)
    image.putpalette([10, 10, 10, 220, 30, 30])
    image.paste(0, (0, 0, 20, 20))
    colours = files.quarters(opened(clean(files.written(image, "PNG", transparency=0)).body))
    assert colours == ["white", "red", "white", "red"]


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    image = Image.new("I;16", (64, 32), 0x8000)
    pixel = opened(clean(files.written(image, "PNG")).body).getpixel((32, 16))
    assert isinstance(pixel, tuple)
    assert all(120 <= value <= 136 for value in pixel)


def test_sixteen_bits_of_colour_are_read() -> None:
    row = b"\0" + struct.pack(">HHH", 0xFFFF, 0, 0) * 16
    data = (
        b"\x89PNG\r\n\x1a\n"
        + files.chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 16, 2, 0, 0, 0))
        + files.chunk(b"IDAT", zlib.compress(row * 16))
        + files.chunk(b"IEND", b"")
    )
    assert files.quarters(opened(clean(data).body)) == ["red"] * 4


def test_a_progressive_picture_is_read() -> None:
    picture = clean(files.written(files.scene(), progressive=True))
    assert files.quarters(opened(picture.body)) == SCENE
    assert_clean(picture)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(kind: str) -> None:
    later = [Image.new("RGB", (100, 50), files.BLUE) for _ in range(3)]
    data = files.written(files.scene(), kind, save_all=True, append_images=later, duration=50)
    assert Image.open(io.BytesIO(data)).n_frames == 2  # type: ignore[attr-defined]
    assert files.quarters(opened(clean(data).body)) == SCENE


def test_of_a_phone_s_picture_of_several_the_first_is_kept() -> None:
    data = files.written(files.scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (100, 50), files.BLUE)])
    picture = clean(data)
    assert files.quarters(opened(picture.body)) == SCENE
    assert_clean(picture)


def test_colours_of_another_space_are_converted() -> None:
    image = Image.new("RGB", (16, 16), (200, 100, 50))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    expected = opened(clean(files.written(image, "PNG", icc_profile=files.srgb())).body).getpixel((8, 8))
    assert isinstance(expected, tuple)
    assert all(abs(a - b) <= 4 for a, b in zip(expected, (200, 100, 50), strict=True))
    # A profile of another kind of picture says nothing.
    assert opened(clean(files.written(image, "PNG", icc_profile=lab)).body).getpixel((8, 8)) == expected
    assert opened(clean(files.written(image, "PNG", icc_profile=b"no profile")).body).getpixel((8, 8)) == expected


def test_a_wide_gamut_is_brought_into_srgb() -> None:
    # The same profile with red and green exchanged: a conversion that is not done would be seen.
    profile = files.srgb()
    tags = {profile[at : at + 4]: at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12)}
    red, green = (profile[tags[name] + 4 : tags[name] + 12] for name in (b"rXYZ", b"gXYZ"))
    swapped = bytearray(profile)
    swapped[tags[b"rXYZ"] + 4 : tags[b"rXYZ"] + 12] = green
    swapped[tags[b"gXYZ"] + 4 : tags[b"gXYZ"] + 12] = red
    image = Image.new("RGB", (16, 16), files.RED)
    picture = clean(files.written(image, "PNG", icc_profile=bytes(swapped)))
    assert files.quarters(opened(picture.body)) == ["green"] * 4
