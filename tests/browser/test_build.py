"""What the build of the site makes: sizes, policy, integrity, languages; no browser is needed."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.local.emulator import ROOT
from infra.local.site import build_site

SITE = ROOT / "static-site"
LANGUAGES = {"pl": {"one", "few", "many", "other"}, "en": {"one", "other"}, "uk": {"one", "few", "many", "other"}}

pytestmark = pytest.mark.package


def build(folder: Path, instance: str = "pl") -> dict[str, Any]:
    """Build an instance's site into `folder`; what the build said about it."""
    return build_site(instance, folder, "")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("built")
    return folder, build(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def import_map(page: str) -> str:
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found is not None
    return found.group(1)


def test_every_size_is_within_its_budget(built: tuple[Path, dict[str, Any]]) -> None:
    report = built[1]
    assert report["over"] == []
    assert report["budgets"] == {
        "own": 25_000,
        "first_view": 80_000,
        "live_map": 150_000,
        "form": 25_000,
        "view": 10_000,
        "offline": 10_000,
        "console": 70_000,
        "partner": 35_000,
        "charts": 55_000,
        "info": 20_000,
        "embed": 30_000,
        "generator": 35_000,
    }
    assert all(0 < report[name] <= budget for name, budget in report["budgets"].items())


@pytest.mark.parametrize("folder", ["", "policja/", "partner/", "dane/", "embed/", "embed/generator/"])
def test_the_policy_allows_one_inline_script_and_that_is_the_import_map(
    built: tuple[Path, dict[str, Any]], folder: str
) -> None:
    page = (built[0] / f"{folder}index.html").read_text(encoding="utf-8")
    rules = json.loads((built[0] / "headers.json").read_text(encoding="utf-8"))["rules"]
    policy = next(rule["headers"]["Content-Security-Policy"] for rule in rules if rule["prefix"] == f"/{folder}")
    digest = base64.b64encode(hashlib.sha256(import_map(page).encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}'" in policy
    assert "worker-src 'self'" in policy
    assert "unsafe" not in policy
    assert len(re.findall(r"<script(?![^>]*\bsrc=)", page)) == 1
    assert not re.search(r"\son\w+=|\sstyle=", page)


@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("", ["connect-src"]),
        ("policja/", ["img-src"]),
        ("partner/", []),
        ("dane/", []),
        ("embed/", []),
        ("embed/generator/", []),
    ],
)
def test_the_public_page_may_post_photos_and_the_console_alone_may_show_them(
    built: tuple[Path, dict[str, Any]], folder: str, named: list[str]
) -> None:
    rules = json.loads((built[0] / "headers.json").read_text(encoding="utf-8"))["rules"]
    policy = next(rule["headers"]["Content-Security-Policy"] for rule in rules if rule["prefix"] == f"/{folder}")
    places = {"connect-src": "{uploads}", "img-src": "{photos}"}
    allowed = {words[0]: words[1:] for words in (rule.split() for rule in policy.split("; "))}
    assert [name for name, place in places.items() if place in allowed[name]] == named
    assert policy.count("{") == len(named)


def test_every_module_has_the_integrity_that_the_page_asks_for(built: tuple[Path, dict[str, Any]]) -> None:
    folders = {"": "", "policja": "police", "partner": "partner", "dane": "dane", "embed": "embed"}
    folders["embed/generator"] = "generator"
    held = {
        own: json.loads(import_map((built[0] / folder / "index.html").read_text(encoding="utf-8")))["integrity"]
        for folder, own in folders.items()
    }
    modules = {f"/{name}" for name in files(built[0]) if name.endswith(".js")} - {"/sw.js"}
    modules = {name for name in modules if not name.endswith("/theme.js")}
    theirs = {own: {name for name in modules if f"/{own}/" in name} for own in folders.values() if own}
    assert all(theirs.values())
    assert modules - set().union(*theirs.values()) <= set(held[""])
    for own, names in theirs.items():
        assert names <= set(held[own])
        assert not any(names & set(page) for other, page in held.items() if other != own)
    for address, integrity in ((name, digest) for page in held.values() for name, digest in page.items()):
        digest = hashlib.sha384((built[0] / address.removeprefix("/")).read_bytes()).digest()
        assert integrity == f"sha384-{base64.b64encode(digest).decode()}"


