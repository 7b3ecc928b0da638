"""Passing a case on: to whom it may go, what the institution is told, and what it never is."""

from collections.abc import Callable

import pytest

from chalicelib.domain import chain
from chalicelib.domain.steps import Actor
from chalicelib.store import chaining, keys
from chalicelib.store.models import EventItem, TextItem
from tests.http.world import WARSAW, World, errors
from tests.partners.institutions import Institution, confirmed, pass_on, passed
from tests.police.officers import Staff

Hire = Callable[..., Institution]
Desk = Callable[..., Staff]


def test_S20_a_case_passed_on_is_on_the_list_of_the_institution_with_what_it_needs(
    world: World, staff: Desk, hire: Hire
) -> None:
    partner, officer = hire(), staff()
    report = passed(officer, world)
    (case,) = partner.listed()
    assert (case["id"], case["category"], case["status"]) == (report, "illegal_dump", "passed_on")
    assert case["location"] == {"lat": WARSAW[0], "lon": WARSAW[1], "precision_m": 0}
    assert (case["note"], case["public_note"]) == ("Od strony szkoły", "Prosimy o znak")
    assert (case["unit"]["code"], case["answer"]) == (world.current(report).unit, None)
    assert partner.listed("answered") == []


def test_nothing_of_the_reporter_and_nothing_of_the_police_reaches_an_institution(
    world: World, staff: Desk, hire: Hire
) -> None:
    partner = hire()
    passed(staff(), world)
    text = partner.call("GET", "/v1/partner/cases").text
    assert "kanarek" not in text
    assert "wrona" not in text
    assert "photos" not in text


@pytest.mark.parametrize("place", ["coarse", None, "exact"])
def test_a_place_is_given_as_exactly_as_the_category_allows(
    world: World, staff: Desk, hire: Hire, place: str | None
) -> None:
    known = world.box.instance.catalogue.categories
    by_class = {"coarse": "vulnerable", None: "hidden", "exact": "ordinary"}[place]
    chosen = next(each.code for each in known.values() if each.sensitivity == by_class and each.valid_to is None)
    partner = hire()
    report = passed(staff(), world, category=chosen)
    (case,) = partner.listed()
    assert case["id"] == report
    if place is None:
        assert (case["location"], case["place"], case["public"]) == (None, None, None)
    elif place == "coarse":
        assert case["location"]["precision_m"] > 100
        assert (case["location"]["lat"], case["location"]["lon"]) != WARSAW
    else:
        assert case["location"]["precision_m"] == 0
    assert case["note"] == "Od strony szkoły"


def test_the_history_names_the_institution_and_the_police_see_what_was_written_to_it(
    world: World, staff: Desk, hire: Hire
) -> None:
    hire()
    officer = staff()
    report = confirmed(world)
    event = pass_on(officer, world, report).body["history"][-1]
    assert event["addressee"] == {"partner": "ZDM", "name": "Zarząd Dróg", "note": "Od strony szkoły"}
    assert world.current(report).passed_to == "ZDM"


@pytest.mark.parametrize("areas", [["1465"], ["14"], ["*"], ["146501"]])
def test_whoever_serves_the_place_may_be_asked(world: World, staff: Desk, hire: Hire, areas: list[str]) -> None:
    hire(areas=areas)
    officer = staff()
    report = confirmed(world)
    shown = officer.call("GET", f"/v1/police/reports/{report}", Accept_Language="en").body
    assert shown["addressees"] == [{"code": "ZDM", "kind": "road", "name": "Roads"}]
    assert pass_on(officer, world, report).status == 200


@pytest.mark.parametrize("areas", [["1434"], ["02"], ["14650"]][:2])
def test_whoever_serves_elsewhere_may_not(world: World, staff: Desk, hire: Hire, areas: list[str]) -> None:
    hire("ELSEWHERE", areas=areas)
    hire("NEAR")
    officer = staff()
    report = confirmed(world)
    before = world.items("main")
    shown = officer.call("GET", f"/v1/police/reports/{report}").body["addressees"]
    assert [each["code"] for each in shown] == ["NEAR"]
    answer = pass_on(officer, world, report, "ELSEWHERE")
    assert errors(answer) == {("addressee.partner", "unknown_value")}
    assert "NEAR" in answer.text
    assert [item for item in world.items("main") if item["t"]["S"] != "audit"] == [
        item for item in before if item["t"]["S"] != "audit"
    ]


