"""`make units [ADDRESSES=addresses.csv]`: loads the instance's units, and where their mail goes, into the table.

`addresses.csv` has the columns `unit` and `address`, a line for each address. A unit that has addresses keeps them, for
its coordinator may have changed them; `--replace` takes the file's word.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
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
        number = load_units(client, running.names["MAIN_TABLE"], units, addresses, replace=arguments.replace)
    except (NotRunning, BadAddresses) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{number} units")
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


def load_units(
    client: DynamoDBClient,
    table: str,
    units: Iterable[Unit],
    addresses: Mapping[str, list[str]],
    *,
    replace: bool = False,
) -> int:
    """Write every unit; doing it again changes nothing. Return how many there are."""
    updates = [_update(unit, addresses.get(unit.code, []), replace=replace) for unit in units]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda update: client.update_item(TableName=table, **update), updates))
    return len(updates)


def _update(unit: Unit, addresses: list[str], *, replace: bool) -> dict[str, Any]:
    # One UpdateItem, not read and write: a coordinator's change at the same moment is not lost.
    kept = ":addresses" if replace and addresses else "if_not_exists(addresses, :addresses)"
    return {
        "Key": {"PK": {"S": keys.unit(unit.code)}, "SK": {"S": keys.META}},
        "UpdateExpression": f"SET t = :t, code = :code, #name = :name, parent = :parent, addresses = {kept}",
        "ExpressionAttributeNames": {"#name": "name"},
        "ExpressionAttributeValues": {
            ":t": {"S": "unit"},
            ":code": {"S": unit.code},
            ":name": {"S": unit.name},
            ":parent": {"S": unit.parent} if unit.parent else {"NULL": True},
            ":addresses": {"L": [{"S": address} for address in addresses]},
        },
    }


if __name__ == "__main__":
    sys.exit(main())
