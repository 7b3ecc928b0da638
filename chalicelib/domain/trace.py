"""What belongs together across processes: the trace that a request is part of, as it stands in headers and items.

Format: W3C Trace Context, https://www.w3.org/TR/trace-context/
"""

import re
import secrets
from dataclasses import dataclass

_HEADER = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_SAMPLED = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a trace: the whole's id (32 hexadecimal digits) and that of the span which is open there (16)."""

    trace_id: str
    span_id: str
    sampled: bool = False

    @classmethod
    def fresh(cls) -> "Trace":
        """Begin a trace."""
        return cls(secrets.token_hex(16), secrets.token_hex(8))

    @classmethod
    def parse(cls, header: str | None) -> "Trace | None":
        """Read a ``traceparent``; None for none, and for one that is not in form."""
        match = _HEADER.fullmatch((header or "").strip())
        # The first version has four parts; later ones may add to them.
        if match is None or (match[0].startswith("00") and match[4] is not None):
            return None
        return cls(match[1], match[2], bool(int(match[3], 16) & _SAMPLED))

    @property
    def header(self) -> str:
        """The ``traceparent`` that hands the trace on."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"
