"""The page of the mail that tells of one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.notify import html
from chalicelib.notify.html import fill

if TYPE_CHECKING:
    from chalicelib.notify.mail import Content

_DUE = (
    '<p class="due" style="margin:0 0 20px;padding:10px 14px;border-radius:10px;background:#EAF0FB;color:#131A22">'
    "$label: <strong>$value</strong></p>"
)
_WARNING = (
    '<p class="warning" style="margin:0 0 20px;padding:10px 14px;border-left:4px solid #A86400;background:#FFF6DF;'
    'color:#131A22;font-size:15px"><strong>$title.</strong> $text</p>'
)
_FIRST = (
    '<a class="main" href="$address" style="display:inline-block;margin:0 8px 8px 0;padding:12px 20px;'
    "border:2px solid #0B3D91;border-radius:10px;background:#0B3D91;color:#FFFFFF;font-weight:650;"
    'text-decoration:none">$label</a>'
)
_OTHER = (
    '<a class="second" href="$address" style="display:inline-block;margin:0 8px 8px 0;padding:12px 20px;'
    'border:2px solid #0B3D91;border-radius:10px;color:#0B3D91;font-weight:650;text-decoration:none">$label</a>'
)
_ROW = (
    '<tr><td class="muted line" valign="top" style="padding:8px 20px 8px 0;border-top:1px solid #D3DAE3;width:1%;'
    'white-space:nowrap;font-size:14px;color:#465363">$label</td>'
    '<td class="ink line" valign="top" style="padding:8px 0;border-top:1px solid #D3DAE3;font-size:14px;'
    'color:#131A22">$value</td></tr>'
)


def page(content: Content, language: str) -> str:
    """Return the page of a mail; `language` is the code that readers' voices go by."""
    first, *others = content.links
    return html.page(
        "alert",
        language,
        content.subject,
        pieces={
            "links": "".join(
                [fill(_FIRST, label=first[0], address=first[1])]
                + [fill(_OTHER, label=label, address=address) for label, address in others]
            ),
            "due": "" if content.due is None else fill(_DUE, label=content.due[0], value=content.due[1]),
            "warning": ""
            if content.warning is None
            else fill(_WARNING, title=content.warning[0], text=content.warning[1]),
            "rows": "\n".join(fill(_ROW, label=label, value=value) for label, value in content.rows),
        },
        unit=content.unit,
        what=content.what,
        when=content.when,
        why_title=content.why[0],
        why=content.why[1],
        footer=content.footer,
    )
