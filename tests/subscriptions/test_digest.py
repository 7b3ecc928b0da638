"""The daily mails: what is in them, and that nobody is told of anything twice."""

from typing import Any

import h3
import pytest

from tests.subscriptions.town import CIRCLE, EMAIL, Town, hooked, token_of

FAR = (52.4, 21.4)


def test_A03_one_mail_tells_of_everything_that_happened(told: Town) -> None:
    ids = [told.report(), told.report(category="vandalism"), told.report()]
    assert told.next_morning()["sent"] == 1
    (mail,) = told.mails()
    assert mail["To"] == [EMAIL]
    assert all(f"/#/map?show={rid}" in mail["BodyText"] and rid in mail["BodyHtml"] for rid in ids)
    assert mail["Subject"].endswith(", 3")


def test_nothing_happened_no_mail(told: Town) -> None:
    told.report(lat=FAR[0], lon=FAR[1])
    assert told.next_morning()["sent"] == 0
    assert told.mails() == []


def test_A03_a_run_that_is_repeated_tells_nobody_twice(told: Town) -> None:
    told.report()
    assert [told.next_morning()["state"], told.digest()["state"]] == ["finished", "nothing_new"]
    assert len(told.mails()) == 1
    assert told.next_morning()["sent"] == 0


def test_A05_a_status_is_told_once_with_its_reason(told: Town) -> None:
    rid = told.report()
    told.next_morning()
    told.step(rid, "confirmed", "seen_at_check")
    told.next_morning()
    told.next_morning()
    _, mail = told.mails()
    assert "Potwierdzone" in mail["BodyText"]
    assert "Policja zobaczyła to na miejscu." in mail["BodyText"]
    assert "Nowe zgłoszenie" not in mail["BodyText"]


@pytest.mark.parametrize("kind", ["question", "sighting", "reminder", "location"])
def test_A05_what_changes_no_status_is_not_told(told: Town, kind: str) -> None:
    rid = told.report()
    told.next_morning()
    told.step(rid, "new", kind=kind)
    told.next_morning()
    assert len(told.mails()) == 1


def test_A05_a_status_that_is_the_same_again_is_not_told(told: Town) -> None:
    rid = told.report()
    told.next_morning()
    told.step(rid, "verifying", "taken_up")
    told.step(rid, "new", seq=3)
    told.next_morning()
    assert len(told.mails()) == 1


def test_A08_a_report_is_told_once_for_each_thing_that_happened_to_it(told: Town) -> None:
    rid = told.report()
    told.step(rid, "verifying", "taken_up")
    told.next_morning()
    (mail,) = told.mails()
    assert mail["BodyText"].count(rid) == 1
    assert "Nowe zgłoszenie · Weryfikacja" in mail["BodyText"]


NOT_SHOWN: list[dict[str, Any]] = [
    {"tier": 2},
    {"category": "animal_cruelty"},
    {"status": "joke"},
    {"status": "withdrawn"},
    {"status": "merged"},
    {"category": "no_such_category"},
]


@pytest.mark.parametrize("changes", NOT_SHOWN, ids=str)
def test_what_the_map_does_not_show_no_mail_tells(told: Town, changes: dict[str, Any]) -> None:
    told.report(**changes)
    assert told.next_morning()["sent"] == 0


def test_what_was_taken_back_in_the_night_is_not_told(told: Town) -> None:
    rid = told.report()
    told.world.clock.pass_by(hours=15)
    told.step(rid, "withdrawn")
    assert told.next_morning(days=0)["sent"] == 0


def test_a_held_report_is_told_from_its_confirmation_on(told: Town) -> None:
    rid = told.report(tier=2)
    assert told.next_morning()["sent"] == 0
    told.step(rid, "confirmed", "seen_at_check")
    assert told.next_morning()["sent"] == 1


def test_a_circle_is_measured_to_the_public_place(town: Town) -> None:
    # The exact place is inside the circle, the centre of its coarse cell is not: what matters is what anybody can see.
    lat, lon = 52.2312, 21.0182
    centre = h3.cell_to_latlng(h3.latlng_to_cell(lat, lon, 8))
    apart = h3.great_circle_distance((lat, lon), centre, unit="m")
    assert apart > 120
    radius = max(100, int(apart) - 20)
    town.subscriber(area={"circle": {"lat": lat, "lon": lon, "radius_m": radius}})
    town.subscriber(email="b@example.org", area={"circle": {"lat": lat, "lon": lon, "radius_m": int(apart) + 20}})
    town.report(lat=lat, lon=lon, category="begging")
    assert town.next_morning()["sent"] == 1
    assert town.mails()[-1]["To"] == ["b@example.org"]


