"""What a mail says, in both of its parts and three languages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.alerts.cases import CASE, SITE, Seen, mail

HOSTILE = "<script>alert(1)</script> \"'&amp; $unit ${due} \u202eevil\r\nBcc: all@example.org"
SHOWN = "<script>alert(1)</script> \"'&amp; $unit ${due} evil Bcc: all@example.org"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("pl", "[KMP Łomża] Nieprawidłowe parkowanie, okolice: Łomża · przyjąć do wt. 24.11, 14:05"),
        ("en", "[KMP Łomża] Nieprawidłowe parkowanie, near Łomża · take up by Tue 24.11, 14:05"),
        ("uk", "[KMP Łomża] Nieprawidłowe parkowanie, поблизу: Łomża · прийняти до вт 24.11, 14:05"),
    ],
)
def test_the_subject_says_unit_what_where_and_until_when(language: str, subject: str) -> None:
    assert mail(language).subject == subject


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"place": None}, "[KMP Łomża] Nieprawidłowe parkowanie · przyjąć do wt. 24.11, 14:05"),
        ({"due": None}, "[KMP Łomża] Nieprawidłowe parkowanie, okolice: Łomża"),
    ],
)
def test_the_subject_leaves_out_what_is_not_known(changes: dict[str, Any], subject: str) -> None:
    assert mail(**changes).subject == subject


def test_the_text_part_says_what_and_where_first_then_when() -> None:
    lines = mail(days=(5, 6), parts=("night", "evening")).text.splitlines()
    assert lines[:2] == [
        "Nieprawidłowe parkowanie, okolice: Łomża",
        "Zgłoszono: sob. 21 listopada, 14:05. Powtarza się: pt., sob.; wieczorem (18–22), w nocy (22–6).",
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("pl", "Zdarzenie: pt. 20 listopada, 23:30."),
        ("en", "It happened: Fri 20 November, 23:30."),
        ("uk", "Подія: пт, 20 листопада, 23:30."),
    ],
)
def test_the_time_of_the_event_is_local_and_said_as_people_say_it(language: str, sentence: str) -> None:
    rendered = mail(language, occurred=datetime(2026, 11, 20, 22, 30, tzinfo=UTC))
    assert sentence in rendered.text
    assert sentence in Seen(rendered.html).text


FULL: dict[str, Any] = {
    "boundaries": "approximate",
    "has_text": True,
    "days": (1,),
    "parts": ("morning",),
    "occurred": datetime(2026, 11, 20, 22, 30, tzinfo=UTC),
    "stand_in": "Komenda Wojewódzka Policji w Białymstoku",
}


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("changes", [{}, FULL], ids=["bare", "full"])
def test_both_parts_say_the_same(language: str, changes: dict[str, Any]) -> None:
    rendered = mail(language, **changes)
    seen = Seen(rendered.html)
    shown = seen.text + " " + " ".join(seen.links.values())
    # Punctuation differs between a label and a cell; words do not.
    wanted = [word.strip(":.!") for word in rendered.text.replace("-- \n", "").split()]
    assert len(wanted) > 50
    assert [word for word in wanted if word and word not in shown] == []


def test_the_links_lead_to_case_and_map() -> None:
    assert Seen(mail().html).links == {
        "Zobacz sprawę": f"{SITE}/policja/#/sprawa/7Q3M",
        "Pokaż na mapie": f"{SITE}/#/map?at=17/53.17840/22.05930",
    }


@pytest.mark.parametrize(
    ("language", "label"), [("pl", "Przyjmij sprawę"), ("en", "Take up the case"), ("uk", "Прийняти справу")]
)
def test_S07_a_case_that_waits_can_be_taken_up_from_the_mail(language: str, label: str) -> None:
    address = f"{SITE}/policja/#/przyjmij/signed"
    rendered = mail(language, take_up=address)
    assert Seen(rendered.html).links[label] == address
    assert f"{label}: {address}" in rendered.text
    assert label not in mail(language).text + mail(language).html


@pytest.mark.parametrize(
    ("language", "title", "way_out"),
    [
        ("pl", "Granice są przybliżone", "Przekaż innej jednostce"),
        ("en", "The boundaries are approximate", "Transfer to another unit"),
        ("uk", "Межі приблизні", "Передати іншому підрозділу"),
    ],
)
def test_approximate_routing_is_said_with_the_way_out(language: str, title: str, way_out: str) -> None:
    rendered = mail(language, boundaries="approximate")
    for part in (rendered.text, Seen(rendered.html).text):
        assert title in part
        assert way_out in part
    exact = mail(language)
    assert title not in exact.text + exact.html


def test_that_there_is_a_description_is_said_and_no_more() -> None:
    assert "Opis: jest w sprawie" in mail(has_text=True).text
    assert "Opis" not in mail().text + mail().html


def test_an_area_without_a_name_is_told_by_its_code() -> None:
    assert "Komenda Miejska Policji w Łomży odpowiada za obszar: 2062." in mail(area_name=None).text


@pytest.mark.parametrize("field", ["unit_name", "unit_short", "category_name", "place", "area_name", "stand_in"])
@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_V_hostile_names_are_shown_as_they_are_and_do_nothing(field: str, language: str) -> None:
    rendered, plain = mail(language, **{field: HOSTILE}), mail(language, stand_in="x")
    seen = Seen(rendered.html)
    assert SHOWN in (rendered.subject if field == "unit_short" else seen.text)
    assert "\n" not in rendered.subject
    assert "\r" not in rendered.subject + rendered.text + rendered.html
    assert "\u202e" not in rendered.subject + rendered.text + rendered.html
    assert {tag for tag, _ in seen.tags} == {tag for tag, _ in Seen(plain.html).tags}
    assert set(seen.links.values()) == set(Seen(plain.html).links.values())


def test_a_hostile_report_id_cannot_leave_the_link() -> None:
    links = Seen(mail(report='"><a href="https://evil.example').html).links
    assert all(link.startswith(SITE) for link in links.values())


@pytest.mark.parametrize("name", ["Ł" * 300, "Bardzo długa nazwa kategorii " * 20], ids=["one word", "many words"])
def test_long_names_stay_whole_and_may_be_broken(name: str) -> None:
    rendered = mail(category_name=name, unit_name=name)
    assert name.strip() in Seen(rendered.html).text
    assert "overflow-wrap:anywhere" in rendered.html


def test_nothing_is_loaded_and_nothing_runs() -> None:
    seen = Seen(mail(**FULL).html)
    tags = {tag for tag, _ in seen.tags}
    assert not tags & {"img", "script", "link", "iframe", "form", "object", "svg"}
    assert not [attribute for _, attributes in seen.tags for attribute in attributes if attribute.startswith("on")]
    assert "url(" not in mail(**FULL).html
    assert "@import" not in mail(**FULL).html


def test_tables_are_for_layout_only_and_the_language_is_named() -> None:
    seen = Seen(mail("uk").html)
    assert ("html", {"lang": "uk"}) in seen.tags
    assert all(attributes.get("role") == "presentation" for tag, attributes in seen.tags if tag == "table")


def test_every_colour_that_sits_on_the_page_has_a_dark_one() -> None:
    html = mail(**FULL).html
    style = html[html.index("<style>") : html.index("</style>")]
    used = {name for _, attributes in Seen(html).tags for name in (attributes.get("class") or "").split()}
    assert used == {"page", "card", "ink", "muted", "line", "due", "main", "second", "warning"}
    assert all(f".{name} {{" in style for name in used)


def test_headers_are_ascii_and_hold_no_address() -> None:
    headers = mail().headers
    assert headers == {
        "Auto-Submitted": "auto-generated",
        "References": "<7Q3M@czujka>",
        "X-Czujka-Event": CASE.event,
    }
    assert all(value.isascii() for value in headers.values())


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        mail("xx")
