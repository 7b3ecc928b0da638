"""What officers are answered is of the form that the interface's description gives."""

from collections.abc import Callable, Iterator

from chalicelib.http.routes import POLICE
from tests.http.gateway import Answer
from tests.http.test_openapi import undescribed
from tests.http.world import World
from tests.police.cases import with_photo
from tests.police.officers import Staff


def conversation(world: World, staff: Callable[..., Staff]) -> Iterator[tuple[str, str, Answer]]:
    """Call every police operation in each way that it is meant to end."""
    officer, nobody = staff(), Staff(None)
    for who in (officer, nobody):
        yield "GET", "/v1/police/me", who.call("GET", "/v1/police/me")
    yield from reading(world, officer, nobody)


def reading(world: World, officer: Staff, nobody: Staff) -> Iterator[tuple[str, str, Answer]]:
    """Look at lists, cases, cards and photos."""
    queue, case = "/v1/police/reports", f"/v1/police/reports/{with_photo(world)}"
    photo = f"{case}/photos/1"
    for target in (queue, f"{queue}?limit=0", case, f"{case}/card", photo, f"{photo}?size=x"):
        for who in (officer, nobody):
            yield "GET", target, who.call("GET", target)
    for target in (f"{queue}/x", f"{queue}/x/card", f"{case}/photos/9"):
        yield "GET", target, officer.call("GET", target)


def test_every_answer_to_officers_is_of_the_form_described(world: World, staff: Callable[..., Staff]) -> None:
    assert undescribed(conversation(world, staff), lambda path: path.startswith(POLICE)) == set()
