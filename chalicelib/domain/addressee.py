"""Bodies outside the police that a case is passed on to."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain import text
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault

NAME_LIMIT = 100
CONTACT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is asked to act: `name` is a body's and is public, never a person's.

    `partner` is its code where it is one of the instance's partners, `note` is what the officer writes to it; `contact`
    is how another body is reached, for the police alone.
    """

    name: str
    partner: str | None = None
    contact: str | None = None
    note: str | None = None

    @classmethod
    def named(cls, name: str, contact: str | None) -> Addressee:
        """Clean what an officer wrote; raises `Invalid` with the faults of both fields together."""
        found, cleaned = list[FieldFault](), list[str]()
        for field, value, limit in (("name", name, NAME_LIMIT), ("contact", contact or "", CONTACT_LIMIT)):
            try:
                cleaned.append(text.clean(value, field=f"addressee.{field}", limit=limit))
            except Invalid as invalid:
                found.extend(invalid.faults)
        if not found and not cleaned[0]:
            found.append(FieldFault("addressee.name", Fault.EMPTY))
        if found:
            raise Invalid(found)
        return cls(cleaned[0], contact=cleaned[1] or None)
