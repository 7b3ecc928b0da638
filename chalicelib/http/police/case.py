"""One case for whoever works on it, its card on paper, and the addresses of its photos."""

from chalicelib.container import Container
from chalicelib.domain.roles import Deed, Officer
from chalicelib.http.call import Call, Query
from chalicelib.http.operation import HTML
from chalicelib.http.police import case_shapes
from chalicelib.http.police.card_page import POLICY, Card
from chalicelib.http.police.case_body import case_body
from chalicelib.http.police.guard import officer
from chalicelib.http.police.lines import due
from chalicelib.http.reply import Reply
from chalicelib.languages import negotiate
from chalicelib.services import police_case
from chalicelib.services.police_reading import Look, Reading
from chalicelib.store import audit, keys
from chalicelib.store.audit import Noted

SIZES = ("small", "full")


def show_case(call: Call, box: Container) -> Reply:
    """Show a case with everything that is known of it, after noting who looks."""
    return case_reply(call.path["id"], officer(call, box, Deed.READ), call, box)


def case_reply(report_id: str, who: Officer, call: Call, box: Container, *, is_noted: bool = False) -> Reply:
    """Return a case as it stands now, also after a deed of this officer; it notes who looks before it gives words.

    `is_noted` tells that this request has noted it already: the entry of a deed stands for the look that follows it.
    """
    chosen = _language(call, box)
    body = case_body(reading(who, box, is_noted=is_noted).case(report_id), who, box, chosen)
    return Reply(body, headers={"Content-Language": chosen, "Vary": "Accept-Language"})


def show_photo(call: Call, box: Container) -> Reply:
    """Give the address of one photo, after noting who looks."""
    who = officer(call, box, Deed.READ)
    query = Query(call, "size")
    size = query.chosen("size", SIZES)
    query.done()
    link = reading(who, box).photo(call.path["id"], call.path["slot"], box.vault, small=size == "small")
    body: case_shapes.PhotoLink = {"url": link.url, "expires_at": keys.instant(link.expires)}
    return Reply(body)


def show_card(call: Call, box: Container) -> Reply:
    """Show a case's verification card, to be printed, after noting who looks."""
    who = officer(call, box, Deed.READ)
    case, instance, chosen = reading(who, box).case(call.path["id"], Look.CARD), box.instance, _language(call, box)
    line = case.line
    seen = police_case.seen(line, instance)
    card = Card(
        case=case,
        due=due(line, box),
        place=box.place_names.place(line.lat, line.lon),
        area_name=box.place_names.area(line.report.area),
        times=seen.times,
        sources=seen.sources,
        suggested=police_case.suggested(line, instance, box.clock()),
        instance=instance,
        language=chosen,
        now=box.clock(),
    )
    headers = {
        "Content-Type": HTML,
        "Content-Security-Policy": POLICY,
        "Content-Language": chosen,
        "Vary": "Accept-Language",
        "Referrer-Policy": "no-referrer",
    }
    return Reply(card.page(), headers=headers)


def reading(who: Officer, box: Container, *, is_noted: bool = False) -> Reading:
    """Return the reading of cases by an officer, now, who stands in the audit already where `is_noted` says so."""
    instance, now = box.instance, box.clock()

    def sees(unit: str) -> bool:
        return who.sees(unit, instance.units)

    def note(look: Look, report_id: str) -> None:
        if not is_noted:
            audit.note(Noted(now, who.subject, who.role, who.unit, look, report_id), instance.zone)

    return Reading(sees, note, now)


def _language(call: Call, box: Container) -> str:
    instance = box.instance
    return negotiate(call.headers.get("accept-language"), instance.languages, instance.default_language)
