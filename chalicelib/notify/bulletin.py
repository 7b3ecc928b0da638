"""The bulletin: one mail that tells a unit of many cases, the most pressing first, each with one link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template

from chalicelib.domain.alerting import OVERDUE, SURGE, URGENT, WITHDRAWN
from chalicelib.notify import html
from chalicelib.notify.case import Case, case_link
from chalicelib.notify.mail import APPROXIMATE, Mail, news
from chalicelib.notify.words import Words, one_line

BULLETIN = "X-Czujka-Bulletin"
"""Header with the bulletin's id, which is the same in every repeat."""

_ROW = (
    '<tr><td class="line" style="padding:14px 0;border-top:1px solid #D3DAE3">'
    '<p class="muted" style="margin:0;font-size:14px;color:#465363">$over</p>'
    '<p style="margin:2px 0;font-weight:650"><a class="plain" href="$link" style="color:#0B3D91">$title</a></p>'
    '<p class="ink" style="margin:0;font-size:14px;color:#131A22">$under</p>$take_up</td></tr>'
)
_TAKE_UP = (
    '<p style="margin:4px 0 0;font-size:14px"><a class="plain" href="$address" '
    'style="color:#0B3D91;font-weight:650">$label</a></p>'
)
_URGENT = '<strong class="urgent" style="color:#7A4A00">$word</strong> · '


