"""The bill of materials: what is deployed, in CycloneDX 1.6, made of the locks and of what the packages say themselves.

The same locks give the same bytes: there is no time and no random number in it.
"""

from __future__ import annotations

import base64
import importlib.metadata
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.build.packages import FUNCTION_LOCK, LAYER_LOCKS, ROOT

SITE_LOCK = ROOT / "static-site" / "package-lock.json"

_PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)(?P<rest>.*(?:\n    .*)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

# How older packages say in their classifiers, or in one field, what newer ones say as SPDX.
CLASSIFIERS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

# What packages that say nothing in their metadata say in their licence file.
SAID_ELSEWHERE = {"d3-geo-projection": "BSD-3-Clause", "prelude-ls": "MIT"}

# What may go into what we hand on under the EUPL: it asks for notices at most, which the zips and pages bear.
ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0"),
        *("CC-BY-4.0", "Zlib"),
        # Asks for the source of its own files where they are changed; the EUPL names it as one that goes with it.
        "MPL-2.0",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """A package of what is deployed: `ecosystem` is ``pypi`` or ``npm``, `used_by` the zip, layer or site.

    `hashes` are (algorithm, hexadecimal digest) of the files that its lock lets in.
    """

    ecosystem: str
    name: str
    version: str
    licence: str | None
    hashes: tuple[tuple[str, str], ...]
    used_by: str

    @property
    def purl(self) -> str:
        """Package URL, the name by which databases of weaknesses know it."""
        return f"pkg:{self.ecosystem}/{self.name.replace('@', '%40')}@{self.version}"


def parts() -> list[Part]:
    """Return everything third-party that functions, layers and site are made of, sorted."""
    found = [*_python("functions", FUNCTION_LOCK)]
    for layer, lock in LAYER_LOCKS.items():
        found += _python(layer, lock)
    found += _site(json.loads(SITE_LOCK.read_text("utf-8")))
    return sorted(found, key=lambda part: (part.used_by, part.purl))


def bill(version: str, found: Iterable[Part]) -> dict[str, Any]:
    """Return the CycloneDX document of a release."""
    components: dict[str, dict[str, Any]] = {}
    users: dict[str, list[str]] = {}
    for part in found:
        components.setdefault(part.purl, _component(part))
        users.setdefault(part.purl, []).append(part.used_by)
    for purl, names in users.items():
        components[purl]["properties"] = [{"name": "czujka:used_by", "value": name} for name in sorted(set(names))]
    own = {"type": "application", "bom-ref": "czujka", "name": "czujka", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"license": {"id": "EUPL-1.2"}}]}},
        "components": [components[purl] for purl in sorted(components)],
        "dependencies": [{"ref": "czujka", "dependsOn": sorted(components)}],
    }


def names_of(licence: str | None) -> set[str]:
    """Return the SPDX ids of an expression; empty where nothing is known."""
    return set(re.findall(r"[\w.+-]+", licence or "")) - {"AND", "OR", "WITH"}


def is_allowed(licence: str | None) -> bool:
    """Tell whether what is under this licence may be handed on with ours: of an OR one is enough, of an AND all."""
    choices = [names_of(choice) for choice in re.split(r"\bOR\b", licence or "")]
    return any(names and names <= ALLOWED for names in choices)


def licence_of(package: str) -> str | None:
    """Return the SPDX expression of an installed Python package, None where it says none that is known."""
    said = importlib.metadata.metadata(package)
    if "License-Expression" in said:
        return str(said["License-Expression"])
    classifiers = (
        text.rsplit(" :: ", 1)[-1] for text in said.get_all("Classifier") or () if text.startswith("License")
    )
    known = {CLASSIFIERS[name] for name in classifiers if name in CLASSIFIERS}
    # The oldest field of all holds an id, a sentence or the whole text.
    field = str(said["License"]) if "License" in said else ""
    oldest = CLASSIFIERS.get(field, field if field in ALLOWED else None)
    return " AND ".join(sorted(known)) or oldest


def _python(used_by: str, lock: Path) -> Iterator[Part]:
    for pin in _PIN.finditer(lock.read_text("utf-8")):
        hashes = tuple(("SHA-256", digest) for digest in _HASH.findall(pin["rest"]))
        yield Part("pypi", pin["name"], pin["version"], licence_of(pin["name"]), hashes, used_by)


def _site(lock: dict[str, Any]) -> Iterator[Part]:
    for path, package in lock["packages"].items():
        # The first is the site itself; what is for development, or for another machine's build alone, is not in it.
        if path and not package.get("dev") and not package.get("optional"):
            name = path.rpartition("node_modules/")[2]
            algorithm, _, digest = package["integrity"].partition("-")
            hashes = ((f"SHA-{algorithm.removeprefix('sha')}", base64.b64decode(digest).hex()),)
            licence = _spdx(package.get("license")) or SAID_ELSEWHERE.get(name)
            yield Part("npm", name, package["version"], licence, hashes, "site")


def _spdx(said: str | None) -> str | None:
    return {"MIT/X11": "MIT"}.get(said, said) if said else None


def _component(part: Part) -> dict[str, Any]:
    # A lock lets in several files of one version, for other machines too: they are what it may be distributed as.
    found = [
        {"type": "distribution", "url": f"{part.purl}#{digest[:16]}", "hashes": [{"alg": algorithm, "content": digest}]}
        for algorithm, digest in part.hashes
    ]
    made = {"type": "library", "bom-ref": part.purl, "name": part.name, "version": part.version, "purl": part.purl}
    return made | ({"licenses": [{"expression": part.licence}]} if part.licence else {}) | {"externalReferences": found}
