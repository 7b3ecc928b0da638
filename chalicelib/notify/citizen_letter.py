"""The letter that asks an address to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.notify.citizen import CitizenMail, Content, Links, Row, Words, mail
from chalicelib.notify.words import one_line


def render(
    words: Words, where: str, kinds: Sequence[str], links: Links, until: datetime, emergency: str
) -> CitizenMail:
    """Return the letter: what would come, from where (`where`), about what (`kinds`; none means all), until when."""
    place = one_line(where)
    content = Content(
        subject=words.say("letter_subject", where=place),
        title=words.say("letter_title"),
        lead=words.say("letter_text"),
        rows=(
            Row(words.say("where"), place),
            Row(words.say("what"), one_line(", ".join(kinds)) if kinds else words.say("all_kinds")),
            Row(words.say("how_often"), words.say("daily")),
        ),
        button=(words.say("confirm"), links.confirm),
        notes=(words.say("until", when=words.moment(until)),),
        why=None,
        leave=(words.say("not_mine"), links.leave, words.say("leave_text")),
        footer=words.say("footer", emergency=emergency),
    )
    return mail(content, words, links)
