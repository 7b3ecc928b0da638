"""The mail to people: a subject, a text and an HTML part that say the same, with nothing to load from elsewhere.

The exact place is in it, because the unit has to go there. The reporter's own words are not: mail is copied,
forwarded and kept for years, so they stay in the police console.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.notify.case import Case, case_link, map_link
from chalicelib.notify.page import page
from chalicelib.notify.words import Words, one_line

APPROXIMATE = "approximate"
REOPENED = "reopened"
ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail. `headers` are ASCII; no address is among them."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """The worded facts, in the order in which both parts say them; plain text, nothing escaped.

    `links` are labels and addresses, the first is where to begin. `warning` is a title and a text, or None. `rows` are
    labels and values.
    """

    subject: str
    unit: str
    what: str
    when: str
    due: tuple[str, str] | None
    links: tuple[tuple[str, str], ...]
    warning: tuple[str, str] | None
    rows: tuple[tuple[str, str], ...]
    why: tuple[str, str]
    footer: str


def render(case: Case, words: Words, language: str, site_url: str) -> Mail:
    """Return the mail about a case, in the language of `words`."""
    return written(_content(case, words, site_url), language, case)


def written(content: Content, language: str, case: Case) -> Mail:
    """Return the mail of worded facts about a case."""
    # RFC 3834: no vacation notice answers it. The mails about one report stand together in a thread.
    thread = f"<{case.report}@czujka>"
    headers = {"Auto-Submitted": "auto-generated", "References": thread, "X-Czujka-Event": case.event}
    return Mail(content.subject, _text(content), page(content, language), headers)


def _content(case: Case, words: Words, site_url: str) -> Content:
    unit, category = one_line(case.unit_name), one_line(case.category_name)
    what = words.say("near", category=category, place=one_line(case.place)) if case.place else category
    return Content(
        subject=_subject(case, words, what),
        unit=unit,
        what=what,
        when=_when(case, words),
        due=None if case.due is None else (words.say(_due(case)), words.long(case.due)),
        links=_links(case, words, site_url),
        warning=_warning(case, words),
        rows=_rows(case, words),
        why=(words.say("why"), _why(case, words, unit)),
        footer=words.say("footer"),
    )


def _links(case: Case, words: Words, site_url: str) -> tuple[tuple[str, str], ...]:
    links = [
        (words.say("open_case"), case_link(site_url, case.report)),
        (words.say("open_map"), map_link(site_url, case.lat, case.lon)),
    ]
    if case.take_up is not None:
        links.insert(1, (words.say("take_up"), case.take_up))
    return tuple(links)


def _subject(case: Case, words: Words, what: str) -> str:
    name = "subject" if case.news is None else f"subject_{case.kind}"
    values = {"unit": one_line(case.unit_short), "what": what}
    if case.due is None or case.kind == ANSWERED:
        return words.say(name, **values)
    return words.say(f"{name}_due", **values, due=words.short(case.due))


def _due(case: Case) -> str:
    return "due_verify" if case.kind == REOPENED else "due"


def news(case: Case, words: Words) -> list[str]:
    """Return what has happened, as sentences; none of a new report."""
    if case.news is None:
        return []
    if case.surge is not None:
        surge = case.surge
        return [words.say("news_surge", sources=str(surge.sources), radius=str(surge.radius_m), hours=str(surge.hours))]
    name = f"news_{case.kind}" if case.news.answer is None else f"news_{case.kind}_{case.news.answer}"
    said = {"reason": case.news.reason or "", "body": one_line(case.body or "")}
    return [words.say(name, when=words.long(case.news.at), **said).rstrip()]


def _when(case: Case, words: Words) -> str:
    sentences = [*news(case, words), words.say("reported", when=words.long(case.at))]
    if case.occurred is not None:
        sentences.append(words.say("happened", when=words.long(case.occurred)))
    if case.days and case.parts:
        sentences.append(words.say("repeats", days=words.weekdays(case.days), parts=words.parts(case.parts)))
    return " ".join(sentences)


def _warning(case: Case, words: Words) -> tuple[str, str] | None:
    if case.boundaries != APPROXIMATE:
        return None
    return words.say("approximate"), words.say("approximate_text")


def _rows(case: Case, words: Words) -> tuple[tuple[str, str], ...]:
    rows = [
        (words.say("coordinates"), f"{case.lat:.5f}, {case.lon:.5f}"),
        (words.say("area"), _area(case)),
        (words.say("number"), case.report),
    ]
    if case.has_text:
        rows.insert(0, (words.say("description"), words.say("description_there")))
    if case.state is not None:
        rows.insert(0, (words.say("state"), case.state))
    return tuple(rows)


def _why(case: Case, words: Words, unit: str) -> str:
    why = words.say("why_unit", area=_area(case), unit=unit)
    if case.stand_in is None:
        return why
    return f"{why} {words.say('why_stand_in', recipient=one_line(case.stand_in))}"


def _area(case: Case) -> str:
    return case.area if case.area_name is None else f"{one_line(case.area_name)} ({case.area})"


def _text(content: Content) -> str:
    paragraphs = [
        f"{content.what}\n{content.when}",
        "" if content.due is None else ": ".join(content.due),
        "\n".join(f"{label}: {address}" for label, address in content.links),
        "" if content.warning is None else f"! {content.warning[0]}\n{content.warning[1]}",
        "\n".join(f"{label}: {value}" for label, value in content.rows),
        "{}:\n{}".format(*content.why),
        f"-- \n{content.footer}",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"