@dataclass(frozen=True, slots=True)
class Entry:
    """One case: what was told of it last, from how many sources, and whether the unit hears of it first."""

    case: Case
    sources: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Bulletin:
    """All that a bulletin says: `rest` counts by priority the cases that it does not name.

    `level` is that of overdue cases, 0 of all others; other cases than those of `unit_code` say whose they are.
    """

    id: str
    unit_code: str
    unit: str
    unit_short: str
    level: int
    entries: Sequence[Entry]
    rest: Mapping[int, int]

    @property
    def count(self) -> int:
        """How many cases it tells of."""
        return len(self.entries) + sum(self.rest.values())

    @property
    def urgent(self) -> int:
        """How many of them are urgent."""
        return sum(entry.case.priority == URGENT for entry in self.entries) + self.rest.get(URGENT, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that such a mail lists: what stands over it, what it is and where that leads, what stands under it.

    `urgent` is a word before all, where it is; `take_up` a label with the address at which the case is taken up.
    """

    over: str
    title: str
    under: str
    link: str
    urgent: str = ""
    take_up: tuple[str, str] | None = None


def render(bulletin: Bulletin, words: Words, language: str, site_url: str) -> Mail:
    """Return the mail, in the language of `words`."""
    rows = [_row(entry, bulletin, words, site_url) for entry in bulletin.entries]
    notes = list(_notes(bulletin, words))
    values = {
        "subject": _subject(bulletin, words),
        "unit": one_line(bulletin.unit),
        "title": words.say("overdue_title" if bulletin.level else "bulletin_title"),
        "lead": words.say(
            f"overdue_lead_{bulletin.level}" if bulletin.level else "bulletin_lead", count=str(bulletin.count)
        ),
        "open_queue": words.say("open_queue"),
        "queue_link": f"{site_url}/policja/",
        "footer": words.say("footer"),
    }
    # RFC 3834: no vacation notice answers it.
    headers = {"Auto-Submitted": "auto-generated", BULLETIN: bulletin.id}
    return written(values, rows, notes, language, headers)


def written(
    values: Mapping[str, str], rows: Sequence[Row], notes: Sequence[str], language: str, headers: dict[str, str]
) -> Mail:
    """Return a mail of the bulletin's form; `values` are its subject, unit, title, lead, link and footer."""
    return Mail(values["subject"], _text(values, rows, notes), _page(values, rows, notes, language), headers)


def _subject(bulletin: Bulletin, words: Words) -> str:
    name = "overdue_subject" if bulletin.level else "bulletin_subject"
    subject = words.say(name, unit=one_line(bulletin.unit_short), count=str(bulletin.count))
    if bulletin.urgent:
        subject = words.say("bulletin_urgent", subject=subject, count=str(bulletin.urgent))
    dues = [entry.case.due for entry in bulletin.entries if entry.case.due is not None]
    return (
        words.say("bulletin_due", subject=subject, due=words.short(min(dues)))
        if dues and not bulletin.level
        else subject
    )


def _notes(bulletin: Bulletin, words: Words) -> Sequence[str]:
    notes = []
    if bulletin.rest:
        counted = ", ".join(
            f"{words.say(f'priority_{priority}').lower()}: {number}"
            for priority, number in sorted(bulletin.rest.items())
        )
        notes.append(words.say("bulletin_rest", counted=counted))
    if any(entry.case.boundaries == APPROXIMATE for entry in bulletin.entries):
        notes.append(f"{words.say('approximate')}. {words.say('approximate_text')}")
    notes.append(words.say(f"overdue_why_{bulletin.level}" if bulletin.level else "bulletin_why"))
    return notes


def _row(entry: Entry, bulletin: Bulletin, words: Words, site_url: str) -> Row:
    case = entry.case
    category = one_line(case.category_name)
    over = [words.say("reported", when=words.long(case.at)).rstrip(".")]
    if case.unit != bulletin.unit_code:
        over.insert(0, one_line(case.unit_short))
    if entry.sources > 1:
        over.append(words.say("sources", count=str(entry.sources)))
    return Row(
        urgent=words.say("priority_1") if _is_urgent(case) else "",
        over=" · ".join(over),
        title=words.say("near", category=category, place=one_line(case.place)) if case.place else category,
        under=" ".join(_under(entry, words)),
        link=case_link(site_url, case.report),
        take_up=None if case.take_up is None else (words.say("take_up"), case.take_up),
    )


def _is_urgent(case: Case) -> bool:
    return case.kind == SURGE or (case.priority == URGENT and case.kind != WITHDRAWN)


def _under(entry: Entry, words: Words) -> list[str]:
    case = entry.case
    if case.kind in OVERDUE:
        late = [] if case.due is None else [words.say("overdue_since", when=words.long(case.due))]
        return [*late, f"{words.say('state')}: {case.state}."]
    said = [words.say("new_case")] if entry.is_new and case.kind != WITHDRAWN else []
    said += news(case, words)
    if case.days and case.parts:
        said.append(words.say("repeats", days=words.weekdays(case.days), parts=words.parts(case.parts)))
    if case.due is not None:
        label = words.say("due_verify" if case.kind == "reopened" else "due")
        said.append(f"{label}: {words.long(case.due)}.")
    elif case.state is not None:
        said.append(f"{words.say('state')}: {case.state}.")
    return said


def _text(values: Mapping[str, str], rows: Sequence[Row], notes: Sequence[str]) -> str:
    paragraphs = [
        f"{values['title']}\n{values['lead']}",
        *(
            f"{number}. {row.title}\n{f'{row.urgent} · ' if row.urgent else ''}{row.over}\n{row.under}\n{row.link}"
            + ("" if row.take_up is None else "\n{}: {}".format(*row.take_up))
            for number, row in enumerate(rows, 1)
        ),
        f"{values['open_queue']}: {values['queue_link']}",
        *notes,
        f"-- \n{values['footer']}",
    ]
    return "\n\n".join(paragraphs) + "\n"


def _page(values: Mapping[str, str], rows: Sequence[Row], notes: Sequence[str], language: str) -> str:
    pieces = {"rows": "\n".join(_cell(row) for row in rows), "notes": "\n".join(html.note(text) for text in notes)}
    return html.page("bulletin", language, pieces=pieces, **values)


def _cell(row: Row) -> str:
    said = html.escaped(over=row.over, title=row.title, under=row.under, link=row.link)
    said["take_up"] = "" if row.take_up is None else html.fill(_TAKE_UP, label=row.take_up[0], address=row.take_up[1])
    if row.urgent:
        said["over"] = html.fill(_URGENT, word=row.urgent) + said["over"]
    return Template(_ROW).substitute(said)