@pytest.mark.parametrize(
    ("addressee", "fault"),
    [
        ({"partner": "NOBODY"}, ("addressee.partner", "unknown_value")),
        ({"partner": "no code"}, ("addressee.partner", "unknown_value")),
        ({"partner": ""}, ("addressee.partner", "unknown_value")),
        ({"partner": "ZDM", "name": "Z"}, ("addressee.name", "exclusive")),
        ({"partner": "ZDM", "contact": "tel."}, ("addressee.contact", "not_wanted")),
        ({"partner": "ZDM", "note": "x" * 501}, ("addressee.note", "too_long")),
        ({"partner": "ZDM", "note": "\u202e"}, ("addressee.note", "control_character")),
        ({"name": "Gmina", "note": "x"}, ("addressee.note", "not_wanted")),
    ],
)
def test_a_wrong_addressee_is_refused(
    world: World, staff: Desk, hire: Hire, addressee: dict[str, str], fault: tuple[str, str]
) -> None:
    hire()
    report = confirmed(world)
    assert errors(pass_on(staff(), world, report, addressee=addressee)) == {fault}
    assert world.current(report).status == "confirmed"


def test_addressees_are_shown_only_where_the_case_may_be_passed_on(world: World, staff: Desk, hire: Hire) -> None:
    hire()
    report = world.citizen().file().body["id"]
    assert staff().call("GET", f"/v1/police/reports/{report}").body["addressees"] == []
    case = confirmed(world, lat=52.1)
    assert staff(None, "national").call("GET", f"/v1/police/reports/{case}").body["addressees"] == []


def test_a_foreign_officer_is_told_nothing_of_partners(world: World, staff: Desk, hire: Hire) -> None:
    hire("NEAR")
    report = confirmed(world)
    assert pass_on(staff("KMP-LOMZA"), world, report, "NOBODY").status == 404


@pytest.mark.parametrize(("to", "reason"), [("confirmed", "returned"), ("eliminated", "gone")])
def test_what_the_police_take_back_unanswered_is_gone_from_the_list(
    world: World, staff: Desk, hire: Hire, to: str, reason: str
) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(minutes=1)
    world.step(report, to, reason)
    assert partner.listed() == partner.listed("answered") == []
    assert partner.answer(report).status == 404


def test_a_case_may_be_passed_on_again_also_to_another(world: World, staff: Desk, hire: Hire) -> None:
    first, second, officer = hire("FIRST"), hire("SECOND"), staff()
    report = passed(officer, world, "FIRST")
    world.clock.pass_by(minutes=1)
    assert first.answer(report, "not_ours", whose="Second").status == 200
    world.clock.pass_by(minutes=1)
    assert pass_on(officer, world, report, "SECOND").status == 200
    (before,) = first.listed("answered")
    assert (before["location"], before["place"], before["note"], before["public_note"]) == (None,) * 4
    assert [case["id"] for case in second.listed()] == [report]
    world.clock.pass_by(minutes=1)
    assert second.answer(report, "not_ours", whose="First").status == 200
    world.clock.pass_by(minutes=1)
    assert pass_on(officer, world, report, "FIRST").status == 200
    assert [case["answer"] for case in first.listed()] == [None]
    assert first.listed("answered") == []
    assert first.answer(report).status == 200


def test_who_passes_on_without_the_institution_s_name_changes_no_list(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = confirmed(world)
    assert pass_on(staff(), world, report, addressee={"name": "Gmina"}).status == 200
    world.clock.pass_by(minutes=1)
    world.step(report, "confirmed", "returned")
    assert partner.listed() == []


def test_events_stay_a_chain_with_the_words_to_and_of_institutions(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(minutes=1)
    assert partner.answer(report, "not_ours", text="sroka", whose="Gmina").status == 200
    events = list(EventItem.query(keys.report(report), EventItem.sk.startswith(keys.EVENT)))
    words = {item.sk[2:]: item for item in TextItem.query(keys.report(report), TextItem.sk.startswith(keys.TEXT))}
    links = [
        chain.Link(
            int(event.seq),
            chaining.fields(event),
            event.chain,
            None if (said := words.get(event.sk[2:])) is None else chain.Words(said.salt, chaining.words_in(said)),
        )
        for event in events
    ]
    assert list(chain.breaks(report, links, chain.Head(int(events[-1].seq), events[-1].chain))) == []
    assert chaining.words_in(words["000004"])["brief"] == "Od strony szkoły"
    assert chaining.words_in(words["000005"]) == {"note": "sroka", "whose": "Gmina"}
    assert events[-1].by == Actor.PARTNER
