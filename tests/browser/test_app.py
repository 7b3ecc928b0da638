"""What makes the site an app: manifests, icons, and the service worker's list of what a page may need offline."""

import base64
import hashlib
import json
import re
import shutil
import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from infra.local.emulator import ROOT
from infra.local.front import HeaderRules
from infra.local.site import build_site

pytestmark = pytest.mark.package

LANGUAGES = ("pl", "en", "uk")


def token(name: str) -> str:
    """The light colour of a token, as the style sheet has it."""
    sheet = (ROOT / "static-site" / "src" / "styles" / "1-tokens.css").read_text("utf-8")
    found = re.search(rf"--{name}: light-dark\((#\w+),", sheet)
    assert found is not None
    colour = found.group(1)
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])


def shell(folder: Path) -> dict[str, str]:
    """Path → integrity of every file that the worker stores."""
    found = re.search(r"files:(\[\[.*?\]\])", (folder / "sw.js").read_text("utf-8"))
    assert found is not None
    return dict(json.loads(found.group(1)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_installs_one_and_the_same_app_in_its_own_words(site_folder: Path, language: str) -> None:
    manifest: dict[str, Any] = json.loads((site_folder / "app" / f"{language}.webmanifest").read_text("utf-8"))
    texts = json.loads((ROOT / "static-site" / "languages" / f"{language}.json").read_text("utf-8"))
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert manifest["lang"] == language
    assert manifest["name"].startswith(texts["app.title"])
    assert (manifest["theme_color"], manifest["background_color"]) == (token("alarm").lower(), token("bg"))
    for icon in manifest["icons"]:
        body = (site_folder / icon["src"].removeprefix("/")).read_bytes()
        if icon["type"] == "image/png":
            side = struct.unpack(">II", body[16:24])
            assert f"{side[0]}x{side[1]}" == icon["sizes"]
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}


def pixel(folder: Path, name: str, x: int, y: int) -> tuple[int, ...]:
    found = Image.open(BytesIO((folder / "app" / name).read_bytes())).getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def test_icons_have_the_colours_of_the_tokens_and_only_those_that_a_system_cuts_fill_their_square(
    site_folder: Path,
) -> None:
    ground, eye = (tuple(bytes.fromhex(colour[1:])) for colour in (token("primary"), token("focus-halo")))
    assert pixel(site_folder, "icon-512.png", 256, 256) == (*eye, 255)
    assert pixel(site_folder, "icon-512.png", 256, 10) == (*ground, 255)
    assert pixel(site_folder, "icon-512.png", 0, 0)[3] == 0
    assert pixel(site_folder, "maskable-512.png", 0, 0) == (*ground, 255)
    # Whatever shape is cut out, the middle four fifths stay: the line of the hexagon lies within.
    ring = [pixel(site_folder, "maskable-512.png", 256, y) for y in range(52)]
    assert set(ring) == {(*ground, 255)}


def test_the_worker_stores_all_of_the_public_page_by_its_hash_and_nothing_of_others(site_folder: Path) -> None:
    listed = shell(site_folder)
    for path, integrity in listed.items():
        name = path.removeprefix("/") or "index.html"
        digest = hashlib.sha384((site_folder / name).read_bytes()).digest()
        assert integrity == f"sha384-{base64.b64encode(digest).decode()}", path
    page = (site_folder / "index.html").read_text("utf-8")
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found is not None
    assert set(json.loads(found.group(1))["integrity"]) <= set(listed)
    assert {f"/{path.relative_to(site_folder)}" for path in site_folder.glob("a/*/languages/*.json")} <= set(listed)
    assert not [
        path
        for path in listed
        if any(f"/{page}" in path for page in ("police", "partner", "policja", "dane", "info", "embed"))
    ]


def test_the_worker_is_asked_for_anew_and_may_reach_this_origin_alone(site_folder: Path) -> None:
    headers = HeaderRules.read((site_folder / "headers.json").read_text("utf-8")).of("/sw.js")
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert HeaderRules.read((site_folder / "headers.json").read_text("utf-8")).of("/")["Cache-Control"] == "no-cache"


def test_an_instance_that_wants_no_offline_pages_publishes_what_ends_the_worker(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    shutil.copytree(ROOT / "instances" / "pl", instance)
    settings = json.loads((instance / "site.json").read_text("utf-8"))
    (instance / "site.json").write_text(json.dumps({**settings, "offline": False}), "utf-8")
    out = tmp_path / "site"
    build_site(str(instance), out, "")
    worker = (out / "sw.js").read_text("utf-8")
    assert "unregister()" in worker
    assert '"fetch"' not in worker
    assert json.loads((out / "config.json").read_text("utf-8"))["offline"] is False
