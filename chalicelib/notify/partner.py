"""The mail to an institution that a case was passed on to: what, where, from which unit, and where to answer.

No word of anybody's is in it, the officer's note included: mail is forwarded and kept for years. Neither is the token
of the institution's page, which its people have.
"""

from __future__ import annotations

from chalicelib.notify.case import Case, map_link
from chalicelib.notify.mail import Content, Mail, written
from chalicelib.notify.words import Words, one_line


def partner_page(site_url: str) -> str:
    """Return the address of the page where institutions answer."""
    return f"{site_url}/partner/"


def render(case: Case, place: tuple[float, float] | None, words: Words, language: str, site_url: str) -> Mail:
    """Return the mail; `place` is what the institution may know of where it is, in degrees, None for nothing."""
    category, unit = one_line(case.category_name), one_line(case.unit_name)
    near = None if place is None or case.place is None else one_line(case.place)
    what = category if near is None else words.say("near", category=category, place=near)
    asked = case.at if case.news is None else case.news.at
    area = case.area if case.area_name is None else f"{one_line(case.area_name)} ({case.area})"
    where = () if place is None else ((words.say("coordinates"), f"{place[0]:.5f}, {place[1]:.5f}"),)
    answer = (words.say("open_partner"), partner_page(site_url))
    seen = f"{site_url}/" if place is None else map_link(site_url, *place)
    content = Content(
        subject=words.say("subject_passed_on", unit=one_line(case.unit_short), what=what),
        unit=one_line(case.body or ""),
        what=what,
        when=words.say("passed_on", when=words.long(asked), unit=unit),
        due=None,
        links=(answer, (words.say("open_map"), seen)),
        warning=None,
        rows=(*where, (words.say("area"), area), (words.say("number"), case.report)),
        why=(words.say("why"), words.say("why_partner", unit=unit)),
        footer=words.say("footer"),
    )
    return written(content, language, case)
