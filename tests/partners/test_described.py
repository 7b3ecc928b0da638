"""What institutions are answered is of the form that the interface's description gives."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.http.routes import PARTNER
from chalicelib.services import partnering
from tests.http.gateway import Answer
from tests.http.test_openapi import undescribed
from tests.http.world import World
from tests.partners.institutions import Institution, passed
from tests.police.officers import Staff


def conversation(world: World, partner: Institution, officer: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Call every operation in each way that it is meant to end."""
    nobody = Institution("ZDM", None)
    for target in ("me", "cases", "cases?status=x"):
        path = f"/v1/partner/{target}"
        yield "GET", path, partner.call("GET", path)
        yield "GET", path, nobody.call("GET", path)
    ours, done, third = (passed(officer, world, lat=52.1 + number / 10) for number in range(3))
    yield "GET", "/v1/partner/cases", partner.call("GET", "/v1/partner/cases")
    path = f"/v1/partner/cases/{ours}/answer"
    yield "POST", path, nobody.answer(ours)
    yield "POST", path, partner.answer("0" * 21)
    yield "POST", path, partner.answer(ours, "perhaps")
    yield "POST", path, partner.call("POST", path, "x" * 40_000)
    yield "POST", path, partner.call("POST", path, ["no object"])
    yield "POST", path, partner.call("POST", path, Content_Type="text/plain")
    yield "POST", path, partner.answer(ours, "not_ours", whose="Gmina")
    yield "POST", path, partner.answer(ours)
    yield "POST", path, partner.answer(done, text="Znak")
    yield "POST", path, partner.answer(third)
    yield "GET", "/v1/partner/cases", partner.call("GET", "/v1/partner/cases?status=answered")


def test_every_answer_to_institutions_is_of_the_form_described(
    world: World,
    staff: Callable[..., Staff],
    hire: Callable[..., Institution],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(partnering, "ANSWERS_A_DAY", 2)
    assert undescribed(conversation(world, hire(), staff()), lambda path: path.startswith(PARTNER)) == set()
