"""What the form asks about before it sends a description: the module itself, run under Node on tables of texts."""

import json
import subprocess
from typing import Any

import pytest

from infra.local.emulator import ROOT

SITE = ROOT / "static-site"
LANGUAGES = ("pl", "en", "uk")
MODULE = SITE / "src" / "report" / "warnings.js"
RUN = f"""
import {{ personalData, urgentWords, isPesel }} from {json.dumps(str(MODULE))};
import {{ readFileSync }} from "node:fs";
const {{ texts, lists, numbers }} = JSON.parse(readFileSync(0, "utf8"));
const answers = texts.map((text) => ({{ personal: personalData(text), urgent: urgentWords(text, lists) }}));
console.log(JSON.stringify({{ answers, valid: numbers.map(isPesel) }}));
"""

PERSONAL: dict[str, list[tuple[str, str | None]]] = {
    "phone": [
        ("Proszę dzwonić 601234567.", "601234567"),
        ("tel. 601 234 567", "601 234 567"),
        ("tel: 601-234-567", "601-234-567"),
        ("Mój numer 601.234.567", "601.234.567"),
        ("+48601234567", "+48601234567"),
        ("Kontakt: +48 601 234 567, wieczorem", "+48 601 234 567"),
        ("(+48) 601 234 567", "(+48) 601 234 567"),
        ("0048 601 234 567", "0048 601 234 567"),
        ("0048601234567", "0048601234567"),
        ("48 601 234 567", "48 601 234 567"),
        ("Sąsiad ma numer 512 34 56 78", "512 34 56 78"),
        ("kom. 79 123 45 67", "79 123 45 67"),
        ("86 215 15 15", "86 215 15 15"),
        ("(86) 215-15-15", "(86) 215-15-15"),
        ("22/123-45-67", "22/123-45-67"),
        ("tel. 22 1234567", "22 1234567"),
        ("862151515", "862151515"),
        ("stary numer 0-86 215 15 15", "0-86 215 15 15"),
        ("tel. 215 15 15", "215 15 15"),
        ("zadzwońcie: 215-15-15", "215-15-15"),
        ("+380 67 123 45 67", "+380 67 123 45 67"),
        ("+49 30 1234567", "+49 30 1234567"),
        ("Pod 12 mieszka pan, 601 234 567", "601 234 567"),
        ("w godz. 8-16 601 234 567", "601 234 567"),
        ("601\u00a0234\u00a0567", "601\u00a0234\u00a0567"),
        ("601–234–567", "601–234–567"),
    ],
    "email": [
        ("Pisać na jan@example.pl", "jan@example.pl"),
        ("jan.maria-rokita+x@mail.example.com.", "jan.maria-rokita+x@mail.example.com"),
        ("jan(at)example.pl", "jan(at)example.pl"),
        ("jan [at] example.pl", "jan [at] example.pl"),
        ("jan małpa example.pl", "jan małpa example.pl"),
        ("JAN@EXAMPLE.PL", "JAN@EXAMPLE.PL"),
        ("łukasz@żółw.pl", "łukasz@żółw.pl"),
    ],
    "pesel": [
        ("pesel 44051401359", "44051401359"),
        ("02070803628 to jego numer", "02070803628"),
        ("440514 01359", "440514 01359"),
        ("44 05 14 01359", "44 05 14 01359"),
    ],
    "plate": [
        ("Stoi tu co dzień WA 12345", "WA 12345"),
        ("WA12345", "WA12345"),
        ("WA-12345", "WA-12345"),
        ("bmw wa12345", "wa12345"),
        ("auto wa 12345 stoi na trawie", "wa 12345"),
        ("PO 12345", "PO 12345"),
        ("WE 1234A", "WE 1234A"),
        ("WX 123AC", "WX 123AC"),
        ("KR 1A234", "KR 1A234"),
        ("KR 1AC23", "KR 1AC23"),
        ("Kierowca BLM 12345", "BLM 12345"),
        ("BLM A123", "BLM A123"),
        ("BLM 12AC", "BLM 12AC"),
        ("BLM 1A23", "BLM 1A23"),
        ("BLM 12A3", "BLM 12A3"),
        ("BLM 1AC2", "BLM 1AC2"),
        ("BLM AC12", "BLM AC12"),
        ("BLM 1234A", "BLM 1234A"),
        ("BLM A12C", "BLM A12C"),
        ("blm12ac", "blm12ac"),
        ("blm 12ac parkuje na pasach", "blm 12ac"),
        ("Wpr 12ac", "Wpr 12ac"),
        ("Stare auto LMA 1234", "LMA 1234"),
        ("LMA 123A", "LMA 123A"),
        ("motocykl WA 1234 jeździ", "WA 1234"),
        ("Tablica W0 RYBA", "W0 RYBA"),
        ("nr rej. B1 JACEK", "B1 JACEK"),
        ("AA1234BB", "AA1234BB"),
        ("авто АА 1234 ВВ", "АА 1234 ВВ"),
        ("czarne Audi (ZS 9ACE8) i", None),
        ("czarne Audi (ZS 9AC78) i", "ZS 9AC78"),
    ],
}

