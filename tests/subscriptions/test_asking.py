"""Asking for mails and confirming: what an address gets, and what nobody else learns."""

from typing import Any

import pytest

from tests.http.world import Citizen, errors
from tests.subscriptions.town import CIRCLE, EMAIL, Town, token_of, wish

HERE = CIRCLE["circle"]


def test_A01_an_address_is_asked_and_the_link_of_its_letter_confirms(town: Town) -> None:
    assert town.ask().status == 202
    assert town.mails() == []
    town.deliver()
    (letter,) = town.mails()
    assert letter["To"] == [EMAIL]
    answer = town.confirm(token_of(letter))
    assert (answer.status, answer.body["language"]) == (200, "pl")
    assert answer.body["area"]["circle"]["radius_m"] == 3000


@pytest.mark.parametrize("state", ["new", "pending", "known", "left"])
def test_A01_the_answer_tells_nobody_what_is_known_of_an_address(town: Town, state: str) -> None:
    if state == "pending":
        town.ask()
    elif state in {"known", "left"}:
        token = town.subscriber()
        if state == "left":
            town.leave(token)
    answer = town.ask(area={"unit": "KSP"})
    assert (answer.status, answer.body) == (202, {"confirm_within_days": 7})


def test_A06_an_address_that_never_confirmed_gets_no_mail_but_the_letter(town: Town) -> None:
    town.asked()
    town.report()
    assert town.next_morning()["sent"] == 0
    assert len(town.mails()) == 1


def test_A02_a_subscription_may_name_any_one_kind_of_area(town: Town) -> None:
    for number, area in enumerate([CIRCLE, {"powiat": "1465"}, {"unit": "KSP"}]):
        token = town.asked(email=f"a{number}@example.org", area=area)
        assert town.confirm(token).body["area"].keys() == area.keys()


CASES: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"area": {}}, {("area", "empty")}),
    ({"area": {"powiat": "1465", "unit": "KSP"}}, {("area.unit", "exclusive")}),
    ({"area": {**CIRCLE, "powiat": "1465"}}, {("area.powiat", "exclusive")}),
    ({"area": {"circle": None, "powiat": None}}, {("area", "empty")}),
    ({"area": {"powiat": "9999"}}, {("area.powiat", "unknown_area")}),
    ({"area": {"powiat": 1465}}, {("area.powiat", "wrong_type")}),
    ({"area": {"unit": "KMP-NOWHERE"}}, {("area.unit", "unknown_area")}),
    ({"area": {"gmina": "1465011"}}, {("area.gmina", "no_gminas")}),
    ({"area": {"voivodeship": "14"}}, {("area.voivodeship", "unknown_field")}),
    ({"area": {"circle": {**HERE, "radius_m": 99}}}, {("area.circle.radius_m", "out_of_range")}),
    ({"area": {"circle": {**HERE, "radius_m": 20_001}}}, {("area.circle.radius_m", "out_of_range")}),
    ({"area": {"circle": {**HERE, "lat": 21.01, "lon": 52.23}}}, {("area.circle", "outside_country")}),
    ({"area": {"circle": {**HERE, "lat": 91}}}, {("area.circle.lat", "out_of_range")}),
    ({"area": None}, {("area", "missing")}),
    ({"categories": ["no_such"]}, {("categories", "unknown_category")}),
    ({"categories": ["animal_cruelty"]}, {("categories", "category_hidden")}),
    (
        {"categories": ["animal_cruelty", "x", "y"]},
        {("categories", c) for c in ("category_hidden", "unknown_category")},
    ),
    ({"language": "de"}, {("language", "unknown_value")}),
    ({"language": None}, {("language", "missing")}),
    ({"email": "a"}, {("email", "not_an_address")}),
    ({"email": None}, {("email", "missing")}),
    ({"device": "x"}, {("device", "unknown_field")}),
    (
        {"email": "a@b", "area": {"unit": "X"}, "categories": ["z"], "language": "xx"},
        {
            ("email", "not_an_address"),
            ("area.unit", "unknown_area"),
            ("categories", "unknown_category"),
            ("language", "unknown_value"),
        },
    ),
]


