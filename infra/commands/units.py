"""`make units [ADDRESSES=addresses.csv]`: loads the instance's units, and where their mail goes, into the table.

`addresses.csv` has the columns `unit` and `address`, a line for each address. A unit that has addresses keeps them;
`--replace` takes the file's word. What a coordinator has written stays in any case: whoever wants to change that does
so in the console, as one, so that it is noted who it was.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.domain.units import Unit, Units
from chalicelib.store import keys
from infra.commands.instance import NotRunning, connect
from infra.local.emulator import ROOT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

LOCAL_DOMAIN = "police.example"
"""Reserved for examples (RFC 2606): no mail of a local instance can reach anybody."""


class BadAddresses(Exception):
    """The file of addresses cannot be used; the message says where and why."""


def main() -> int:
    """Load the running instance's units; 1 and a word of advice where that is impossible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addresses", type=Path, help="CSV with the columns unit and address")
    parser.add_argument("--replace", action="store_true", help="take the file's addresses where a unit has others")
    arguments = parser.parse_args()
    try:
        running = connect()
        units = units_of(ROOT / "instances" / running.instance)
        addresses = read_addresses(arguments.addresses, units) if arguments.addresses else local_addresses(units)
        client = running.client("dynamodb")
        loaded = load_units(client, running.names["MAIN_TABLE"], units, addresses, replace=arguments.replace)
    except (NotRunning, BadAddresses) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(loaded)
    return 0


def units_of(folder: Path) -> Units:
    """Return the units of an instance's folder."""
    return Units.from_document(json.loads((folder / "units.json").read_text(encoding="utf-8")))


def local_addresses(units: Iterable[Unit]) -> dict[str, list[str]]:
    """Return an address for every unit, none of which exists."""
    return {unit.code: [f"{unit.code.lower()}@{LOCAL_DOMAIN}"] for unit in units}


def read_addresses(path: Path, units: Units) -> dict[str, list[str]]:
    """Return the addresses of a file by unit.

    Raises `BadAddresses` for a file that is not there, lacks a column, or names an unknown unit or no address.
    """
    found: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = csv.DictReader(file)
            for record in records:
                unit, address = (record.get("unit") or "").strip(), (record.get("address") or "").strip()
                if unit not in units or "@" not in address:
                    raise BadAddresses(f"{path}:{records.line_num}: a known unit and an address are needed.")
                found.setdefault(unit, []).append(address)
    except OSError as absent:
        raise BadAddresses(f"{path}: {absent.strerror}") from absent
    return found


@dataclass(frozen=True)
class Loaded:
    """How many units there are, and how many of them have addresses that the file does not say."""

    units: int
    kept: int

    def __str__(self) -> str:
        return f"{self.units} units" + (f", {self.kept} keep other addresses" if self.kept else "")


def load_units(
    client: DynamoDBClient,
    table: str,
    units: Iterable[Unit],
    addresses: Mapping[str, list[str]],
    *,
    replace: bool = False,
) -> Loaded:
    """Write every unit; doing it again changes nothing."""

    def load(unit: Unit) -> bool:
        return _load(client, table, unit, addresses.get(unit.code, []), replace=replace)

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(load, units))
    return Loaded(len(taken), taken.count(False))


def _load(client: DynamoDBClient, table: str, unit: Unit, addresses: list[str], *, replace: bool) -> bool:
    """Write what the documents say of a unit, and its addresses where they may be written; false where others stay."""
    if addresses:
        # One UpdateItem, not read and write: a coordinator's first change at the same moment is not lost.
        is_nobodys_work = "attribute_not_exists(v)"
        has_none = "(attribute_not_exists(addresses) OR size(addresses) = :none)"
        update = _update(unit, addresses)
        update["ConditionExpression"] = f"{is_nobodys_work} AND {'addresses <> :addresses' if replace else has_none}"
        if not replace:
            update["ExpressionAttributeValues"][":none"] = {"N": "0"}
        try:
            client.update_item(TableName=table, **update)
        except client.exceptions.ConditionalCheckFailedException:
            pass
        else:
            return True
    found = client.update_item(TableName=table, **_update(unit, None), ReturnValues="ALL_NEW")["Attributes"]
    has = [address["S"] for address in found["addresses"]["L"]]
    return not addresses or has == addresses


def _update(unit: Unit, addresses: list[str] | None) -> dict[str, Any]:
    """Return the update of a unit; with addresses they are new, and nothing is known against them."""
    kept = "if_not_exists(addresses, :addresses)" if addresses is None else ":addresses"
    unflagged = "" if addresses is None else " REMOVE flagged, flags"
    return {
        "Key": {"PK": {"S": keys.unit(unit.code)}, "SK": {"S": keys.META}},
        "UpdateExpression": f"SET t = :t, code = :code, #name = :name, parent = :parent, addresses = {kept}{unflagged}",
        "ExpressionAttributeNames": {"#name": "name"},
        "ExpressionAttributeValues": {
            ":t": {"S": "unit"},
            ":code": {"S": unit.code},
            ":name": {"S": unit.name},
            ":parent": {"S": unit.parent} if unit.parent else {"NULL": True},
            ":addresses": {"L": [{"S": address} for address in addresses or ()]},
        },
    }


if __name__ == "__main__":
    sys.exit(main())