URGENT: list[tuple[str, list[str]]] = [
    ("Właśnie bije kobietę", ["Właśnie", "bije"]),
    ("WLASNIE TERAZ", ["WLASNIE"]),
    ("Jest krew na schodach", ["krew"]),
    ("Cały we krwi", ["krwi"]),
    ("człowiek krwawi", ["krwawi"]),
    ("bójka przed sklepem", ["bójka"]),
    ("Pobili chłopaka", ["Pobili"]),
    ("Leży i nie oddycha", ["nie oddycha"]),
    ("nieprzytomny mężczyzna", ["nieprzytomny"]),
    ("Pali się śmietnik", ["Pali się"]),
    ("Dom się pali", ["się pali"]),
    ("Ktoś tonie w jeziorze", ["tonie"]),
    ("mówi, że chce skoczyć z mostu", ["chce skoczyć"]),
    ("Chodzi z nożem", ["nożem"]),
    ("słychać strzały", ["strzały"]),
    ("w tej chwili kradną rower", ["w tej chwili", "kradną"]),
    ("Czuć gaz w klatce", ["Czuć gaz"]),
    ("A man is bleeding right now", ["right now", "bleeding"]),
    ("he has a knife", ["knife"]),
    ("Тут б'є жінку", ["б є"]),
    ("Тут б’ють людину", ["б ють"]),
    ("Кров на підлозі", ["Кров"]),
    ("щойно напали на хлопця", ["щойно", "напали"]),
]

