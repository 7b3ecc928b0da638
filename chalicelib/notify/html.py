"""The HTML of every mail: one column of 600 px, styles inline, nothing loaded, every value escaped.

Mail clients drop style sheets at will, so each element carries its own style; what stands in the frame's head only
turns the colours for those that know dark mode.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template

_NOTE = '<p class="muted" style="margin:0 0 12px;font-size:14px;color:#465363">$text</p>'


def page(body: str, language: str, subject: str, *, pieces: dict[str, str], **values: str) -> str:
    """Return a whole page: the frame around the template `body`.html of this package.

    `values` are plain text, `pieces` are HTML already; `language` is the code that readers' voices go by.
    """
    filled = Template(_template(body)).substitute(escaped(**values), **pieces)
    return Template(_template("frame")).substitute(escaped(language=language, subject=subject), body=filled)


def fill(piece: str, **values: str) -> str:
    """Return a piece of HTML with plain text in its places."""
    return Template(piece).substitute(escaped(**values))


def note(text: str) -> str:
    """Return a paragraph in small print."""
    return fill(_NOTE, text=text)


def escaped(**values: str) -> dict[str, str]:
    """Return the values so that they are text in HTML, in attributes too."""
    return {name: escape(value, quote=True) for name, value in values.items()}


@cache
def _template(name: str) -> str:
    return Path(__file__).with_name(f"{name}.html").read_text("utf-8")
