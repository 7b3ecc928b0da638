"""An institution's answers: what each does, that none is given twice, and who may give any at all."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain import partners as domain
from chalicelib.services import partnering
from chalicelib.store import partners
from tests.http.world import World, errors
from tests.partners.institutions import Institution, history, pass_on, passed, token_of
from tests.police.officers import Staff

Hire = Callable[..., Institution]
Desk = Callable[..., Staff]


def test_done_is_noted_told_and_changes_no_status(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(hours=1)
    answer = partner.answer(report, text="Znak stoi")
    assert answer.status == 200
    assert answer.body["status"] == "passed_on"
    assert {**answer.body["answer"], "at": ""} == {"answer": "done", "text": "Znak stoi", "whose": None, "at": ""}
    newest = history(staff(), report)[-1]
    assert (newest["type"], newest["by"], newest["answer"], newest["from"]) == (
        "partner_answer",
        "partner",
        "done",
        None,
    )
    assert (newest["addressee"]["name"], newest["note"], newest["text"]) == ("Zarząd Dróg", "Znak stoi", None)
    assert (partner.listed(), [case["id"] for case in partner.listed("answered")]) == ([], [report])
    kinds = [(item["kind"]["S"], item["unit"]["S"]) for item in world.items("main", "O#")]
    assert ("partner_answered", world.current(report).unit) in kinds


def test_the_public_is_told_what_was_answered_and_none_of_the_words(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    citizen = world.citizen()
    filed = citizen.file().body
    for to, reason in (("verifying", "taken_up"), ("confirmed", "seen_at_check")):
        world.clock.pass_by(minutes=1)
        world.step(filed["id"], to, reason)
    assert pass_on(staff(), world, filed["id"]).status == 200
    world.clock.pass_by(minutes=1)
    partner.answer(filed["id"], text="sroka")
    answer = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"])
    newest = answer.body["history"][-1]
    assert (newest["type"], newest["by"], newest["answer"]) == ("partner_answer", "partner", "done")
    assert newest["addressee"] == "Zarząd Dróg"
    assert "sroka" not in answer.text
    assert "Od strony szkoły" not in answer.text
    page = world.stranger().call("GET", f"/v1/reports/{filed['id']}")
    assert page.body["addressee"] == {"name": "Zarząd Dróg", "answer": "done"}
    world.clock.pass_by(minutes=1)
    world.step(filed["id"], "confirmed", "returned")
    assert world.stranger().call("GET", f"/v1/reports/{filed['id']}").body["addressee"] is None


def test_after_done_the_police_close_the_case_and_it_stays_among_the_answered(
    world: World, staff: Desk, hire: Hire
) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(minutes=1)
    partner.answer(report)
    world.clock.pass_by(minutes=1)
    assert world.step(report, "eliminated", "removed_by_other").passed_to == "ZDM"
    (case,) = partner.listed("answered")
    assert (case["status"], case["location"]["precision_m"]) == ("eliminated", 0)
    assert partner.answer(report).status == 200


def test_not_ours_gives_the_case_back_to_its_unit(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(minutes=1)
    answer = partner.answer(report, "not_ours", whose="Gmina Wołomin", text="Za granicą miasta")
    assert (answer.status, answer.body["status"], answer.body["location"]) == (200, "confirmed", None)
    case = world.current(report)
    assert (case.status, case.reason, case.passed_to, case.passed_name) == ("confirmed", "returned", None, None)
    newest = history(staff(), report)[-1]
    assert (newest["type"], newest["by"], newest["answer"]) == ("status", "partner", "not_ours")
    assert (newest["whose"], newest["note"]) == ("Gmina Wołomin", "Za granicą miasta")
    queue = staff().call("GET", "/v1/police/reports?status=confirmed").body["reports"]
    assert [row["id"] for row in queue] == [report]


@pytest.mark.parametrize(("answer", "words"), [("done", {"text": "x"}), ("not_ours", {"whose": "Gmina"})])
def test_the_same_answer_again_changes_nothing(
    world: World, staff: Desk, hire: Hire, answer: str, words: dict[str, str]
) -> None:
    partner = hire()
    report = passed(staff(), world)
    first = partner.answer(report, answer, **words)
    before = world.items("main")
    world.clock.pass_by(hours=2)
    again = partner.answer(report, answer, **words)
    assert (again.status, again.body["answer"]) == (200, first.body["answer"])
    assert world.items("main") == before


def test_another_answer_is_refused(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = passed(staff(), world)
    partner.answer(report)
    before = world.items("main")
    for words in ({"text": "anders"}, {"answer": "not_ours", "whose": "Gmina"}):
        refused = partner.answer(report, **{"answer": "done", **words})
        assert (refused.status, refused.body["code"]) == (409, "already_answered")
    assert world.items("main") == before


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {("answer", "missing")}),
        ({"answer": "perhaps"}, {("answer", "unknown_value")}),
        ({"answer": "not_ours"}, {("whose", "missing")}),
        ({"answer": "not_ours", "whose": " "}, {("whose", "missing")}),
        ({"answer": "not_ours", "whose": "x" * 101}, {("whose", "too_long")}),
        ({"answer": "done", "whose": "Gmina"}, {("whose", "not_wanted")}),
        ({"answer": "done", "text": "x" * 501}, {("text", "too_long")}),
        (
            {"answer": "done", "text": "\u202e", "version": 3},
            {("text", "control_character"), ("version", "unknown_field")},
        ),
        ({"answer": 1, "text": 2}, {("answer", "unknown_value"), ("text", "wrong_type")}),
    ],
)
def test_wrong_bodies_are_refused_with_every_fault(
    world: World, staff: Desk, hire: Hire, body: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    partner = hire()
    report = passed(staff(), world)
    answer = partner.call("POST", f"/v1/partner/cases/{report}/answer", body)
    assert (answer.status, errors(answer)) == (422, faults)


WITHOUT = [None, "", "czp", "czp_ZDM_", "czp_NOBODY_" + "a" * 52, "czp_ZDM_" + "b" * 52, "czp_zdm_" + "a" * 52, "ż"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/partner/me"), ("GET", "/v1/partner/cases"), ("POST", "/v1/partner/cases/{id}/answer")],
)
def test_V10_without_a_token_that_counts_every_route_is_closed(
    world: World, staff: Desk, hire: Hire, method: str, path: str
) -> None:
    hire()
    report = passed(staff(), world)
    before = world.current(report)
    body = {"answer": "done"} if method == "POST" else None
    for token in WITHOUT:
        answer = Institution("ZDM", token).call(method, path.replace("{id}", report), body)
        assert (answer.status, answer.body["code"]) == (401, "partner_invalid")
        assert answer.headers["www-authenticate"].startswith("Partner")
    assert world.current(report) == before


def test_V10_a_case_of_another_institution_looks_like_none(world: World, staff: Desk, hire: Hire) -> None:
    hire("ZDM")
    other = hire("PKP")
    report = passed(staff(), world, "ZDM")
    before = world.items("main")
    foreign, unknown = other.answer(report), other.answer("0" * 26)
    assert (foreign.status, unknown.status) == (404, 404)
    assert foreign.body == unknown.body
    assert other.listed() == other.listed("answered") == []
    assert world.items("main") == before


def test_a_token_that_was_replaced_revoked_or_is_over_opens_nothing(world: World, hire: Hire) -> None:
    partner = hire()
    me = partner.call("GET", "/v1/partner/me")
    assert me.status == 200
    assert (me.body["partner"]["code"], me.body["partner"]["names"]["en"]) == ("ZDM", "Roads")
    fresh = Institution("ZDM", token_of(world, "ZDM", b"\10"))
    assert (partner.call("GET", "/v1/partner/me").status, fresh.call("GET", "/v1/partner/me").status) == (401, 200)
    world.clock.now += domain.TOKEN_LASTS
    assert fresh.call("GET", "/v1/partner/me").status == 401
    world.clock.pass_by(seconds=-1)
    assert fresh.call("GET", "/v1/partner/me").status == 200
    found = partners.find("ZDM", consistent=True)
    assert found is not None
    partners.revoke(found)
    assert fresh.call("GET", "/v1/partner/me").status == 401


def test_the_table_keeps_no_token(world: World, hire: Hire) -> None:
    partner = hire()
    secret = str(partner.token).rpartition("_")[2]
    assert secret not in str(world.items("main"))


def test_no_more_answers_a_day_than_the_limit_and_repeats_are_free(
    world: World, staff: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partnering, "ANSWERS_A_DAY", 1)
    partner, officer = hire(), staff()
    first, second = passed(officer, world), passed(officer, world, lat=52.1)
    assert [partner.answer(first).status for _ in range(3)] == [200] * 3
    refused = partner.answer(second)
    assert (refused.status, refused.body["code"]) == (429, "partner_used")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert world.current(second).passed_answer is None
    world.clock.pass_by(days=1)
    assert partner.answer(second).status == 200


def test_pages_follow_one_another_the_oldest_that_waits_first(
    world: World, staff: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partnering, "PAGE", 2)
    partner, officer = hire(), staff()
    reports = []
    for number in range(5):
        world.clock.pass_by(minutes=1)
        reports.append(passed(officer, world, lat=52.0 + number / 10))

    def walk(status: str) -> list[list[str]]:
        pages, cursor = list[list[str]](), ""
        while True:
            answer = partner.call("GET", f"/v1/partner/cases?status={status}{cursor}")
            assert answer.status == 200
            pages.append([case["id"] for case in answer.body["cases"]])
            if answer.body["cursor"] is None:
                return pages
            cursor = f"&cursor={answer.body['cursor']}"

    assert walk("open") == [reports[:2], reports[2:4], reports[4:]]
    for report in reports:
        world.clock.pass_by(minutes=1)
        assert partner.answer(report).status == 200
    assert walk("answered") == [reports[:2:-1], reports[2:0:-1], reports[:1]]
    assert walk("open") == [[]]


@pytest.mark.parametrize("query", ["status=all", "cursor=x", "cursor=%C5%BC", "page=2", "status=open&status=open"])
def test_wrong_queries_are_refused(hire: Hire, query: str) -> None:
    assert hire().call("GET", f"/v1/partner/cases?{query}").status == 422
