"""`make partner`: lists the institutions that cases are passed on to, adds or changes one, and gives it a token.

`make partner CODE=ZDM-WARSZAWA KIND=road NAME="…" AREAS=1465 ADDRESSES=drogi@example.org` adds one, or changes what it
names; the same again changes nothing. Whoever is added gets a token, which is shown once: the table holds a keyed hash
of it. `TOKEN=new` replaces the token, `TOKEN=revoke` takes it away. `NAMES='{"pl": …, "en": …}'` names it in
several languages; `FILE=partners.json` adds all of a file and gives nobody a token.

Works on the running local instance; where MAIN_TABLE, QUOTA_TABLE and SECRETS_PARAM are set, on that stage on AWS.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.session import get_session

from chalicelib.clock import system_clock
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.email import parse as parse_address
from chalicelib.domain.errors import Invalid
from chalicelib.domain.partners import CODE, EVERYWHERE, SECRET_BYTES, digest, minted
from chalicelib.store import keys, models, partners
from chalicelib.store.partner_items import PartnerAreaItem, PartnerItem
from chalicelib.store.secrets import Secrets
from infra.commands.instance import NotRunning, connect
from infra.local.emulator import ROOT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NAME_LIMIT = 100
"""Code points of an institution's name, as of any body's that a case is passed on to."""


class Unusable(Exception):
    """What was asked for cannot be done; the message says why, and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """List, add, change, give or take a token; 1 and a word of advice where that is impossible."""
    options = parse(arguments)
    try:
        code = os.environ.get("INSTANCE") or "pl"
        if "MAIN_TABLE" not in os.environ:
            os.environ.update(connect().environment())
        models.bind(os.environ["MAIN_TABLE"], os.environ["QUOTA_TABLE"])
        result = done(options, ROOT / "instances" / code)
    except (NotRunning, Unusable) as refusal:
        print(refusal, file=sys.stderr)
    except partners.Changed:
        print("Somebody else has changed this institution at the same moment. Look, and try again.", file=sys.stderr)
    else:
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return 0
    return 1


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make partner", description=__doc__)
    parser.add_argument("--code", help="capital letters, digits and hyphens")
    parser.add_argument("--kind", help="a kind of the catalogue")
    parser.add_argument("--name", help="its name, in the instance's language")
    parser.add_argument("--names", help="its names as JSON, by language")
    parser.add_argument("--areas", help="codes of areas with commas, * for everywhere")
    parser.add_argument("--addresses", help="where its mail goes, with commas")
    parser.add_argument("--token", choices=("new", "revoke"), help="replace its token, or take it away")
    parser.add_argument("--file", type=Path, help="JSON: a list of code, kind, names, areas, addresses")
    options = parser.parse_args(arguments)
    if options.file and options.code:
        parser.error("FILE= and CODE= go apart")
    if not options.code and any((options.kind, options.name, options.names, options.areas, options.token)):
        parser.error("CODE= is missing")
    return options


def done(options: argparse.Namespace, folder: Path) -> Any:
    """Do what is asked for and return what to print."""
    if options.file:
        return {"changed": load(json.loads(options.file.read_text("utf-8")), folder)}
    if not options.code:
        return [_shown(partner) for partner in partners.listed()]
    before = partners.find(options.code, consistent=True)
    partners.save(options.code, **checked(_given(options, before, folder), folder))
    wish = options.token or ("new" if before is None else None)
    return _with_token(_there(options.code), wish)


def load(rows: list[dict[str, Any]], folder: Path) -> int:
    """Add or change all institutions of a document and return how many were; raises `Unusable` before the first."""
    sound = [(str(row.get("code")), checked(row, folder)) for row in rows]
    return sum(partners.save(code, **row) for code, row in sound)


