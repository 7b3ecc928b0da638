import json
import os
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.instance import Instance

TODAY = date(2026, 11, 24)

# The strings of the national map, letter by letter.
NATIONAL = [
    "Akty wandalizmu",
    "Dzikie wysypiska śmieci",
    "Grupowanie się małoletnich zagrożonych demoralizacją",
    "Kłusownictwo",
    "Miejsca niebezpieczne na wodach",
    "Miejsce niebezpiecznej działalności rozrywkowej",
    "Nielegalna wycinka drzew",
    "Nielegalne rajdy samochodowe",
    "Nieprawidłowe parkowanie",
    "Niestrzeżone przejście przez tory",
    "Niestrzeżony przejazd kolejowy",
    "Niewłaściwa infrastruktura drogowa",
    "Niszczenie zieleni",
    "Osoba bezdomna wymagająca pomocy",
    "Poruszanie się po terenach leśnych quadami",
    "Przekraczanie dozwolonej prędkości",
    "Spożywanie alkoholu w miejscach niedozwolonych",
    "Używanie środków odurzających",
    "Wałęsające się bezpańskie psy",
    "Wypalanie traw",
    "Zdarzenia drogowe z udziałem zwierząt leśnych",
    "Znęcanie się nad zwierzętami",
    "Zła organizacja ruchu drogowego",
    "Żebractwo",
]
AROUND_WARSAW = ["1405", "1408", "1412", "1414", "1417", "1418", "1421", "1432", "1434"]


def powiats() -> list[tuple[str, str]]:
    """Code and name of every powiat by the register, which is outside the project."""
    folder = os.environ.get("CZUJKA_DATA")
    if not folder:
        pytest.skip("CZUJKA_DATA is not set: the register's list of powiats is needed")
    register = json.loads((Path(folder) / "pl_powiaty.geojson").read_text(encoding="utf-8"))
    return [(row["properties"]["terc"], row["properties"]["name"]) for row in register["features"]]


def test_catalogue_offers_the_national_categories_in_their_order(poland: Instance) -> None:
    assert [category.names["pl"] for category in poland.catalogue.offered(TODAY)] == NATIONAL


@pytest.mark.parametrize(
    ("sensitivity", "codes"),
    [
        (Sensitivity.HIDDEN, {"drug_use", "animal_cruelty"}),
        (Sensitivity.VULNERABLE, {"minors_at_risk", "homeless_person", "begging"}),
    ],
)
def test_people_who_could_be_harmed_are_protected(poland: Instance, sensitivity: Sensitivity, codes: set[str]) -> None:
    assert {code for code, row in poland.catalogue.categories.items() if row.sensitivity is sensitivity} == codes


def test_venue_is_described_and_public_only_after_confirmation(poland: Instance) -> None:
    categories = poland.catalogue.categories.values()
    assert [row.code for row in categories if row.description_required] == ["dangerous_venue"]
    assert [row.code for row in categories if row.public_after_confirmation] == ["dangerous_venue"]
    assert poland.catalogue.categories["dangerous_venue"].valid_from == date(2019, 1, 20)


def test_withdrawn_categories_lead_to_one_that_is_offered(poland: Instance) -> None:
    offered = {category.code for category in poland.catalogue.offered(TODAY)}
    withdrawn = [row for row in poland.catalogue.categories.values() if row.code not in offered]
    assert {row.names["pl"] for row in withdrawn} == {
        "Utonięcia",
        "Dzikie kąpieliska",
        "Miejsca niebezpieczne na terenach wodnych",
    }
    assert all(set(row.successors) <= offered and row.successors for row in withdrawn)


def test_seven_groups_are_all_used(poland: Instance) -> None:
    groups = [group.code for group in poland.catalogue.groups]
    assert len(groups) == 7
    assert {category.group for category in poland.catalogue.categories.values()} == set(groups)


def test_categories_have_sensible_numbers(poland: Instance) -> None:
    for category in poland.catalogue.categories.values():
        assert category.priority in {1, 2, 3}
        assert 25 <= category.duplicate_radius_m <= 500
        assert (category.take_up_days, category.verify_days) == (3, 7)
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", category.code)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", category.icon)


def test_seventeen_garrisons_stand_above_all_units(poland: Instance) -> None:
    kinds = Counter(unit.kind for unit in poland.units if unit.parent is None)
    assert kinds == {"KWP": 16, "KSP": 1}
    assert {poland.units.garrison(unit.code).kind for unit in poland.units} == {"KWP", "KSP"}