def test_the_same_sources_give_the_same_bytes(built: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    build(tmp_path)
    assert files(tmp_path) == files(built[0])


def test_another_instance_is_another_folder_and_no_other_code(
    built: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    build(tmp_path, "vancouver")
    # The service worker holds the list of this build's files.
    one, other = (
        {Path(name).name: body for name, body in files(folder).items() if name.endswith(".js") and name != "sw.js"}
        for folder in (tmp_path, built[0])
    )
    assert one == other
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert (config["zone"], config["emergency"]["number"]) == ("America/Vancouver", "911")
    # The declaration of accessibility is that of one country's law.
    assert config["declaration"] is False
    assert not (tmp_path / "info" / "en" / "accessibility").exists()
    assert "/accessibility/" not in (tmp_path / "info" / "en" / "index.html").read_text(encoding="utf-8")


def test_the_gazetteer_knows_the_towns_by_their_own_names(built: tuple[Path, dict[str, Any]]) -> None:
    places = json.loads((built[0] / "data" / "places.json").read_text(encoding="utf-8"))
    assert len(places["names"]) == len(places["lat"]) == len(places["lon"]) == len(places["area"]) > 3_000
    assert places["names"][0] == "Warszawa"
    assert {"Hel", "Jastarnia", "Słubice", "Rewal", "Kuźnica"} <= set(places["names"])


def test_the_lock_file_names_no_machine() -> None:
    lock = (SITE / "package-lock.json").read_text(encoding="utf-8")
    hosts = set(re.findall(r'"resolved": "https?://([^/"]+)', lock))
    assert hosts <= {"registry.npmjs.org"}
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def texts(language: str) -> dict[str, Any]:
    """The map's texts and those that the console, the page of institutions, that of charts and the plain ones add."""
    folders = (
        SITE / "languages",
        *(SITE / "languages" / page for page in ("police", "partner", "dane", "info", "embed", "generator")),
    )
    parts = [json.loads((folder / f"{language}.json").read_text(encoding="utf-8")) for folder in folders]
    together = {key: text for part in parts for key, text in part.items()}
    assert len(together) == sum(map(len, parts))
    return together


def fields(text: Any) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", json.dumps(text)))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_language_is_complete_in_every_plural_form(language: str) -> None:
    polish, own = texts("pl"), texts(language)
    assert list(own) == list(polish)
    for key, text in own.items():
        assert isinstance(text, dict) == isinstance(polish[key], dict), key
        assert fields(text) == fields(polish[key]), key
        if isinstance(text, dict):
            assert set(text) == LANGUAGES[language], key
        assert all(text.values() if isinstance(text, dict) else [text]), key


def test_every_text_that_the_code_names_is_there_and_none_is_left_over() -> None:
    folders = (SITE / "src", SITE / "build")
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".js", ".mjs", ".html"}]
    sources = [path.read_text(encoding="utf-8") for path in paths]
    code = "\n".join(sources)
    named = set(re.findall(r'(?:\bt\("|t:|data-t="|data-t-label=")([a-z]+\.\w+)', code))
    # Keys that are put together: every one that begins so may be meant.
    prefixes = tuple(re.findall(r"`([a-z]+\.\w*)\$\{", code))
    quoted = set(re.findall(r'"([a-z]+\.[a-z_0-9]+)"', code))
    known = set(texts("pl"))
    assert named - {prefix.rstrip(".") for prefix in prefixes} <= known
    assert {key for key in known if key not in named | quoted and not key.startswith(prefixes)} == set()
