"""What a fresh instance needs beside its stacks: keys, units, places, site."""

import json
from pathlib import Path
from typing import Any

from chalicelib.clock import system_clock
from chalicelib.store.secrets import new_document, seal
from infra.build.archive import digest, members
from infra.build.packages import ROOT
from infra.commands.instance import Running
from infra.commands.partner import load_new
from infra.commands.units import load_units, local_addresses, units_of
from infra.local.site import LoginPage, build_site, upload_site
from infra.places.builtin import ensure_places

SITE_FROM = ("src", "languages", "build")
SITE_FROM_FILES = ("build.mjs", "package-lock.json")


def create_keys(ssm: Any, name: str) -> bool:
    """Make the signing keys, once in the life of an instance; gives whether they were made now."""
    try:
        ssm.put_parameter(Name=name, Value=new_document(), Type="SecureString", Overwrite=False)
    except ssm.exceptions.ParameterAlreadyExists:
        return False
    return True


def seal_of(ssm: Any, name: str) -> str:
    """Return what an API knows its distribution by: of the newest version of the keys."""
    held = ssm.get_parameter(Name=name, WithDecryption=True)
    return seal(bytes.fromhex(json.loads(held["Parameter"]["Value"])["keys"][-1]["device"]))


def note(ssm: Any, name: str) -> str:
    """What `keep_note` kept under the name in the instance's own state, or an empty string."""
    try:
        return str(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return ""


def keep_note(ssm: Any, name: str, value: str) -> None:
    """Keep a fingerprint in the instance's own state, so that it is lost exactly when what it stands for is lost."""
    ssm.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)


def load_documents(running: Running) -> str:
    """Load the units and, where no register was imported, the built-in places; gives a remark for the progress line."""
    folder = ROOT / "instances" / running.instance
    units = units_of(folder)
    load_units(running.client("dynamodb"), running.names["MAIN_TABLE"], units, local_addresses(units))
    institutions = load_new(running.client("dynamodb"), running.names["MAIN_TABLE"], folder)
    pointer = ensure_places(running.client("s3"), running.names["WORK_BUCKET"], folder, system_clock())
    advice = " (make boundaries FILE=… imports the register)" if pointer["boundaries"] == "approximate" else ""
    return f"{len(list(units))} units, {institutions} institutions, {pointer['boundaries']} boundaries{advice}"


def documents_fingerprint(instance: str) -> str:
    """Hash of everything that units and built-in places come from."""
    files: dict[str, Path | bytes] = {"package-lock.json": ROOT / "static-site" / "package-lock.json"}
    for folder in ("infra/places", "chalicelib/domain", f"instances/{instance}"):
        files |= members(ROOT / folder, folder)
    files["partner.py"] = ROOT / "infra" / "commands" / "partner.py"
    files["units.py"] = ROOT / "infra" / "commands" / "units.py"
    return digest(files)


def site_fingerprint(instance: str, site_url: str) -> str:
    """Hash of everything that the site is built from."""
    site = ROOT / "static-site"
    files: dict[str, Path | bytes] = {name: site / name for name in SITE_FROM_FILES}
    for folder in SITE_FROM:
        files |= members(site / folder, folder)
    files |= members(ROOT / "instances" / instance, "instance")
    # Rules, and the words for reasons, are pages of the site.
    for folder in ("chalicelib/domain", "chalicelib/languages/reasons"):
        files |= members(ROOT / folder, folder)
    files["site.py"] = Path(__file__).with_name("site.py")
    return digest(files, site_url)


def publish_site(s3: Any, bucket: str, instance: str, out: Path, site_url: str, login: LoginPage | None = None) -> int:
    """Build the site and put it into the bucket; gives the number of files."""
    build_site(instance, out, site_url, login)
    return upload_site(s3, bucket, out)