def test_every_unit_stands_directly_under_its_garrison(poland: Instance) -> None:
    assert all(len(poland.units.chain(unit.code)) == 2 for unit in poland.units if unit.parent is not None)


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("2062", "KMP-LOMZA"),
        ("2007", "KMP-LOMZA"),
        ("2007042", "KMP-LOMZA"),
        ("2014", "KPP-ZAMBROW"),
        ("1261", "KMP-KRAKOW"),
        ("1206", "KPP-KRAKOW"),
        ("2204", "KPP-PRUSZCZ-GDANSKI"),
        ("2414", "KPP-BIERUN"),
        ("0201", "KPP-BOLESLAWIEC"),
        ("1465", "KSP"),
        ("1465011", "KSP"),
        ("1465108", "KRP-WARSZAWA-1"),
        ("1465138", "KRP-WARSZAWA-2"),
        ("1465078", "KRP-WARSZAWA-7"),
    ],
)
def test_area_is_answered_for_by_the_unit_on_the_spot(poland: Instance, area: str, code: str) -> None:
    assert poland.units.unit_for(area, TODAY).code == code


def test_districts_of_warsaw_each_have_one_unit(poland: Instance) -> None:
    districts = [area for unit in poland.units if unit.kind == "KRP" for area in unit.areas]
    assert sorted(districts) == [f"1465{number:02d}8" for number in range(2, 20)]


@pytest.mark.parametrize("area", AROUND_WARSAW)
def test_powiats_around_warsaw_answer_to_the_capital(poland: Instance, area: str) -> None:
    assert poland.units.garrison(poland.units.unit_for(area, TODAY).code).code == "KSP"


@pytest.mark.data
def test_every_powiat_has_its_own_unit_in_the_garrison_of_its_voivodeship(poland: Instance) -> None:
    rows = powiats()
    assert len(rows) == 380
    for area, _ in rows:
        unit = poland.units.unit_for(area, TODAY)
        assert area in unit.areas
        garrison = poland.units.garrison(unit.code)
        if area == "1465" or area in AROUND_WARSAW:
            assert garrison.code == "KSP"
        else:
            assert garrison.areas == (area[:2],)


@pytest.mark.data
def test_units_know_no_powiat_that_does_not_exist(poland: Instance) -> None:
    known = [area for unit in poland.units for area in unit.areas if len(area) == 4]
    assert sorted(known) == sorted(code for code, _ in powiats())


@pytest.mark.data
def test_city_powiat_is_served_by_the_city_s_own_unit(poland: Instance) -> None:
    for area, name in powiats():
        if area[2:] > "60" and area != "1465":
            assert poland.units.unit_for(area, TODAY).short == f"KMP {name}"


@pytest.mark.data
def test_powiat_is_served_from_the_town_it_is_named_after(poland: Instance) -> None:
    # An adjective begins like its town: zambrowski, Zambrów. Five powiats are named after something else.
    elsewhere = {
        "1006": "KPP Koluszki",
        "1217": "KPP Zakopane",
        "1432": "KPP Stare Babice",
        "1801": "KPP Ustrzyki Dolne",
        "2204": "KPP Pruszcz Gdański",
    }
    strange = {}
    for area, name in powiats():
        short = poland.units.unit_for(area, TODAY).short
        if area[2:] <= "60" and _letters(name)[:2] != _letters(short.partition(" ")[2])[:2]:
            strange[area] = short
    assert strange == elsewhere


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.replace("ł", "l").replace("Ł", "L"))
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalpha())


def test_names_and_codes_fit_their_kind(poland: Instance) -> None:
    full = {
        "KWP": "Komenda Wojewódzka Policji",
        "KSP": "Komenda Stołeczna Policji",
        "KMP": "Komenda Miejska Policji",
        "KPP": "Komenda Powiatowa Policji",
        "KRP": "Komenda Rejonowa Policji",
    }
    for unit in poland.units:
        assert unit.name.startswith(full[unit.kind])
        assert unit.short.startswith(unit.kind)
        assert re.fullmatch(r"[A-Z]+(-[A-Z0-9]+)*", unit.code)
        assert unit.code.startswith(unit.kind)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KMP-LOMZA", "Komenda Miejska Policji w Łomży"),
        ("KPP-ZAMBROW", "Komenda Powiatowa Policji w Zambrowie"),
        ("KMP-WROCLAW", "Komenda Miejska Policji we Wrocławiu"),
        ("KPP-WLODAWA", "Komenda Powiatowa Policji we Włodawie"),
        ("KPP-WRZESNIA", "Komenda Powiatowa Policji we Wrześni"),
        ("KPP-ZAKOPANE", "Komenda Powiatowa Policji w Zakopanem"),
        ("KPP-WYSOKIE-MAZOWIECKIE", "Komenda Powiatowa Policji w Wysokiem Mazowieckiem"),
        ("KPP-KRASNYSTAW", "Komenda Powiatowa Policji w Krasnymstawie"),
        ("KPP-OSTROW-MAZOWIECKA", "Komenda Powiatowa Policji w Ostrowi Mazowieckiej"),
        ("KWP-RADOM", "Komenda Wojewódzka Policji z siedzibą w Radomiu"),
        ("KRP-WARSZAWA-7", "Komenda Rejonowa Policji Warszawa VII"),
    ],
)
def test_name_is_inflected_as_people_say_it(poland: Instance, code: str, name: str) -> None:
    assert poland.units[code].name == name