# What people write about such things every day: nothing in it is a number of a person, and nothing waits for an answer.
INNOCENT = [
    "Auta stoją na chodniku, wózkiem trzeba jechać jezdnią. 🚧",
    "Parkują na zakazie przy ul. 3 Maja 12, codziennie od 7.00 do 16.00.",
    "Od 10 km nie ma znaku, dopiero przy drodze 18-400 Łomża.",
    "Kod pocztowy 18-400, 00-950 Warszawa, 18400.",
    "Było to 12.11.2026 o 14:30 i 13.11.2026 około 22.15.",
    "2026-11-22 14:05 oraz 22/11/2026",
    "W dniach 11-12.11.2026 i 15-16.11.2026, godz. 18-22.",
    "ul. Wojska Polskiego 161/163 m. 12, klatka 3, piętro 4.",
    "Domy nr 10, 12, 14, 16 i 18 przy Polowej.",
    "Przystanek linii 104, 108 i 115, kierunek Centrum.",
    "Autobusy 104 108 115 stoją z włączonymi silnikami.",
    "Droga krajowa DK61, wojewódzka DW677, ekspresowa S61, autostrada A2.",
    "Na DK 61 i DW 677 jeżdżą 140 km/h.",
    "Droga powiatowa nr 1928E, kilometr 12+350.",
    "DP 1928E między Łomżą a Piątnicą.",
    "Jeżdżą 120 km/h przy ograniczeniu do 50 km/h.",
    "Dziura ma 30 cm głębokości i 150 x 80 cm.",
    "Mandat 500 zł to za mało, powinno być 5 000 zł albo 100 000 000 zł.",
    "Koszt 1 250 000 zł, umowa z 2024 roku.",
    "Remont za 600 000 000 zł i nic.",
    "Od 2015 roku, potem w 2019 i 2021, nic się nie zmieniło.",
    "Napis GKS 1964 i ŁKS 1908 na murze szkoły nr 5.",
    "Graffiti WKS 1947, wysokość 2 m.",
    "Farba w kolorze RAL 7016 na pomniku.",
    "Pociąg TLK 12345 i IC 3104 trąbią nocą.",
    "Parkuje od 2000 do 2020 na kopercie.",
    "Współrzędne 53.17806, 22.05935.",
    "Współrzędne 53,178061 22,059351",
    "53.178061 22.059351",
    "N 53°10'41\" E 22°03'33\"",
    "BMW 320d i Audi A4 ścigają się po 22.",
    "Stare BMW E36 oraz Kia 2020 driftują na parkingu.",
    "Peugeot 206, Opel, VW T4, Fiat 126p.",
    "Około 15000 osób przechodzi tędy dziennie, do 20000 w sobotę.",
    "Za 12345 dni może ktoś naprawi.",
    "AUTA STOJĄ OD 1200 DO 1500 NA CHODNIKU",
    "PROSZĘ O PATROL PO 22, OD 15000 LAT NIKT TU NIE BYŁ",
    "Latarnia nr 12345 nie świeci, słup nr 4/17.",
    "Hydrant DN 80, studzienka 600 mm.",
    "NIP firmy 123-456-78-90, ten sam kontener.",
    "Numer konta 12 1020 5558 1111 1234 5678 9012.",
    "Sygnatura RSD 1234/26, wpłynęło 12.10.",
    "Działka 123/45, obręb 0012, 141201_1.0012.",
    "Kontener na odzież, etykieta 112233.",
    "Bloki 12a, 12b, 12c i 14ab.",
    "nad 10km dalej, pod 20cm śniegu, lub 30min później",
    "Ostatni raz 12 maja, potem 3 czerwca o 5 rano.",
    "Dzieci chodzą tędy do SP 5 i LO 2.",
    "Sklep 24h, wejście od podwórza, 2 piętro.",
    "W nocy z pt. na sob., ok. 23–2, grupa 10–15 osób.",
    "W weekendy piją piwo na placu zabaw, butelki po 500 ml.",
    "Dwa psy bez kagańca, jeden ok. 40 kg.",
    "Zanim zdarzy się wypadek, proszę o próg zwalniający.",
    "Może dojść do wypadku, piesi boją się przechodzić.",
    "Moi krewni mieszkają obok i też to widzą.",
    "Wywożą gruz i śmieci, leżą worki z papą.",
    "Ktoś pali papierosy na klatce i pije alkohol.",
    "Gwałtowne hamowanie przed przejściem, piski opon.",
    "Dom Pomocy Społecznej jest obok, starsi ludzie nie mogą przejść.",
    "Nie działa sygnalizacja, zegar źle chodzi.",
    "Co wieczór hałas, muzyka do 2 w nocy, od poniedziałku do piątku.",
    "Dziki podchodzą pod domy, 5 sztuk.",
    "Złamana gałąź wisi nad chodnikiem, nóżka ławki wyrwana.",
    "Brak barierki na wysokości nr 7, wysokość 1,5 m.",
    "Handel bez pozwolenia przy ul. Długiej 600, 601 i 602.",
    "Plac 1 Maja 8a, al. Legionów 36/40.",
    "m. 15, kl. II, VI piętro, osiedle XXX-lecia.",
    "Cars park on the pavement every morning, 7:30–9:00.",
    "Broken street light near 12 Main Street, 3rd floor.",
    "Two dogs without a lead, since 2024.",
    "Машини паркуються на тротуарі щодня з 7:30 до 9:00.",
    "Не світить ліхтар біля будинку 12, вже 3 тижні, гірше ніж торік.",
    "Сміття біля школи № 5, вул. 3 Травня 12.",
    "",
    "   ",
    "🚧🚧🚧",
]


