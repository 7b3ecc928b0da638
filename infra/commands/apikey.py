"""`make apikey NAME=… LIMIT=…`: makes a key for Open311 and prints it once; without NAME it lists the keys.

`make apikey NAME=… REVOKE=1` revokes one. The table holds the SHA-256 of a key: whoever loses it needs another.

Works on the running local instance; where MAIN_TABLE, QUOTA_TABLE and SECRETS_PARAM are set, on that stage on AWS.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from botocore.session import get_session

from chalicelib.clock import system_clock
from chalicelib.store import apikeys, keys, models
from chalicelib.store.secrets import Secrets
from infra.commands.instance import NotRunning, connect

MOST_A_DAY = 100_000
"""The highest limit: beyond it one key's count would be the table's hottest item."""


def main(arguments: list[str] | None = None) -> int:
    """Make, revoke or list; 1 and a word of advice where that is impossible."""
    options = parse(arguments)
    try:
        if "MAIN_TABLE" not in os.environ:
            os.environ.update(connect().environment())
        models.bind(os.environ["MAIN_TABLE"], os.environ["QUOTA_TABLE"])
        result = done(options)
    except NotRunning as refusal:
        print(refusal, file=sys.stderr)
    except apikeys.NameTaken:
        print(
            f"There is a key called {options.name}. Choose another name: a revoked one is not used again.",
            file=sys.stderr,
        )
    except apikeys.NoSuchKey:
        print(f"There is no key called {options.name}. `make apikey` lists them.", file=sys.stderr)
    else:
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return 0
    return 1


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make apikey", description=__doc__)
    parser.add_argument("--name", type=name_of, help="what the key is called: small letters, digits and hyphens")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--limit", type=limit_of, help=f"reports a local day, 1 to {MOST_A_DAY}")
    what.add_argument("--revoke", action="store_true", help="let the key file no more")
    options = parser.parse_args(arguments)
    if options.name and not options.revoke and options.limit is None:
        parser.error("a new key needs LIMIT=, its reports a day")
    if not options.name and (options.revoke or options.limit is not None):
        parser.error("NAME= is missing")
    return options


def done(options: argparse.Namespace) -> Any:
    """Do what is asked for and return what to print."""
    if options.name is None:
        return [
            {"name": key.label, "limit": key.limit, "active": key.active, "created": key.created}
            for key in apikeys.listed()
        ]
    if options.revoke:
        apikeys.revoke(options.name)
        return {"name": options.name, "active": False}
    keyring = Secrets(get_session().create_client("ssm"), os.environ["SECRETS_PARAM"]).keyring
    made = apikeys.make(options.name, options.limit, keyring.newest, keys.instant(system_clock()))
    return {"name": options.name, "limit": options.limit, "key": made}


def name_of(given: str) -> str:
    """Return a name that a key may have; `ValueError` for any other text."""
    if not apikeys.NAME.fullmatch(given):
        raise ValueError(given)
    return given


def limit_of(given: str) -> int:
    """Return a number of reports a day; `ValueError` for what is none."""
    limit = int(given)
    if not 1 <= limit <= MOST_A_DAY:
        raise ValueError(given)
    return limit


if __name__ == "__main__":
    sys.exit(main())
