"""What every refusal has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from chalicelib.domain.faults import FieldFault


class Problem(Exception):
    """A refusal that the outside sees as RFC 9457 problem details.

    `status` is the HTTP status, `code` the machine-readable name that never changes.
    """

    code: ClassVar[str]
    status: ClassVar[int]

    def __init__(self) -> None:
        super().__init__(self.code)

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """The faults by field, for the member `errors`; empty for most problems."""
        return ()

    @property
    def extras(self) -> dict[str, Any]:
        """Members of the answer beyond the common ones; times are aware datetimes."""
        return {}

    @property
    def retry_after(self) -> int | None:
        """Whole seconds for the header `Retry-After`, where a later try can succeed."""
        return None
