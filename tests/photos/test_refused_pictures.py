"""Files that are no pictures, or no sound ones: refused, and nothing else happens."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chalicelib.domain.photo import MAX_PIXELS, Rejection
from chalicelib.services.picture import MAX_SCANS, Refused, clean
from tests.photos import files
from tests.photos.test_picture import CANARY, assert_clean, opened


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic" + b"\0" * 100,
        b"BM" + b"\0" * 100,
        b" \xff\xd8\xff",
    ],
)
def test_P01_what_is_no_image_of_the_three_types_is_refused_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        clean(data)
    assert refused.value.reason is Rejection.NOT_AN_IMAGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    data = files.written(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
    for part in (13, 40, len(data) // 2, len(data) - len(data) // 10):
        with pytest.raises(Refused) as refused:
            clean(data[:part])
        assert refused.value.reason is Rejection.UNREADABLE


def test_P03_a_bomb_is_refused_before_it_is_decoded() -> None:
    width = 10_000
    data = files.bomb(width, MAX_PIXELS // width + 1)
    assert len(data) < 20_000
    with pytest.raises(Refused) as refused:
        clean(data)
    assert refused.value.reason is Rejection.TOO_MANY_PIXELS


def test_P03_a_larger_bomb_is_refused_by_the_library_itself() -> None:
    with pytest.raises(Refused) as refused:
        clean(files.bomb(50_000, 20_000)[:4000])
    assert (refused.value.reason, refused.value.cause) == (Rejection.TOO_MANY_PIXELS, "DecompressionBombError")


def test_P03_as_many_pixels_as_are_allowed_are_read() -> None:
    width = 10_000
    assert opened(clean(files.bomb(width, MAX_PIXELS // width)).body).size == (2560, 1280)


def test_P03_text_that_unpacks_without_end_is_refused() -> None:
    plain = files.written(files.scene(), "PNG")
    text = files.chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"\0" * 50_000_000, 9))
    with pytest.raises(Refused) as refused:
        clean(plain[:33] + text + plain[33:])
    assert refused.value.reason is Rejection.UNREADABLE


def test_P03_a_picture_of_very_many_passes_is_refused() -> None:
    plain = files.written(files.scene(), progressive=True)
    scans = b"\xff\xda\x00\x08\x01\x01\x00\x01\x01\x01" * MAX_SCANS
    with pytest.raises(Refused) as refused:
        clean(plain[:-2] + scans + plain[-2:])
    assert (refused.value.reason, refused.value.cause) == (Rejection.UNREADABLE, "scans")


SAMPLES = [files.written(files.scene(), kind, exif=files.exif(6, CANARY)) for kind in ("JPEG", "PNG", "WEBP")]
HEADS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8 ", b""]


@settings(max_examples=300)
@given(head=st.sampled_from(HEADS), rest=st.binary(max_size=2000))
def test_garbage_is_refused_and_nothing_else_happens(head: bytes, rest: bytes) -> None:
    with pytest.raises(Refused):
        clean(head + rest)


def test_a_damaged_file_is_read_clean_or_refused() -> None:
    outcomes = {"read": 0, "refused": 0}

    @settings(max_examples=400, database=None)
    @given(
        data=st.sampled_from(SAMPLES),
        at=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12),
    )
    def attack(data: bytes, at: list[tuple[float, int]]) -> None:
        damaged = bytearray(data)
        for place, value in at:
            damaged[int(place * len(data))] = value
        try:
            assert_clean(clean(bytes(damaged)))
            outcomes["read"] += 1
        except Refused:
            outcomes["refused"] += 1

    attack()
    assert min(outcomes.values()) >= 20, outcomes
