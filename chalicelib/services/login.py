"""Believing an officer's token: Cognito's access token, verified here as it was at the gateway.

The gateway's word is not enough: what serves the API on one's own machine and in tests knows no gateway, and a route
that was left without its authorizer must not be open. Only the access token counts, whose groups are the pool's own
word; an id token is for the page that shows a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.roles import LOGIN_SCOPES, Officer, officer_of
from chalicelib.domain.units import Units

if TYPE_CHECKING:
    from joserfc.jwk import GuestProtocol, RSAKey

    from chalicelib.store.login_keys import LoginKeys

ALGORITHM = "RS256"
ROLE, UNIT = "role:", "unit:"
"""What the names of the groups begin with that say an officer's role and unit."""

_SCOPES = frozenset(LOGIN_SCOPES)

LEEWAY_S = 60
"""Seconds by which the pool's clock may be ahead."""

LONGEST = 8_192
"""Characters of a token; Cognito's are a tenth of that."""


@dataclass(frozen=True, slots=True)
class Login:
    """An officer who has logged in, and until when."""

    officer: Officer
    expires: datetime


@dataclass(frozen=True, slots=True)
class Logins:
    """Believes the tokens of one pool for one client."""

    keys: LoginKeys
    issuer: str
    client: str

    def officer(self, token: str, units: Units, now: datetime) -> Login:
        """Return who has logged in.

        Raises `Unauthorized` for a token that is not this pool's, is over, or makes no officer of this instance, and
        `Unavailable` where the pool's keys cannot be had.
        """
        claims = self._claims(token, now)
        groups = claims.get("cognito:groups")
        names = [name for name in groups if isinstance(name, str)] if isinstance(groups, list) else []
        subject = claims["sub"]
        found = officer_of(str(subject), _named(names, ROLE), _named(names, UNIT), units)
        if found is None:
            raise Unauthorized
        return Login(found, datetime.fromtimestamp(claims["exp"], UTC))

    def _claims(self, token: str, now: datetime) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError

        if len(token) > LONGEST:
            raise Unauthorized
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            sub={"essential": True},
            exp={"essential": True},
            iss={"essential": True, "value": self.issuer},
            client_id={"essential": True, "value": self.client},
            token_use={"essential": True, "value": "access"},
        )
        try:
            decoded = jwt.decode(token, lambda guest: self._key(guest, now), algorithms=[ALGORITHM])
            rules.validate(decoded.claims)
        except (JoseError, ValueError):
            raise Unauthorized from None
        claims: Mapping[str, Any] = decoded.claims
        if not _SCOPES.intersection(str(claims.get("scope", "")).split()):
            raise Unauthorized
        return claims

    def _key(self, guest: GuestProtocol, now: datetime) -> RSAKey:
        from joserfc.jwk import RSAKey

        key_id = guest.headers().get("kid")
        # A token whose key is not named, or of another kind, is none of the pool's.
        found = self.keys.find(key_id, now) if isinstance(key_id, str) else None
        if found is None or found.get("kty") != RSAKey.key_type:
            raise Unauthorized
        return RSAKey.import_key({name: str(found[name]) for name in ("kty", "n", "e")})


def _named(groups: list[str], prefix: str) -> frozenset[str]:
    return frozenset(name.removeprefix(prefix) for name in groups if name.startswith(prefix))
