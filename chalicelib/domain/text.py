"""What people write, made safe to keep and to show: one normal form, no invisible tricks."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault

DESCRIPTION_LIMIT = 500
"""Code points of a description, after normalisation."""

# Control characters (Cc) but tab and line feed, surrogates (Cs), and Unicode's explicit directional controls (UAX 9),
# which let a text display as another than it is. One pass of a compiled class: it is run on every report.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Invisible and without effect on the words: removed, not refused, because phones paste them.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))

_LINE_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(raw: str, *, field: str = "description", limit: int = DESCRIPTION_LIMIT) -> str:
    """Return the text in NFC with white space in order; empty where it holds nothing visible.

    White space in order: single spaces, none at the ends of lines, no two blank lines in a row.

    Raises `Invalid` with every fault of `field`: a control, bidirectional or unpaired surrogate
    character, or more than `limit` code points.
    """
    text = unicodedata.normalize("NFC", raw.translate(_INVISIBLE))
    text = _LINE_BREAK.sub("\n", text)
    faults = []
    if _REFUSED.search(text):
        faults.append(FieldFault(field, Fault.CONTROL_CHARACTER))
    lines = (line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    text = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    if len(text) > limit:
        faults.append(FieldFault(field, Fault.TOO_LONG, {"limit": limit, "length": len(text)}))
    if faults:
        raise Invalid(faults)
    return text if any(_visible(character) for character in text) else ""


def _visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cf", "Mn", "Zs"} and character != "\n"
