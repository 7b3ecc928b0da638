"""`make officer UNIT=KSP [ROLE=officer]`: a login at the police console of the running instance.

Prints what the login is, a link to the console (standard error) and, last, the bearer token of a quarter of an hour
(standard output). The nation's watcher (ROLE=national) needs no unit.

With EMAIL=… nobody logs in: that person is invited to the pool and sets a password and a second factor at the first
login. Where OFFICER_POOL is set the pool is that of a stage on AWS, which lets people in by invitation alone.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.domain.roles import Role, officer_of
from chalicelib.domain.units import Units
from chalicelib.services.login import ROLE, UNIT
from infra.commands.instance import NotRunning, connect
from infra.commands.units import units_of
from infra.local.emulator import ROOT

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class OfficerRefused(Exception):
    """No login can be made of what was asked for; the message says why."""


@dataclass(frozen=True)
class Pool:
    """A pool of officers' logins and its client of AWS's interface (`cognito-idp`)."""

    client: Any
    id: str

    def enter(self, name: str, role: Role, unit: str | None, email: str | None = None) -> None:
        """Have a login of that name with exactly these groups; one that is there already changes its unit and role.

        A login with an address is invited there, once; one without must be given a password by the caller.
        """
        wanted = {f"{ROLE}{role}"} | ({f"{UNIT}{unit}"} if unit else set())
        self._create(name, email)
        has = {group["GroupName"] for group in self._groups(name)}
        for group in sorted(wanted - has):
            self._have_group(group)
            self.client.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)
        for group in sorted(group for group in has - wanted if group.startswith((ROLE, UNIT))):
            self.client.admin_remove_user_from_group(UserPoolId=self.id, Username=name, GroupName=group)

    def token(self, name: str, console: str) -> str:
        """Log in and return the access token; only a pool of the local stage lets a password be enough."""
        password = new_password()
        self.client.admin_set_user_password(UserPoolId=self.id, Username=name, Password=password, Permanent=True)
        answer = self.client.initiate_auth(
            ClientId=console,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
        return str(answer["AuthenticationResult"]["AccessToken"])

    def _create(self, name: str, email: str | None) -> None:
        invited = {
            "UserAttributes": [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            "DesiredDeliveryMediums": ["EMAIL"],
        }
        how: dict[str, Any] = invited if email else {"MessageAction": "SUPPRESS"}
        try:
            self.client.admin_create_user(UserPoolId=self.id, Username=name, TemporaryPassword=new_password(), **how)
        except self.client.exceptions.UsernameExistsException:
            return

    def _groups(self, name: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("admin_list_groups_for_user").paginate(UserPoolId=self.id, Username=name)
        return [group for page in pages for group in page["Groups"]]

    def _have_group(self, group: str) -> None:
        try:
            self.client.create_group(UserPoolId=self.id, GroupName=group)
        except self.client.exceptions.GroupExistsException:
            return


def new_password() -> str:
    """Return a random password with small and large letters, digits and signs, whatever the pool demands."""
    return secrets.token_urlsafe(24) + "aA0-"


def main(arguments: list[str] | None = None) -> int:
    """Make the login; 1 and a word of advice where that is impossible."""
    options = parse(arguments)
    try:
        (invite if options.email else log_in)(options)
    except (NotRunning, OfficerRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make officer", description=__doc__)
    parser.add_argument("--unit", help="code of the unit")
    parser.add_argument("--role", choices=[role.value for role in Role], default=Role.OFFICER.value)
    parser.add_argument("--email", help="who is to be invited")
    return parser.parse_args(arguments)


def log_in(options: argparse.Namespace) -> None:
    """Print a token of the running instance.

    Raises:
        NotRunning: where no instance runs.
        OfficerRefused: where no role fits the unit, or the pool is one on AWS.
    """
    if "OFFICER_POOL" in os.environ:
        raise OfficerRefused("On AWS people are invited, and log in themselves: EMAIL=…")
    running = connect()
    role, unit = checked(options, units_of(ROOT / "instances" / running.instance))
    pool = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
    name = "-".join(filter(None, (role.value, unit and unit.lower())))
    pool.enter(name, role, unit)
    token = pool.token(name, running.names["OFFICER_CLIENT"])
    print(f"{running.base_url}/policja/#/login?token={token}", file=sys.stderr)
    print(token)


def invite(options: argparse.Namespace) -> None:
    """Invite somebody to the pool: of AWS where OFFICER_POOL names one, else of the running instance.

    Raises:
        NotRunning: where no instance runs.
        OfficerRefused: where no role fits the unit, or the address is none.
    """
    if not EMAIL.fullmatch(options.email):
        raise OfficerRefused(f"{options.email} is no address.")
    if pool_id := os.environ.get("OFFICER_POOL"):
        instance, pool = os.environ.get("INSTANCE") or "pl", Pool(boto3.client("cognito-idp"), pool_id)
    else:
        running = connect()
        instance, pool = running.instance, Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
    role, unit = checked(options, units_of(ROOT / "instances" / instance))
    pool.enter(options.email, role, unit, options.email)
    print(f"{options.email} is {role.value} of {unit or 'the nation'}.")


def checked(options: argparse.Namespace, units: Units) -> tuple[Role, str | None]:
    """Return role and unit as the interface will believe them.

    Raises:
        OfficerRefused: for a unit that the instance does not have, or a role that this unit does not have.
    """
    role, unit = Role(options.role), options.unit or None
    if unit is not None and unit not in units:
        raise OfficerRefused(f"There is no unit {unit}. The codes are in instances/<code>/units.json.")
    if officer_of("login", frozenset({role.value}), frozenset({unit} if unit else ()), units) is None:
        raise OfficerRefused(
            "Name a unit: UNIT=KSP" if unit is None else f"{unit} is no garrison: it has no voivodeship coordinator."
        )
    return role, None if role is Role.NATIONAL else unit


if __name__ == "__main__":
    sys.exit(main())