def load_new(client: DynamoDBClient, table: str, folder: Path) -> int:
    """Add the institutions of an instance's folder that are not there; whoever is there stays as the operator wants it.

    Return how many the folder names.
    """
    path = folder / "partners.json"
    rows = json.loads(path.read_text("utf-8")) if path.is_file() else []
    for row in rows:
        named = {"code": row["code"], **checked(row, folder)}
        head = PartnerItem(keys.PARTNERS, row["code"], v=1, **named)
        area = {name: named[name] for name in ("code", "kind", "names")}
        pointers = [
            PartnerAreaItem(keys.PARTNER_AREAS, keys.partner_area(each, row["code"]), **area) for each in named["areas"]
        ]
        puts: list[Any] = [{"Put": {"TableName": table, "Item": item.serialize()}} for item in (head, *pointers)]
        puts[0]["Put"]["ConditionExpression"] = "attribute_not_exists(PK)"
        try:
            client.transact_write_items(TransactItems=puts)
        except client.exceptions.TransactionCanceledException:
            continue
    return len(rows)


def checked(row: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return kind, names, areas and addresses as they are kept; raises `Unusable`."""
    code, kind = str(row.get("code")), row.get("kind")
    kinds = Catalogue.from_document(_document(folder, "catalogue")).partner_kinds
    language = _document(folder, "instance")["default_language"]
    names: dict[str, str] = row.get("names") or {}
    areas: list[str] = row.get("areas") or []
    addresses: list[str] = row.get("addresses") or []
    if not CODE.fullmatch(code):
        raise Unusable(f"{code}: a code is made of capital letters, digits and hyphens, 2 to 40 of them.")
    if kind not in kinds:
        raise Unusable(f"{code}: KIND= is one of {', '.join(kinds)}.")
    if language not in names or not all(name.strip() and len(name) <= NAME_LIMIT for name in names.values()):
        raise Unusable(f"{code}: NAME= is missing, or longer than {NAME_LIMIT} characters.")
    if not 1 <= len(areas) <= partners.MOST_AREAS or not all(area == EVERYWHERE or area.isdigit() for area in areas):
        raise Unusable(f"{code}: AREAS= are 1 to {partners.MOST_AREAS} codes of areas, or * for everywhere.")
    return {"kind": kind, "names": dict(names), "areas": sorted(set(areas)), "addresses": [*map(_address, addresses)]}


def _given(options: argparse.Namespace, before: partners.Partner | None, folder: Path) -> dict[str, Any]:
    """Return what the options say, and of the rest what is there already."""
    language = _document(folder, "instance")["default_language"]
    names = json.loads(options.names) if options.names else {language: options.name} if options.name else None
    kept = before
    return {
        "code": options.code,
        "kind": options.kind or (kept and kept.kind),
        "names": names or (kept and dict(kept.names)),
        "areas": _split(options.areas) or (kept and list(kept.areas)),
        "addresses": _split(options.addresses) or (kept and list(kept.known)),
    }


def _with_token(partner: partners.Partner, wish: str | None) -> dict[str, Any]:
    now = system_clock()
    if wish == "revoke":
        partners.revoke(partner)
    elif wish == "new":
        keyring = Secrets(get_session().create_client("ssm"), os.environ["SECRETS_PARAM"]).keyring
        token = minted(partner.code, secrets.token_bytes(SECRET_BYTES))
        partners.set_token(partner, digest(keyring.partner_tokens, token), now)
        site = os.environ.get("SITE_URL", "").rstrip("/")
        return {**_shown(_there(partner.code)), "token": token, "link": f"{site}/partner/#token={token}"}
    return _shown(_there(partner.code))


def _shown(partner: partners.Partner) -> dict[str, Any]:
    return {
        "code": partner.code,
        "kind": partner.kind,
        "names": dict(partner.names),
        "areas": list(partner.areas),
        "addresses": list(partner.known),
        "flagged": list(partner.flagged),
        "token_expires": None if partner.expires is None else keys.instant(partner.expires),
    }


def _there(code: str) -> partners.Partner:
    found = partners.find(code, consistent=True)
    if found is None:
        raise partners.Changed
    return found


def _address(given: str) -> str:
    try:
        return parse_address(given).text
    except Invalid as invalid:
        raise Unusable(f"{given} is no address.") from invalid


def _split(given: str | None) -> list[str]:
    return [each.strip() for each in (given or "").split(",") if each.strip()]


def _document(folder: Path, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return document


if __name__ == "__main__":
    sys.exit(main())