@pytest.mark.parametrize(
    ("area", "reached"),
    [
        ({"unit": "KPP-WOLOMIN"}, True),
        ({"unit": "KSP"}, True),
        ({"unit": "KWP-RADOM"}, False),
        ({"powiat": "1465"}, True),
        ({"powiat": "1434"}, False),
        (CIRCLE, True),
    ],
)
def test_A02_an_area_takes_in_what_lies_in_it_and_below_it(town: Town, area: dict[str, Any], reached: bool) -> None:  # noqa: FBT001
    town.subscriber(area=area)
    town.report()
    assert town.next_morning()["sent"] == int(reached)


@pytest.mark.parametrize(("categories", "reached"), [(["vandalism"], False), (["vandalism", "illegal_dump"], True)])
def test_A06_only_the_categories_asked_for_are_told(town: Town, categories: list[str], reached: bool) -> None:  # noqa: FBT001
    town.subscriber(categories=categories)
    town.report()
    assert town.next_morning()["sent"] == int(reached)


@pytest.mark.parametrize(
    ("language", "words"), [("pl", "Nowe zgłoszenie"), ("en", "New report"), ("uk", "Нове повідомлення")]
)
def test_A06_a_mail_speaks_the_language_asked_for(town: Town, language: str, words: str) -> None:
    town.subscriber(language=language)
    town.report()
    town.next_morning()
    assert words in town.mails()[-1]["BodyText"]


def test_every_mail_can_be_ended_in_words_and_by_its_headers(town: Town) -> None:
    sent: list[dict[str, Any]] = []
    with hooked(town.box.ses, "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)):
        town.subscriber()
        town.report()
        town.next_morning()
    assert len(sent) == 2
    for mail, seen in zip(sent, town.mails(), strict=True):
        headers = {row["Name"]: row["Value"] for row in mail["Content"]["Simple"]["Headers"]}
        token = token_of(seen)
        assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8080/v1/subscriptions/{token}/unsubscribe>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert f"#/subscription/leave?token={token}" in seen["BodyHtml"]
    assert town.leave(token_of(town.mails()[-1])).status == 200
    town.report()
    town.next_morning()
    assert len(sent) == 2


def test_a_mail_has_fifty_lines_at_most_urgent_categories_first(told: Town) -> None:
    for _ in range(55):
        told.report(category="vandalism")
    told.report(category="wild_bathing")
    told.next_morning()
    (mail,) = told.mails()
    assert mail["BodyText"].count("#/map?show=") == 50
    assert "I jeszcze zmian: 6." in mail["BodyText"]
    listed = [line for line in mail["BodyText"].splitlines() if ", okolice: " in line or line.startswith("Dzikie")]
    assert listed[:1] == [line for line in listed if line.startswith("Dzikie")][:1]


def test_what_happened_before_the_confirmation_s_day_is_not_told(town: Town) -> None:
    town.report()
    town.world.clock.pass_by(days=1)
    town.subscriber()
    town._mails_before = len(town._all_mails())
    assert town.next_morning()["sent"] == 0


def test_days_without_a_run_are_made_good_up_to_seven(told: Town) -> None:
    told.next_morning()
    ids = []
    for _ in range(10):
        ids.append(told.report())
        told.world.clock.pass_by(days=1)
    told.next_morning(days=0)
    (mail,) = told.mails()
    assert [rid in mail["BodyText"] for rid in ids] == [False] * 3 + [True] * 7


def test_a_request_that_nobody_confirms_is_forgotten_after_seven_days(town: Town) -> None:
    town.ask()
    town.next_morning(days=7)
    assert len(town.held()) == 1
    assert town.next_morning(days=1)["forgotten"] == 1
    assert town.held() == []


def test_a_forgotten_new_wish_leaves_what_was_agreed_to(town: Town) -> None:
    town.subscriber()
    town.world.clock.pass_by(days=1)
    town.ask(area={"unit": "KSP"})
    town.next_morning(days=8)
    (item,) = town.held()
    assert "wanted" not in item
    assert "circle" in item["choice"]["S"]


def test_the_police_s_words_and_exact_places_are_in_no_mail(told: Town) -> None:
    told.report(lat=52.231234, lon=21.011234)
    told.next_morning()
    said = str(told.mails())
    assert "kanarek" not in said
    assert "231234" not in said
    assert "11234" not in said
