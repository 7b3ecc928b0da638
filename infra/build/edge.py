"""The template of the distribution: infra/edge.yaml with a behaviour for each rule of the site's `headers.json`.

What a browser may load from where is decided where the site is built; the front of `make run` and the distribution both
obey that one file.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Any

from infra.build.packages import ROOT
from infra.build.template import Template, load
from infra.local.front import API, HeaderRules

EDGE = ROOT / "infra" / "edge.yaml"
POLICY = "Content-Security-Policy"
EVERYWHERE = "HeadersEverywhere"
STRICT = "Strict-Transport-Security"
SECURITY = {"X-Content-Type-Options", "Referrer-Policy", STRICT}
"""Headers that CloudFront has members of their own for, and takes in no other way."""

READING = ["GET", "HEAD", "OPTIONS"]
EVERYTHING = [*READING, "PUT", "POST", "PATCH", "DELETE"]


def planned_rules() -> HeaderRules:
    """Return the rules as the site's build writes them, of pages whose scripts have made-up hashes."""
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", _PLANNED],
        cwd=ROOT / "static-site",
        check=True,
        capture_output=True,
        text=True,
    )
    return HeaderRules.read(done.stdout, "https://photos.example")


def of_distribution(rules: HeaderRules) -> Template:
    """Return the template with the headers of a site that was built."""
    template = load(EDGE)
    names = {"": EVERYWHERE}
    for prefix in sorted(rules.rules):
        names.setdefault(rules.rules[prefix].get(POLICY, ""), f"Headers{_word(prefix)}")
    for policy, name in names.items():
        template["Resources"][name] = _headers(name, rules.everywhere, policy)
    behaviours = {prefix: _files(names[held.get(POLICY, "")]) for prefix, held in rules.rules.items()}
    config = template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    config["DefaultCacheBehavior"] = behaviours.pop("/")
    # CloudFront takes the first that fits: the longest come first.
    config["CacheBehaviors"] = [
        *({"PathPattern": f"{prefix}*", **_answers()} for prefix in API),
        *({"PathPattern": _pattern(prefix), **behaviours[prefix]} for prefix in sorted(behaviours, key=len)[::-1]),
    ]
    return template


def _files(headers: str) -> dict[str, Any]:
    folders = {
        "EventType": "viewer-request",
        "FunctionARN": {"Fn::GetAtt": ["Folders", "FunctionMetadata.FunctionARN"]},
    }
    return {
        **_behaviour("site", READING, "Files", headers),
        "FunctionAssociations": [folders],
    }


def _answers() -> dict[str, Any]:
    return {**_behaviour("api", EVERYTHING, "Answers", EVERYWHERE), "OriginRequestPolicyId": {"Ref": "Asked"}}


def _behaviour(origin: str, methods: list[str], cache: str, headers: str) -> dict[str, Any]:
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": methods,
        "CachedMethods": ["GET", "HEAD"],
        "Compress": True,
        "CachePolicyId": {"Ref": cache},
        "ResponseHeadersPolicyId": {"Ref": headers},
    }


def _headers(name: str, everywhere: Mapping[str, str], policy: str) -> dict[str, Any]:
    security: dict[str, Any] = {
        "ContentTypeOptions": {"Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": everywhere["Referrer-Policy"], "Override": True},
        "StrictTransportSecurity": {**_strict(everywhere[STRICT]), "Override": True},
    }
    if policy:
        security["ContentSecurityPolicy"] = {"ContentSecurityPolicy": policy, "Override": True}
    others = [
        {"Header": header, "Value": value, "Override": True}
        for header, value in sorted(everywhere.items())
        if header not in SECURITY
    ]
    config = {
        "Name": {"Fn::Sub": f"czujka-${{Stage}}-{name.lower()}"},
        "SecurityHeadersConfig": security,
        "CustomHeadersConfig": {"Items": others},
    }
    return {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}


_PLANNED = """
import { headerRules } from "./build/headers.mjs";
const pages = ["public", "police", "partner", "dane", "embed", "generator"];
const hashes = Object.fromEntries(pages.map((page) => [page, `'sha256-${page}'`]));
console.log(JSON.stringify(headerRules(hashes, null, ["https://*.police.example"])));
"""


def _strict(value: str) -> dict[str, Any]:
    said = [part.strip() for part in value.split(";")]
    (seconds,) = (int(part.removeprefix("max-age=")) for part in said if part.startswith("max-age="))
    return {"AccessControlMaxAgeSec": seconds, "IncludeSubdomains": "includeSubDomains" in said}


def _pattern(prefix: str) -> str:
    return f"{prefix}*" if prefix.endswith("/") else prefix


def _word(prefix: str) -> str:
    """Return a prefix as part of a logical name: letters and digits."""
    return "".join(part.capitalize() for part in prefix.replace(".", "/").split("/")) or "Page"
