"""Views of a unit's settings: who keeps them sees them, changes them, and tries whether the addresses take mail."""

from typing import cast

from chalicelib.container import Container
from chalicelib.domain.errors import Invalid, SettingsConflict
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.roles import Deed, Officer
from chalicelib.domain.units import Unit
from chalicelib.http.body import read
from chalicelib.http.call import Call, Query
from chalicelib.http.police import unit_shapes
from chalicelib.http.police.doing import noted
from chalicelib.http.police.guard import codes_in_sight, officer
from chalicelib.http.police.lines import unit_name
from chalicelib.http.police.unit_bodies import Above, SettingsBody, TrialBody
from chalicelib.http.reply import Reply
from chalicelib.services.mailboxes import Mailboxes
from chalicelib.services.mailing import Mailing
from chalicelib.services.trials import Trials
from chalicelib.services.unit_settings import Changed, Settings
from chalicelib.store import audit, unit_settings
from chalicelib.store.audit import Noted
from chalicelib.store.unit_settings import Kept


def show_unit(call: Call, box: Container) -> Reply:
    """Show a unit's settings."""
    unit = _asked(call, officer(call, box, Deed.UNIT_READ), box)
    return Reply(_body(unit, unit_settings.read(unit.code)))


def keep_unit(call: Call, box: Container) -> Reply:
    """Write a unit's settings over those of the version that the coordinator has seen."""
    asking = officer(call, box, Deed.UNIT_WRITE)
    unit = _asked(call, asking, box)
    mailboxes = Mailboxes(box.instance, box.settings.fallback_address)
    body = read(SettingsBody, call.json_body(), Above(lambda: mailboxes.somebody_above(unit.code)))
    also = noted([_entry(asking, Deed.UNIT_WRITE, unit, box)], box)
    try:
        return Reply(_body(unit, Settings(unit, also).keep(body.settings(), body.version)))
    except Changed as changed:
        raise SettingsConflict(_body(unit, changed.now)) from None


def send_test(call: Call, box: Container) -> Reply:
    """Send a test mail to a unit's addresses."""
    asking = officer(call, box, Deed.TEST_MAIL)
    unit = _named(read(TrialBody, call.json_body()).unit, asking, box)
    entry = _entry(asking, Deed.TEST_MAIL, unit, box)
    mailing = Mailing(box.ses, box.settings.mail_sender)
    trials = Trials(mailing, box.instance, box.settings.site_url, box.clock)
    # Noted before the mail leaves: a mail that nobody has asked for is worse than an entry without one.
    tried = trials.ask(unit, asking.role.value, lambda: audit.note(entry, box.instance.zone))
    answer: unit_shapes.MailTried = {"sent_to": list(tried.sent_to), "skipped": list(tried.skipped)}
    return Reply(answer, 202)


def _asked(call: Call, asking: Officer, box: Container) -> Unit:
    """Return the unit that the query names, the officer's own where it names none."""
    query = Query(call, "unit")
    code = query.chosen("unit", codes_in_sight(asking, box))
    query.done()
    return _own(code, asking, box)


def _named(code: str | None, asking: Officer, box: Container) -> Unit:
    """Return the unit that a body names, the officer's own where it names none; a foreign one is faulty as above."""
    seen = codes_in_sight(asking, box)
    if code is not None and code not in seen:
        raise Invalid([FieldFault("unit", Fault.UNKNOWN_VALUE, {"allowed": ", ".join(seen)})])
    return _own(code, asking, box)


def _own(code: str | None, asking: Officer, box: Container) -> Unit:
    chosen = code or asking.unit
    if chosen is None:
        raise Invalid([FieldFault("unit", Fault.MISSING)])
    return box.units[chosen]


def _entry(asking: Officer, deed: Deed, unit: Unit, box: Container) -> Noted:
    return Noted(box.clock(), asking.subject, asking.role.value, asking.unit, deed.value, about=unit.code)


def _body(unit: Unit, kept: Kept) -> unit_shapes.UnitSettingsNow:
    settings = kept.settings
    return {
        "unit": unit_name(unit),
        "addresses": list(settings.addresses),
        "flagged": [
            {"address": flag.address, "since": flag.since, "reason": cast("unit_shapes.Why", flag.reason)}
            for flag in kept.flags
        ],
        "escalation": {"chief": list(settings.chief)},
        "budget": {"mails_per_hour": settings.mails_per_hour},
        "version": kept.version,
    }
