"""What officers are answered is of the form that the interface's description gives."""

from collections.abc import Callable, Iterator

from chalicelib.http.routes import POLICE
from tests.http.gateway import Answer
from tests.http.test_openapi import undescribed
from tests.http.world import World
from tests.police.officers import Staff


def conversation(staff: Callable[..., Staff]) -> Iterator[tuple[str, str, Answer]]:
    """Call every police operation in each way that it is meant to end."""
    officer, nobody = staff(), Staff(None)
    for who in (officer, nobody):
        yield "GET", "/v1/police/me", who.call("GET", "/v1/police/me")


def test_every_answer_to_officers_is_of_the_form_described(world: World, staff: Callable[..., Staff]) -> None:
    assert world.census()["report"] == 0
    assert undescribed(conversation(staff), lambda path: path.startswith(POLICE)) == set()
