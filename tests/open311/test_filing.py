"""Filing a request with an API key: the standard's form, this map's rules."""

from typing import Any
from uuid import uuid4

import pytest

from chalicelib.store import apikeys
from tests.http.gateway import Answer
from tests.http.world import SEA, WARSAW
from tests.open311.client import BASE, Client, element, form, keyed, read, words

PERSON = {
    "email": "kanarek@example.org",
    "first_name": "Kanarek",
    "last_name": "Kanarkowski",
    "phone": "+48 600 100 200",
    "device_id": "kanarek-device",
    "account_id": "kanarek-account",
    "media_url": "https://kanarek.example/photo.jpg",
    "address_string": "Kanarkowa 1",
    "address_id": "kanarek-address",
}


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_O03_a_request_is_taken(city: Client, kind: str) -> None:
    answer = city.post(kind)
    assert answer.status == 200, answer.text
    (taken,) = read(answer)
    assert taken.keys() == {"service_request_id", "service_notice", "account_id"}
    assert taken["account_id"] is None
    assert answer.headers["location"] == f"{BASE}requests/{taken['service_request_id']}.{kind}"
    assert answer.headers["cache-control"] == "no-store"
    assert city.world.census() == {"report": 1, "event": 1, "outbox": 1, "quota": 1}


def test_the_notice_holds_a_receipt_that_opens_the_case(city: Client) -> None:
    (taken,) = city.post(extensions="true").body
    receipt = taken["extended_attributes"]["receipt"]
    assert receipt in taken["service_notice"]
    assert taken["extended_attributes"]["follow"] in taken["service_notice"]
    opened = city.world.stranger().call("GET", "/v1/receipt", Receipt=receipt)
    assert opened.body["id"] == taken["service_request_id"]


@pytest.mark.parametrize("key", [None, "", "x", "czk_" + "a" * 32, "czk_" + "ä" * 32])
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_O03_without_a_valid_key_nothing_is_taken(city: Client, key: str | None, kind: str) -> None:
    answer = Client(city.world, key).post(kind)
    assert (answer.status, words(answer)) == (403, [("403", "key_invalid")])
    assert city.world.census()["report"] == 0


def test_O03_a_revoked_key_is_as_good_as_none(city: Client) -> None:
    apikeys.revoke("city-app")
    assert city.post().status == 403


REFUSED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"service_code": None}, [("400", "missing")]),
    ({"service_code": ""}, [("400", "missing")]),
    ({"service_code": "aliens"}, [("404", "unknown_category")]),
    ({"service_code": "drowning"}, [("404", "category_withdrawn")]),
    ({"lat": None}, [("400", "missing")]),
    ({"long": None}, [("400", "missing")]),
    ({"lat": None, "long": None}, [("400", "missing"), ("400", "missing")]),
    ({"lat": None, "long": None, "address_string": "Marszałkowska 1"}, [("400", "address_alone")]),
    ({"lat": None, "long": None, "address_id": "7"}, [("400", "address_alone")]),
    ({"lat": "x"}, [("400", "wrong_type")]),
    ({"lat": "nan"}, [("400", "wrong_type")]),
    ({"lat": "1e1"}, [("400", "wrong_type")]),
    ({"lat": 91}, [("400", "out_of_range")]),
    ({"long": -181}, [("400", "out_of_range")]),
    ({"lat": [52, 53]}, [("400", "repeated")]),
    ({"lat": SEA[0], "long": SEA[1]}, [("400", "outside_country")]),
    ({"description": "ż" * 501}, [("400", "too_long")]),
    ({"description": "a\x00b"}, [("400", "control_character")]),
    ({"service_code": "dangerous_venue"}, [("400", "description_required")]),
    ({"attribute[occurred_at]": "yesterday"}, [("400", "not_a_time")]),
    ({"attribute[occurred_at]": "2020-01-01T00:00:00Z"}, [("400", "too_old")]),
    ({"attribute[occurred_at]": ["2026-06-09T00:00:00Z", "2026-06-08T00:00:00Z"]}, [("400", "repeated")]),
    ({"attribute[days][]": ["1", "2"]}, [("400", "missing")]),
    ({"attribute[parts][]": ["night"]}, [("400", "missing")]),
    ({"attribute[days][]": ["0"], "attribute[parts]": "night"}, [("400", "out_of_range")]),
    ({"attribute[days][]": ["9" * 5000], "attribute[parts]": "night"}, [("400", "wrong_type")]),
    ({"attribute[days]": "1", "attribute[parts][]": ["noon"]}, [("400", "unknown_value")]),
    (
        {"attribute[occurred_at]": "2026-06-09T23:00:00+02:00", "attribute[days]": "1", "attribute[parts]": "night"},
        [("400", "exclusive")],
    ),
    ({"attribute[colour]": "red"}, [("400", "unknown_field")]),
    ({"jurisdiction_id": "de"}, [("404", "unknown_jurisdiction")]),
    ({"acknowledge": "UPPER"}, [("400", "mistyped")]),
    (
        {"service_code": "drowning", "jurisdiction_id": "de"},
        [("404", "unknown_jurisdiction"), ("404", "category_withdrawn")],
    ),
    (
        {"service_code": "aliens", "lat": "x", "description": "a" * 501, "attribute[colour]": "red"},
        [("400", "unknown_field"), ("404", "unknown_category"), ("400", "wrong_type"), ("400", "too_long")],
    ),
]


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize(("changes", "expected"), REFUSED, ids=str)
def test_O04_every_fault_is_listed(
    city: Client, changes: dict[str, Any], expected: list[tuple[str, str]], kind: str
) -> None:
    answer = city.post(kind, **changes)
    assert words(answer) == expected
    assert answer.status == int(expected[0][0])
    assert city.world.census() == {"report": 0, "event": 0, "outbox": 0, "quota": 0}


