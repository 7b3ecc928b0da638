"""Builds the site of an instance and puts it into the site bucket."""

import json
import mimetypes
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.domain.rules import rules
from infra import notice
from infra.commands.replay import read_instance
from infra.local.emulator import ROOT
from infra.local.front import HeaderRules
from infra.local.progress import StepFailed

HEADERS = "headers.json"
WORKER = "sw.js"
# Published by the nightly and the live function; all else in the bucket is the site's.
PUBLISHED = "data/"


@dataclass(frozen=True)
class LoginPage:
    """Where officers log in: origin of the pool's own page, and the console's id there."""

    authority: str
    client: str


def build_site(instance: str, out: Path, site_url: str, login: LoginPage | None = None) -> dict[str, Any]:
    """Build into `out`; StepFailed with Node's own words. Without a page the console takes links alone.

    `instance` is its code, or the folder of its documents.

    Returns:
        Sizes of what a visitor fetches, with their budgets.
    """
    with TemporaryDirectory() as folder:
        # The pages of rules are drawn from the tables that the code obeys.
        document = Path(folder) / "rules.json"
        document.write_text(json.dumps(rules(read_instance(ROOT / "instances" / instance))), "utf-8")
        return _build([*_command(instance, out, site_url, login), "--rules", str(document)])


def _command(instance: str, out: Path, site_url: str, login: LoginPage | None) -> list[str]:
    command = ["node", "static-site/build.mjs", "--instance", instance, "--out", str(out), "--site-url", site_url]
    if login is not None:
        command += ["--login-authority", login.authority, "--login-client", login.client]
    return command


def _build(command: list[str]) -> dict[str, Any]:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise StepFailed("Node is not on the PATH. Install Node 20 or newer (https://nodejs.org).") from missing
    if done.returncode:
        raise StepFailed(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")
    return dict(json.loads(done.stdout))


def content_type(path: Path) -> str:
    """The media type by the name, with the character set where it is text."""
    known = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
    named = known.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{named}; charset=utf-8" if named.startswith("text/") else named


def upload_site(s3: Any, bucket: str, folder: Path) -> int:
    """Upload the built site, the page that names all the others after them; remove what it no longer has.

    The service worker comes last: it takes the files that it names only as a whole, so all of them must be there. An
    operator's notice stays as it is: only where there has been none, the site's own is put in its place.

    Returns:
        The number of files.
    """
    rules = HeaderRules.read((folder / HEADERS).read_text(encoding="utf-8"))
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    del files[HEADERS]
    if notice.KEY in files and notice.read(s3, bucket) is not None:
        del files[notice.KEY]
    for key in sorted(files, key=lambda key: (key == WORKER, key == "index.html", key)):
        cache = rules.of(f"/{key}").get("Cache-Control", "no-cache")
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=files[key].read_bytes(),
            ContentType=content_type(files[key]),
            CacheControl=cache,
        )
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for held in page.get("Contents", []):
            if held["Key"] not in files and not held["Key"].startswith(PUBLISHED):
                s3.delete_object(Bucket=bucket, Key=held["Key"])
    return len(files)
