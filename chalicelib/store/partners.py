"""Institutions as the table knows them: who they are, where they serve, and which token is theirs.

Two operators at one institution:

    A ── reads version 3 ── writes version 4 ✔ ── shows a token
    B ── reads version 3 ── writes version 4 ✘ ── is told to try again: no token was shown that does not work
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import PartnerInvalid
from chalicelib.domain.partners import EVERYWHERE, TOKEN_LASTS, code_of, digest, serves
from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.failures import code
from chalicelib.store.models import connection
from chalicelib.store.partner_items import PartnerAreaItem, PartnerItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

MOST_AREAS = 40
"""Areas of one institution: whoever serves more serves the area above them, or everywhere."""


class Changed(Exception):
    """Another has changed the institution meanwhile; nothing has been written."""


class NoSuchPartner(Exception):
    """There is no institution of this code."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An institution; `known` are all its addresses, `flagged` those without mail, `expires` is its token's end."""

    code: str
    kind: str
    names: Mapping[str, str]
    areas: tuple[str, ...]
    known: tuple[str, ...]
    flagged: tuple[str, ...]
    expires: datetime | None
    version: int

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where its mail goes."""
        return tuple(address for address in self.known if address not in self.flagged)

    def serves(self, area: str) -> bool:
        """Tell whether it may be asked about a case in an area."""
        return any(serves(served, area) for served in self.areas)


@dataclass(frozen=True, slots=True)
class Named:
    """An institution by its code, kind and names."""

    code: str
    kind: str
    names: Mapping[str, str]


def find(partner: str, *, consistent: bool = False) -> Partner | None:
    """Return an institution, or None: half a read unit, one if `consistent`."""
    item = _item(partner, consistent=consistent)
    return None if item is None else _view(item)


def holder(token: str | None, key: bytes, now: datetime) -> Partner:
    """Return the institution whose token it is; raises `PartnerInvalid` for every other.

    The read is consistent, so that a revoked token opens nothing from that moment on.
    """
    item = _item(code_of(token), consistent=True)
    if item is None or item.token is None or not hmac.compare_digest(item.token, digest(key, cast("str", token))):
        raise PartnerInvalid
    found = _view(item)
    if found.expires is None or now >= found.expires:
        raise PartnerInvalid
    return found


def serving(area: str) -> list[Named]:
    """Return who may be asked about a case in an area, by kind and code: half a read unit for each area above it."""
    spans = [area, *(f"{area[:length]}#" for length in range(1, len(area))), f"{EVERYWHERE}#"]
    found = {
        item.code: Named(item.code, item.kind, item.names)
        for span in spans
        for item in PartnerAreaItem.query(keys.PARTNER_AREAS, PartnerAreaItem.sk.startswith(span))
    }
    return sorted(found.values(), key=lambda each: (each.kind, each.code))


def listed() -> list[Partner]:
    """Return all institutions, by code."""
    return [_view(item) for item in PartnerItem.query(keys.PARTNERS, consistent_read=True)]


def save(partner: str, kind: str, names: Mapping[str, str], areas: Sequence[str], addresses: Sequence[str]) -> bool:
    """Add an institution or change it; false where it is so already. Its token stays as it is.

    Raises `Changed`. Writing the addresses anew takes away the flags of those that took no mail.
    """
    item = _item(partner, consistent=True)
    before = () if item is None else tuple(item.areas)
    if item is not None and _is_so(item, kind, names, areas, addresses):
        return False
    fresh = item or PartnerItem(keys.PARTNERS, partner, code=partner, v=0)
    version = int(fresh.v)
    if list(fresh.addresses or ()) != list(addresses):
        fresh.flagged = None
    fresh.kind, fresh.names, fresh.areas, fresh.addresses = kind, dict(names), list(areas), list(addresses)
    fresh.v = version + 1
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(fresh, PartnerItem.pk.does_not_exist() if item is None else is_unchanged(version))
            for area in areas:
                row = PartnerAreaItem(keys.PARTNER_AREAS, keys.partner_area(area, partner))
                row.code, row.kind, row.names = partner, kind, dict(names)
                transaction.save(row)
            for area in set(before) - set(areas):
                transaction.delete(PartnerAreaItem(keys.PARTNER_AREAS, keys.partner_area(area, partner)))
    except TransactWriteError as error:
        if code(error) != "TransactionCanceledException":
            raise
        raise Changed from error
    return True


def set_token(partner: Partner, hashed: str, now: datetime) -> datetime:
    """Let a token count from now on, and no earlier one; return when it expires. Raises `Changed`."""
    expires = now + TOKEN_LASTS
    _update(partner, PartnerItem.token.set(hashed), PartnerItem.token_expires.set(keys.instant(expires)))
    return expires


def revoke(partner: Partner) -> None:
    """Let no token of an institution count; doing it again changes nothing. Raises `Changed`."""
    _update(partner, PartnerItem.token.remove(), PartnerItem.token_expires.remove())


def flag(partner: str, address: str) -> bool:
    """Flag an address that takes no mail, however it is spelt; false where the institution has no such address."""
    item = _item(partner, consistent=True)
    known = set[str]() if item is None else {each for each in item.addresses if each.casefold() == address.casefold()}
    if item is None or not known:
        return False
    return held(item.update, [PartnerItem.flagged.add(known)], condition=is_unchanged(int(item.v)))


def is_unchanged(version: int) -> Condition:
    """Return the condition that no operator has changed the institution since it was read: see the module's race."""
    return cast("Condition", PartnerItem.v == version)


def _update(partner: Partner, *actions: Action) -> None:
    item = PartnerItem(keys.PARTNERS, partner.code)
    changes = [*actions, PartnerItem.v.set(partner.version + 1)]
    if not held(item.update, changes, condition=is_unchanged(partner.version)):
        raise Changed


def _item(partner: str, *, consistent: bool) -> PartnerItem | None:
    try:
        return PartnerItem.get(keys.PARTNERS, partner, consistent_read=consistent)
    except PartnerItem.DoesNotExist:
        return None


def _is_so(
    item: PartnerItem, kind: str, names: Mapping[str, str], areas: Sequence[str], addresses: Sequence[str]
) -> bool:
    given = (kind, dict(names), list(areas), list(addresses))
    return (item.kind, dict(item.names), list(item.areas), list(item.addresses)) == given


def _view(item: PartnerItem) -> Partner:
    return Partner(
        code=item.code,
        kind=item.kind,
        names=item.names,
        areas=tuple(item.areas),
        known=tuple(item.addresses),
        flagged=tuple(sorted(item.flagged or ())),
        expires=None if item.token_expires is None else keys.moment(item.token_expires),
        version=int(item.v),
    )