def test_O04_the_errors_are_a_bare_list_or_an_element(city: Client) -> None:
    json, xml = (city.post(kind, lat=None) for kind in ("json", "xml"))
    assert json.body == [{"code": 400, "description": "lat: This field is missing. [missing]"}]
    root = element(xml)
    assert (root.tag, [child.tag for child in root]) == ("errors", ["error"])
    assert [child.tag for child in root[0]] == ["code", "description"]


def test_R05_the_limit_is_named(city: Client) -> None:
    assert "500" in city.post(description="a" * 501).body[0]["description"]
    assert city.post(description="ż" * 500).status == 200


def test_R08_a_missing_attribute_is_named_as_the_form_calls_it(city: Client) -> None:
    (error,) = city.post(**{"attribute[days][]": "1"}).body
    assert error["description"].startswith("attribute[parts]: ")


def test_R09_a_blank_answer_is_none_and_a_nought_is_one(city: Client) -> None:
    assert city.post(**{"attribute[days][]": "", "attribute[parts][]": " ", "attribute[occurred_at]": ""}).status == 200
    assert city.post(**{"attribute[days][]": "0"}).status == 400


def test_what_excludes_a_pattern_is_named_as_the_form_calls_it(city: Client) -> None:
    moment = "2026-06-09T23:00:00+02:00"
    days = {"attribute[days]": "1", "attribute[parts]": "night"}
    (error,) = city.post(**{"attribute[occurred_at]": moment, **days}).body
    assert "attribute[occurred_at]" in error["description"]


def test_a_pattern_and_a_time_are_kept_as_the_native_route_keeps_them(city: Client) -> None:
    days: dict[str, Any] = {"attribute[days][]": ["5", "1"], "attribute[parts][]": ["night", "evening"]}
    (taken,) = city.post(**days).body
    (item,) = city.world.items("main", f"R#{taken['service_request_id']}")[-1:]
    assert (set(item["days"]["NS"]), set(item["parts"]["SS"])) == ({"1", "5"}, {"night", "evening"})
    (other,) = city.post(lat=52.3, **{"attribute[occurred_at]": "2026-06-09T23:00:00+02:00"}).body
    (item,) = city.world.items("main", f"R#{other['service_request_id']}")[-1:]
    assert (item["occurred"]["S"], item["part"]["S"]) == ("2026-06-09T21:00:00.000Z", "night")


