"""One e-mail address, checked as strictly as sending allows, and never more than one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault

LONGEST = 254
"""Characters of an address (RFC 5321 4.5.3.1.3 less the brackets, erratum 1690)."""

LONGEST_LOCAL = 64
"""Characters before the @ (RFC 5321 4.5.3.1.1)."""

# A dot-atom of RFC 5322 3.2.3 in ASCII: no quotes, no comments, no spaces, so nothing that could end a header. The
# mail service takes no other local part.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
# RFC 3696 2: a top-level domain is not all digits. An address literal in brackets has no label at all.
_TOP = re.compile(r"(?=.*[a-z])[a-z0-9-]{2,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as mail goes to it: the local part as it was written, the domain in lower-case ASCII."""

    text: str = field(repr=False)

    @property
    def known_as(self) -> str:
        """The form by which two spellings of one address are known to be one: hardly any host minds capitals."""
        return self.text.lower()


def parse(raw: str, *, name: str = "email") -> Address:
    """Return the address that somebody typed; spaces around it are forgiven.

    A domain in letters beyond ASCII is spelt by IDNA (RFC 3490).

    Raises:
        Invalid: it is not one address, with the fault `not_an_address` of the field `name`, or `too_long`.
    """
    text = raw.strip(" ")
    if len(text) > LONGEST:
        raise Invalid([FieldFault(name, Fault.TOO_LONG, {"limit": LONGEST, "length": len(text)})])
    local, at, domain = text.rpartition("@")
    spelt = _domain(domain)
    if not at or spelt is None or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise Invalid([FieldFault(name, Fault.NOT_AN_ADDRESS)])
    address = f"{local}@{spelt}"
    if len(address) > LONGEST:
        raise Invalid([FieldFault(name, Fault.TOO_LONG, {"limit": LONGEST, "length": len(address)})])
    return Address(address)


def _domain(domain: str) -> str | None:
    try:
        spelt = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        # An empty label, one that is too long, or a character that no name may hold.
        return None
    labels = spelt.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or not _TOP.fullmatch(labels[-1]):
        return None
    return spelt