def words(language: str) -> str:
    return str(json.loads((SITE / "languages" / f"{language}.json").read_text(encoding="utf-8"))["urgent.words"])


def answers(texts: list[str], numbers: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the module finds in each text, and which numbers it takes for a PESEL; one run of Node."""
    asked = json.dumps({"texts": texts, "lists": [words(code) for code in LANGUAGES], "numbers": numbers})
    command = ["node", "--input-type=module", "--eval", RUN]
    done = subprocess.run(command, input=asked, cwd=SITE, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("kind", sorted(PERSONAL))
def test_R04_what_points_to_a_person_is_found_as_it_was_written(kind: str) -> None:
    table = PERSONAL[kind]
    found = answers([text for text, _ in table])["answers"]
    expected = [[] if part is None else [{"kind": kind, "text": part}] for _, part in table]
    assert [answer["personal"] for answer in found] == expected


def test_several_findings_of_one_text_are_all_named() -> None:
    text = "Kowalski, 44051401359, tel. 601 234 567, jan@example.pl, jeździ WA 12345 i WA 12346"
    [found] = answers([text])["answers"]
    assert sorted((item["kind"], item["text"]) for item in found["personal"]) == [
        ("email", "jan@example.pl"),
        ("pesel", "44051401359"),
        ("phone", "601 234 567"),
        ("plate", "WA 12345"),
        ("plate", "WA 12346"),
    ]


def test_words_of_urgency_are_found_in_any_language_with_their_endings() -> None:
    found = answers([text for text, _ in URGENT])["answers"]
    assert [sorted(answer["urgent"]) for answer in found] == [sorted(expected) for _, expected in URGENT]


def test_innocent_descriptions_bring_no_question() -> None:
    found = answers(INNOCENT)["answers"]
    asked = [
        (text, answer) for text, answer in zip(INNOCENT, found, strict=True) if answer["personal"] or answer["urgent"]
    ]
    assert asked == []


def weighted(digits: str) -> bool:
    """The checksum of a PESEL number, reckoned once more."""
    sums = sum(int(digit) * weight for digit, weight in zip(digits, (1, 3, 7, 9) * 2 + (1, 3), strict=False))
    return (10 - sums % 10) % 10 == int(digits[10])


def test_a_pesel_has_a_valid_date_and_checksum() -> None:
    dates = {"440514": True, "441314": False, "440230": False, "022708": True, "002229": True, "012229": False}
    numbers = [f"{date}{tail:05}" for date in dates for tail in range(1000, 1100)]
    valid = answers([], tuple(numbers))["valid"]
    assert valid == [dates[number[:6]] and weighted(number) for number in numbers]
    assert sum(valid) == 30


@pytest.mark.parametrize("number", ["", "4405140135", "440514013590", "4405140135a"])
def test_what_is_no_eleven_digits_is_no_pesel(number: str) -> None:
    assert answers([], (number,))["valid"] == [False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_words_list_has_the_words_that_matter_once(language: str) -> None:
    listed = [word.strip() for word in words(language).split(",")]
    assert len(listed) == len(set(listed)) > 30
    assert all(listed)
    first = {"pl": "właśnie", "en": "right now", "uk": "зараз"}[language]
    assert first in listed