def test_what_names_a_person_is_taken_and_kept_nowhere(
    city: Client, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = city.post(**PERSON)
    assert answer.status == 200
    kept = str(city.world.items("main")) + str(city.world.items("quota"))
    told = answer.text + caplog.text + capsys.readouterr().out
    assert "kanarek" not in (kept + told).lower()
    assert "600 100 200" not in kept + told
    assert str(city.key) not in kept + told


@pytest.mark.parametrize(
    ("kind", "status", "word"),
    [("application/json", 415, "unsupported_media_type"), ("", 415, "unsupported_media_type")],
)
def test_R12_only_forms_are_read(city: Client, kind: str, status: int, word: str) -> None:
    answer = city.send("POST", "requests.json", form(api_key=city.key), **{"Content-Type": kind})
    assert (answer.status, words(answer)) == (status, [(str(status), word)])


@pytest.mark.parametrize("body", [b"a=\xff", b"a=%ff", "&".join("a=1" for _ in range(201)).encode()])
def test_R13_what_is_no_form_in_utf_8_is_malformed(city: Client, body: bytes) -> None:
    answer = city.send("POST", "requests.xml", body)
    assert (answer.status, words(answer)) == (400, [("400", "malformed")])


def test_a_large_body_is_refused(city: Client) -> None:
    answer = city.send("POST", "requests.json", "a=" + "x" * 33_000)
    assert (answer.status, words(answer)) == (413, [("413", "too_large")])


def test_R14_a_repeated_key_gets_the_same_request(city: Client) -> None:
    key = str(uuid4())
    first, again = city.post(idempotency=key), city.post(idempotency=key)
    assert (first.status, again.status) == (200, 200)
    assert first.text == again.text
    assert "location" not in again.headers
    assert city.world.census()["report"] == 1


def test_R14_without_a_key_each_request_is_one_of_its_own(city: Client) -> None:
    first, again = city.post(), city.post(lat=52.3)
    assert first.body[0]["service_request_id"] != again.body[0]["service_request_id"]


def test_R14_another_api_key_gets_another_receipt(city: Client) -> None:
    key = str(uuid4())
    other = keyed(city.world, "other")
    assert city.post(idempotency=key).text != other.post(idempotency=key, lat=52.3).text


def test_a_wrong_idempotency_key_is_named_with_the_rest(city: Client) -> None:
    answer = city.post(idempotency="x", lat=None)
    assert words(answer) == [("400", "not_a_uuid"), ("400", "missing")]


def test_L01_the_limit_is_the_key_s_own(city: Client) -> None:
    small = keyed(city.world, "small", limit=2)
    answers = [small.post(lat=52.1 + number / 10) for number in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert words(answers[-1]) == [("429", "quota_used")]
    assert int(answers[-1].headers["retry-after"]) == 12 * 3600
    assert "API key" in answers[-1].text
    assert city.post(lat=52.7).status == 200


def test_L02_a_refused_request_costs_nothing_of_the_limit(city: Client) -> None:
    small = keyed(city.world, "small", limit=1)
    assert small.post(lat=None).status == 400
    assert small.post().status == 200


def test_L07_the_limit_begins_anew_at_midnight(city: Client) -> None:
    small = keyed(city.world, "small", limit=1)
    assert small.post().status == 200
    assert small.post(lat=52.3).status == 429
    city.world.clock.pass_by(hours=14)
    assert small.post(lat=52.3).status == 200


def test_D05_possible_duplicates_are_named_and_may_be_acknowledged(city: Client) -> None:
    known = city.post().body[0]["service_request_id"]
    city.world.clock.pass_by(hours=2)
    answers: dict[str, Answer] = {kind: city.post(kind) for kind in ("json", "xml")}
    for answer in answers.values():
        assert (answer.status, words(answer)) == (409, [("409", "possible_duplicate")])
        assert known in answer.text
    assert city.post(acknowledge=known).status == 200


@pytest.mark.parametrize(("code", "told"), [("drug_use", True), ("illegal_dump", False)])
def test_the_notice_says_where_the_public_sees_nothing(city: Client, code: str, told: bool) -> None:  # noqa: FBT001
    assert ("not shown in public" in city.post(service_code=code).text) is told


def test_the_unit_is_that_of_the_place(city: Client) -> None:
    (taken,) = city.post(lat=52.3, long=22).body
    native = city.world.stranger().call("GET", "/v1/units/locate?lat=52.3&lon=22").body
    assert native["unit"]["name"] in taken["service_notice"]
    assert WARSAW != (52.3, 22)


def test_a_key_outlives_the_signing_keys_it_was_made_under(city: Client) -> None:
    old = Client(city.world, apikeys.make("old", 5, 99, "2026-06-01T00:00:00.000Z"))
    key = str(uuid4())
    first = old.post(idempotency=key)
    assert first.status == 200
    assert old.post(idempotency=key).text == first.text


def test_filing_is_counted_like_any_other(city: Client, capsys: pytest.CaptureFixture[str]) -> None:
    key = str(uuid4())
    city.post(idempotency=key)
    city.post(idempotency=key)
    city.post(lat=None)
    lines = [line for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [name for line in lines for name in ("accepted", "repeated", "refused") if f'"{name}":[1.0]' in line] == [
        *("accepted", "repeated", "refused")
    ]
