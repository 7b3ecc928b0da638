"""Photos in the form: what leaves the device, hiding by hand, and the way to the police on the deployed stack."""

import base64
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.filing import TEXT, title, to_details
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import PHONE, Visitor
from tests.support.whole import Whole

WIDE, TALL = 3_000, 2_000
RED, BLUE = (200, 30, 30), (30, 30, 200)
UPRIGHT_AFTER_A_QUARTER = 6
GPS = 0x8825

PAINT = """async ([module, encoded, boxes]) => {
  const { painted, hide, file } = await import(module);
  const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
  const canvas = await painted(new Blob([bytes]));
  for (const box of boxes) hide(canvas, box);
  const blob = await file(canvas);
  const made = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < made.length; at += 32768) text += String.fromCharCode(...made.subarray(at, at + 32768));
  return btoa(text);
}"""


def photo(*, orientation: int | None = None, picture: Image.Image | None = None) -> bytes:
    """A JPEG as a phone writes it: red on the left, blue on the right, with place and camera beside the picture."""
    if picture is None:
        picture = Image.new("RGB", (WIDE, TALL), RED)
        picture.paste(BLUE, (WIDE // 2, 0, WIDE, TALL))
    exif = Image.Exif()
    exif[0x010F] = "Canary Phones"
    exif[GPS] = {1: "N", 2: (53.0, 10.0, 41.0), 3: "E", 4: (22.0, 3.0, 33.0)}
    if orientation is not None:
        exif[0x0112] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"canary comment")
    return out.getvalue()


@pytest.fixture(scope="module")
def still_page(browser: Browser, site: str) -> Iterator[Page]:
    visitor = Visitor(browser)
    yield visitor.open(site)
    visitor.close()


def through(page: Page, folder: Path, data: bytes, boxes: list[dict[str, int]] | None = None) -> bytes:
    """What the browser makes of a file before it is sent."""
    base = "/" + str(next((folder / "a").iterdir()).relative_to(folder))
    encoded = base64.b64encode(data).decode()
    return base64.b64decode(page.evaluate(PAINT, [f"{base}/report/picture.js", encoded, boxes or []]))


def near(colour: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 20 for one, other in zip(colour, wanted, strict=True))


def test_nothing_but_the_picture_leaves_the_device(still_page: Page, site_folder: Path) -> None:
    made = through(still_page, site_folder, photo())
    assert b"anary" in photo()
    assert b"anary" not in made
    assert b"Exif" not in made
    picture = Image.open(io.BytesIO(made))
    assert (picture.format, picture.size) == ("JPEG", (2560, 1707))
    assert not picture.getexif()
    assert near(picture.getpixel((100, 800)), RED)
    assert near(picture.getpixel((2460, 800)), BLUE)


def test_a_photo_that_was_taken_on_its_side_is_turned_upright(still_page: Page, site_folder: Path) -> None:
    picture = Image.open(io.BytesIO(through(still_page, site_folder, photo(orientation=UPRIGHT_AFTER_A_QUARTER))))
    assert picture.size == (1707, 2560)
    assert near(picture.getpixel((800, 100)), RED)
    assert near(picture.getpixel((800, 2460)), BLUE)


def test_a_small_photo_is_not_blown_up_and_what_is_transparent_is_white(still_page: Page, site_folder: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    picture = Image.open(io.BytesIO(through(still_page, site_folder, out.getvalue())))
    assert picture.size == (300, 200)
    assert near(picture.getpixel((150, 100)), (255, 255, 255))


def test_what_was_hidden_cannot_be_seen_again(still_page: Page, site_folder: Path) -> None:
    board = Image.new("RGB", (800, 600), (255, 255, 255))
    for x in range(0, 800, 20):
        board.paste((0, 0, 0), (x, 0, x + 10, 600))
    box = {"x": 200, "y": 200, "width": 240, "height": 120}
    picture = Image.open(io.BytesIO(through(still_page, site_folder, photo(picture=board), [box]))).convert("L")

    def steps(row: int, start: int, end: int) -> int:
        values = [picture.getpixel((x, row)) for x in range(start, end)]
        return sum(abs(int(one) - int(other)) > 60 for one, other in pairwise(values))  # type: ignore[arg-type]

    assert steps(100, 200, 440) >= 20
    assert steps(260, 210, 430) <= 6


def chosen(page: Page, tmp_path: Path, count: int = 1) -> None:
    files = []
    for number in range(count):
        file = tmp_path / f"{number}.jpg"
        file.write_bytes(photo())
        files.append(file)
    page.set_input_files(".photo-field input[type=file]", files)
    expect(page.locator(".photos li")).to_have_count(min(count, 3))


def test_photos_are_chosen_hidden_in_part_and_removed_by_keyboard_alone(
    quiet: Visitor, origin: str, tmp_path: Path, artifacts: Path
) -> None:
    page = quiet.open(origin, PHONE)
    to_details(page)
    page.locator(".photo-field").wait_for()
    chosen(page, tmp_path, 4)
    expect(page.locator(".photo-field [role=status]")).to_have_text("Można dodać najwyżej trzy zdjęcia.")
    assert axe(page) == []
    assert page.evaluate(TARGETS % (SMALLEST, SMALLEST)) == []
    page.locator(".photos button").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.cover")
    expect(dialog).to_be_visible()
    before = page.evaluate("() => document.querySelector('.photos canvas').toDataURL()")
    page.locator("dialog canvas").focus()
    for key in ("ArrowLeft", "ArrowUp", "+", "Enter"):
        page.keyboard.press(key)
    expect(dialog.locator("[role=status]")).to_have_text("Zasłonięte.")
    assert page.evaluate("() => document.querySelector('.photos canvas').toDataURL()") != before
    dialog.locator("button:has-text('Cofnij')").click()
    assert page.evaluate("() => document.querySelector('.photos canvas').toDataURL()") == before
    assert axe(page) == []
    assert page.evaluate(TARGETS % (SMALLEST, SMALLEST)) == []
    assert page.evaluate(OVERFLOW) == 0
    page.screenshot(path=artifacts / "cover-phone.png")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.locator(".photos li").last.locator("button").last.press("Enter")
    expect(page.locator(".photos li")).to_have_count(2)
    expect(page.locator("#announcer")).to_have_text("Zdjęcie usunięte.")


def test_a_file_that_is_no_photo_is_refused_in_words(quiet: Visitor, origin: str, tmp_path: Path) -> None:
    page = quiet.open(origin)
    to_details(page)
    file = tmp_path / "note.jpg"
    file.write_bytes(b"not a photo")
    page.locator(".photo-field").wait_for()
    page.set_input_files(".photo-field input[type=file]", [file])
    expect(page.locator(".photo-field [role=status]")).to_contain_text("nie da się odczytać")
    expect(page.locator(".photos li")).to_have_count(0)


def objects(stack: Whole, bucket: str) -> list[str]:
    found = stack.running.client("s3").list_objects_v2(Bucket=stack.running.names[bucket])
    return [item["Key"] for item in found.get("Contents", [])]


def test_photos_go_after_the_report_and_their_clean_copies_arrive(
    quiet: Visitor, stack: Whole, origin: str, tmp_path: Path, artifacts: Path
) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "asked another origin", "net::ERR")
    page = quiet.open(origin, PHONE)
    kept = set(objects(stack, "PHOTO_BUCKET"))
    to_details(page)
    page.fill("#description", TEXT)
    page.locator(".photo-field").wait_for()
    chosen(page, tmp_path, 2)
    page.click(".panel-foot button")
    title(page, "Czy wszystko się zgadza?")
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        lost.append(route.request.url)
        if len(lost) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(lambda url: not url.startswith(origin) and url.startswith("http"), lose_the_first)
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    status = page.locator(".photo-field > [role=status]")
    expect(status).to_contain_text("Nie wszystkie zdjęcia dotarły")
    expect(page.locator("#receipt-code")).to_be_visible()
    page.click("text=Wyślij jeszcze raz")
    expect(status).to_have_text("Zdjęcia dotarły do policji.")
    expect(page.locator(".photos .hint")).to_have_text(["Dotarło.", "Dotarło."])
    page.screenshot(path=artifacts / "photos-sent-phone.png")
    fresh = set(objects(stack, "PHOTO_BUCKET")) - kept
    assert fresh
    assert objects(stack, "QUARANTINE_BUCKET") == []
    for key in fresh:
        body = stack.running.client("s3").get_object(Bucket=stack.running.names["PHOTO_BUCKET"], Key=key)["Body"].read()
        assert Image.open(io.BytesIO(body)).format == "JPEG"
        assert b"anary" not in body
