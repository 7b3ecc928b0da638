"""The daily mail: what has changed on the public map where somebody wanted to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.notify.citizen import CitizenMail, Content, Links, Row, Words, mail
from chalicelib.notify.words import one_line


@dataclass(frozen=True, slots=True)
class Line:
    """One report: its category's name, the nearest place, and what became of it on which ISO day.

    A new report says so; another says its status, and why in a sentence.
    """

    report: str
    category: str
    place: str | None
    is_new: bool
    status: str
    reason: str | None
    day: str


def render(words: Words, where: str, lines: Sequence[Line], count: int, links: Links, emergency: str) -> CitizenMail:
    """Return the mail of some `lines` out of `count` changes, in the order given."""
    place, total = one_line(where), str(count)
    left_out = count - len(lines)
    notes = [words.say("more", count=str(left_out))] if left_out > 0 else []
    content = Content(
        subject=words.say("digest_subject", where=place, count=total),
        title=words.say("digest_title"),
        lead=words.say("digest_lead", where=place, count=total),
        rows=[_row(words, line, links) for line in lines],
        button=(words.say("open_map"), f"{links.site}/"),
        notes=(*notes, words.say("honest")),
        why=(words.say("why"), words.say("why_text")),
        leave=(words.say("leave"), links.leave, words.say("leave_text")),
        footer=words.say("footer", emergency=emergency),
    )
    return mail(content, words, links)


def _row(words: Words, line: Line, links: Links) -> Row:
    category = one_line(line.category)
    title = category if line.place is None else f"{category}, {words.say('near', place=one_line(line.place))}"
    over = words.say("new") if line.is_new else words.status(line.status)
    under = "" if line.is_new and line.status == "new" else words.reason(line.reason)
    if line.is_new and line.status != "new":
        over = f"{over} · {words.status(line.status)}"
    return Row(f"{over} · {words.day(line.day)}", title, under, links.report(line.report))