@pytest.mark.parametrize(("changes", "faults"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_A02_what_is_wrong_is_told_all_at_once(
    town: Town, changes: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    answer = town.ask(**changes)
    assert (answer.status, errors(answer)) == (422, faults)
    assert town.held() == []


@pytest.mark.parametrize("radius_m", [100, 20_000])
def test_A02_the_ends_of_the_range_belong_to_it(town: Town, radius_m: int) -> None:
    assert town.ask(area={"circle": {**HERE, "radius_m": radius_m}}).status == 202


def test_an_address_gets_one_letter_a_day(town: Town) -> None:
    first = town.asked()
    for _ in range(3):
        town.ask(area={"unit": "KSP"})
    town.deliver()
    assert len(town.mails()) == 1
    # What the letter says is what its link confirms, whatever was asked since.
    assert town.confirm(first).body["area"].keys() == {"circle"}
    town.world.clock.pass_by(days=1)
    town.ask(area={"unit": "KSP"})
    town.deliver()
    assert len(town.mails()) == 2


@pytest.mark.parametrize("spelling", ["ALA@example.org", " ala@example.org ", "ala@EXAMPLE.org"])
def test_spellings_of_an_address_are_one_address(town: Town, spelling: str) -> None:
    town.ask()
    town.ask(email=spelling)
    assert len(town.held()) == 1
    assert len(town.world.items("main", "M#")) == 1


def test_a_new_wish_takes_the_old_one_s_place_only_when_it_is_confirmed(town: Town) -> None:
    town.subscriber()
    town.world.clock.pass_by(days=1)
    second = town.asked(area={"unit": "KSP"})
    (item,) = town.held()
    assert "circle" in item["choice"]["S"]
    town.confirm(second)
    (item,) = town.held()
    assert "KSP" in item["choice"]["S"]
    assert "wanted" not in item


def test_S12_a_link_not_made_here_is_unknown(town: Town) -> None:
    token = town.asked()
    for altered in (
        token[:-1],
        token + "0",
        token.upper(),
        "0" + token[1:],
        token[:-1] + "0",
        "ż" * 51,
        "x",
        token[::-1],
    ):
        if altered != token:
            assert (town.confirm(altered).status, town.leave(altered).status) == (404, 404)
    assert len(town.held()) == 1


def test_S12_every_character_of_a_token_counts(town: Town) -> None:
    token = town.asked()
    for at, character in enumerate(token):
        altered = token[:at] + ("1" if character == "0" else "0") + token[at + 1 :]
        assert town.confirm(altered).status == 404


def test_S12_a_link_that_came_too_late_has_expired(town: Town) -> None:
    token = town.asked()
    town.world.clock.pass_by(days=7, milliseconds=1)
    answer = town.confirm(token)
    assert (answer.status, answer.body["code"]) == (410, "link_expired")


def test_S12_a_link_works_until_the_end_of_the_seventh_day(town: Town) -> None:
    token = town.asked()
    town.world.clock.pass_by(days=7)
    assert town.confirm(token).status == 200


def test_S12_a_used_link_stays_used(town: Town) -> None:
    token = town.asked()
    first = town.confirm(token)
    town.world.clock.pass_by(days=30)
    again = town.confirm(token)
    assert (again.status, again.body) == (200, first.body)


def test_S12_a_link_that_a_newer_request_replaced_has_expired(town: Town) -> None:
    first = town.asked()
    town.world.clock.pass_by(days=1)
    second = town.asked(area={"unit": "KSP"})
    assert town.confirm(first).status == 410
    assert town.confirm(second).status == 200


def test_S12_a_link_of_somebody_who_left_has_expired(town: Town) -> None:
    token = town.asked()
    town.leave(token)
    assert town.confirm(token).status == 410


@pytest.mark.parametrize("path", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_link_does_nothing(town: Town, path: str, method: str) -> None:
    token = town.asked()
    before = town.held()
    assert town.call(method, f"/v1/subscriptions/{token}/{path}").status == 405
    assert town.held() == before


ONE_CLICK = [
    ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
    (
        "multipart/form-data; boundary=b",
        '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-'),
    ("application/json", "{}"),
    ("", ""),
]


@pytest.mark.parametrize(("media_type", "body"), ONE_CLICK)
def test_A01_one_click_ends_it_without_cookie_or_question(town: Town, media_type: str, body: str | bytes) -> None:
    token = town.subscriber()
    path = f"/v1/subscriptions/{token}/unsubscribe"
    for _ in range(2):
        answer = town.call("POST", path, body, Content_Type=media_type)
        assert (answer.status, answer.body) == (200, {"unsubscribed": True})
        assert "set-cookie" not in answer.headers
    assert town.held() == []


def test_A01_delete_ends_it_too(town: Town) -> None:
    token = town.subscriber()
    assert [town.call("DELETE", f"/v1/subscriptions/{token}/unsubscribe").status for _ in range(2)] == [200, 200]
    assert town.held() == []


def test_a_mail_of_an_earlier_subscription_ends_the_present_one(town: Town) -> None:
    first = town.subscriber()
    town.leave(first)
    town.subscriber()
    assert town.leave(first).status == 200
    assert town.held() == []


def test_a_network_may_ask_so_often_a_day_and_then_is_told_when_again(town: Town) -> None:
    neighbour = Citizen(town.world.clock, address="2001:db8::1")
    answers = [neighbour.call("POST", "/v1/subscriptions", wish(email=f"a{n}@example.org")) for n in range(4)]
    assert [answer.status for answer in answers] == [202, 202, 202, 429]
    assert answers[-1].body["code"] == "network_used"
    # Noon in Warsaw, less the 123 ms of the clock.
    assert answers[-1].headers["retry-after"] == str(12 * 3600)
    assert len(town.held()) == 3
    town.world.clock.pass_by(days=1)
    assert neighbour.call("POST", "/v1/subscriptions", wish()).status == 202


def test_a_body_that_is_refused_costs_a_network_nothing(town: Town) -> None:
    neighbour = Citizen(town.world.clock, address="2001:db8::1")
    for _ in range(5):
        neighbour.call("POST", "/v1/subscriptions", wish(email="x"))
    assert neighbour.call("POST", "/v1/subscriptions", wish()).status == 202


def test_leaving_leaves_nothing_of_an_address(town: Town) -> None:
    token = town.subscriber()
    town.leave(token)
    everything = str(town.world.items("main")) + str(town.world.items("quota"))
    assert "example.org" not in everything
