"""What the mails to citizens share: their words, the links they need, and the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from string import Template
from zoneinfo import ZoneInfo

from chalicelib.languages import texts
from chalicelib.notify import html
from chalicelib.notify.words import Words as MailWords
from chalicelib.notify.words import one_line

_ROW = (
    '<tr><td class="line" style="padding:12px 0;border-top:1px solid #D3DAE3">'
    '<p class="muted" style="margin:0;font-size:14px;color:#465363">$over</p>'
    '<p class="ink" style="margin:0;font-weight:650;color:#131A22">$title</p>'
    '<p class="muted" style="margin:0;font-size:14px;color:#465363">$under</p></td></tr>'
)
_LINKED = (
    '<tr><td class="line" style="padding:12px 0;border-top:1px solid #D3DAE3">'
    '<p class="muted" style="margin:0;font-size:14px;color:#465363">$over</p>'
    '<p style="margin:0;font-weight:650"><a class="plain" href="$link" style="color:#0B3D91">$title</a></p>'
    '<p class="muted" style="margin:0;font-size:14px;color:#465363">$under</p></td></tr>'
)
_WHY = '<p class="muted" style="margin:0 0 12px;font-size:14px;color:#465363"><strong>$title.</strong> $text</p>'


@dataclass(frozen=True, slots=True)
class CitizenMail:
    """A rendered mail; `headers` are ASCII, no address is among them."""

    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses: the site, the pages that confirm and end a subscription, and the one that ends it by one request."""

    site: str
    confirm: str = field(repr=False)
    leave: str = field(repr=False)
    one_click: str = field(repr=False)

    def report(self, report: str) -> str:
        """Return the page of a report on the public map; ids of reports need no escape."""
        return f"{self.site}/#/map?show={report}"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a mail lists: what stands over it, what it is, what stands under it, and where it leads."""

    over: str
    title: str
    under: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The worded mail, in the order in which both parts say it; plain text, nothing escaped.

    `button` and `leave` are a label and an address; `why` is a title and a text.
    """

    subject: str
    title: str
    lead: str
    rows: Sequence[Row]
    button: tuple[str, str]
    notes: Sequence[str]
    why: tuple[str, str] | None
    leave: tuple[str, str, str]
    footer: str


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a language, spoken in a time zone."""

    language: str
    dates: MailWords

    @classmethod
    def of(cls, language: str, zone: ZoneInfo) -> Words:
        """Return the words of a language code; `FileNotFoundError` for one that has none."""
        return cls(language, MailWords.of(language, zone))

    def say(self, name: str, **values: str) -> str:
        """Return a text with its placeholders filled; `KeyError` for an unknown text or a missing value."""
        return Template(texts("citizen", self.language)[name]).substitute(values)

    def status(self, status: str) -> str:
        """Return the name of a status."""
        return texts("statuses", self.language).get(status, status)

    def reason(self, reason: str | None) -> str:
        """Return a step's reason as a sentence; empty where there is none."""
        return "" if reason is None else texts("reasons", self.language).get(reason, "")

    def moment(self, moment: datetime) -> str:
        """Return a moment for a sentence."""
        return self.dates.long(moment)

    def day(self, day: str) -> str:
        """Return an ISO day as people say it, without the year."""
        told = date.fromisoformat(day)
        return f"{told.day} {self.dates.document['months'][told.month - 1]}"

    def distance(self, metres: int) -> str:
        """Return a distance as people say it: metres below one kilometre, then kilometres to a tenth."""
        if metres < 1000:
            return f"{metres} m"
        kilometres = f"{metres / 1000:.1f}".removesuffix(".0")
        return f"{kilometres if self.language == 'en' else kilometres.replace('.', ',')} km"


def mail(content: Content, words: Words, links: Links) -> CitizenMail:
    """Return both parts of a mail, with the headers by which mail programs offer to end it (RFC 2369, RFC 8058)."""
    headers = {
        # RFC 3834: no vacation notice answers it.
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{links.one_click}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return CitizenMail(one_line(content.subject), _text(content), _page(content, words.language), headers)


def _text(content: Content) -> str:
    paragraphs = [
        content.title,
        content.lead,
        *("\n".join(part for part in (row.over, row.title, row.under, row.link) if part) for row in content.rows),
        ":\n".join(content.button),
        *content.notes,
        "" if content.why is None else ":\n".join(content.why),
        "{0}. {2}\n{1}".format(*content.leave),
        f"-- \n{content.footer}",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def _page(content: Content, language: str) -> str:
    (button, button_link), (leave, leave_link, leave_text) = content.button, content.leave
    return html.page(
        "citizen",
        language,
        one_line(content.subject),
        pieces={
            "rows": "\n".join(_row(row) for row in content.rows),
            "notes": "\n".join(html.note(note) for note in content.notes),
            "why": "" if content.why is None else html.fill(_WHY, title=content.why[0], text=content.why[1]),
        },
        title=content.title,
        lead=content.lead,
        button=button,
        button_link=button_link,
        leave=leave,
        leave_link=leave_link,
        leave_text=leave_text,
        footer=content.footer,
    )


def _row(row: Row) -> str:
    return html.fill(_LINKED if row.link else _ROW, over=row.over, title=row.title, under=row.under, link=row.link)
