"""The test mail: that this address works, what will come here, and who wanted to know (by role, never by name)."""

from __future__ import annotations

from chalicelib.domain.units import Unit
from chalicelib.notify.bulletin import written
from chalicelib.notify.mail import Mail
from chalicelib.notify.words import Words, one_line

TRIAL = "X-Czujka-Test"
"""Header that tells a test mail from all others."""

OPERATOR = "operator"
"""Who asked where it was no officer."""


def render(unit: Unit, asked_by: str, words: Words, language: str, site_url: str) -> Mail:
    """Return the mail to a unit, in the language of `words`; `asked_by` is a role that may ask, or the operator."""
    name, short = one_line(unit.name), one_line(unit.short)
    values = {
        "subject": words.say("trial_subject", unit=short),
        "unit": name,
        "title": words.say("trial_title"),
        "lead": words.say("trial_lead", unit=name),
        "open_queue": words.say("open_queue"),
        "queue_link": f"{site_url}/policja/",
        "footer": words.say("footer"),
    }
    notes = [words.say(f"trial_by_{asked_by}"), words.say("trial_spam")]
    # RFC 3834: no vacation notice answers it.
    headers = {"Auto-Submitted": "auto-generated", TRIAL: unit.code}
    return written(values, (), notes, language, headers)
