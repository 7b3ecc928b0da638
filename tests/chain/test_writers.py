"""Whoever writes an event writes it into the chain, and whatever is done to the table behind its back is named."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.chain import Breach
from chalicelib.services.casebook import Words
from chalicelib.store.models import connection
from chalicelib.store.proving import Chained, chained
from tests.http.world import World
from tests.receipt.cases import Held, held, held_at
from tests.retention.nights import erase, night_after, quiet_nights

pytestmark = pytest.mark.emulator


def breaches(report_id: str) -> list[tuple[int, str]]:
    return [(found.sequence, found.breach.value) for found in chained(report_id).breaks()]


def committed(case: Chained) -> list[int]:
    return [link.sequence for link in case.links if "commit" in link.fields]


def talkative(world: World) -> Held:
    """A case with words of everybody: filed, taken up, asked, answered, closed with a note, opened again."""
    case = held(world, description="Szkło na chodniku")
    world.step(case.id, "verifying", "taken_up", public="Jedziemy", note="Patrol 12")
    case.ask()
    assert case.say("text", "Przy przystanku").status == 200
    world.step(case.id, "confirmed", "seen_at_check")
    world.step(case.id, "eliminated", "gone", note="Posprzątane")
    assert case.say("still_there").status == 200
    return case


def test_every_step_of_police_and_reporter_is_chained(world: World) -> None:
    case = chained(talkative(world).id)
    assert len(case.links) == 7
    assert committed(case) == [1, 2, 3, 4, 6]
    assert case.breaks() == []
    assert len({link.chain for link in case.links}) == 7


def test_a_merger_is_chained_on_both_cases(world: World) -> None:
    left, stays = held(world), held(world)
    world.casework.merge(left.id, stays.id, 1, Words(public="To samo"))
    for case in (left, stays):
        assert len(chained(case.id).links) == 2
        assert breaches(case.id) == []


def test_of_two_steps_at_one_moment_the_chain_goes_on_from_the_one_that_was_taken(world: World) -> None:
    case = held(world)
    before = world.current(case.id)
    world.step(case.id, "verifying", "taken_up")
    assert case.withdraw().status == 409
    assert before.chain == chained(case.id).links[0].chain
    assert world.current(case.id).chain == chained(case.id).links[1].chain
    assert breaches(case.id) == []


def test_a_text_erased_by_retention_breaks_nothing(world: World) -> None:
    case = talkative(world)
    case.go("confirmed", "eliminated")
    night_after(world, 31)
    assert erase(world).things["texts"]
    after = chained(case.id)
    assert [link.words for link in after.links] == [None] * 9
    assert committed(after) == [1, 2, 3, 4, 6]
    assert after.breaks() == []
    assert "text_salt" not in str([item for item in case.items() if item["SK"]["S"] == "R"])


def test_a_case_that_was_deleted_keeps_its_chain(world: World) -> None:
    case = held_at(world, "joke", description="Żart")  # type: ignore[arg-type]
    # Closed on 10 June 2026, on the map for seven days more, then five years.
    quiet_nights(world, (date(2031, 6, 18) - date(2026, 6, 10)).days)
    assert erase(world).things["rows"] == 1
    assert chained(case.id).head is None
    assert len(chained(case.id).links) == 2
    assert breaches(case.id) == []


def test_an_event_without_words_commits_to_nothing(world: World) -> None:
    case = held(world)
    assert "commit" not in chained(case.id).links[0].fields
    assert breaches(case.id) == []


def put(report: str, key: str, **changes: Any) -> None:
    """Change an item behind everybody's back; None takes an attribute away."""
    names = {f"#{name}": name for name in changes}
    kept = {f":{name}": value for name, value in changes.items() if value is not None}
    sets = ", ".join(f"#{name} = :{name}" for name, value in changes.items() if value is not None)
    gone = ", ".join(f"#{name}" for name, value in changes.items() if value is None)
    _client().update_item(
        TableName=_table(),
        Key=_key(report, key),
        UpdateExpression=" ".join(filter(None, [sets and f"SET {sets}", gone and f"REMOVE {gone}"])),
        ExpressionAttributeNames=names,
        **({"ExpressionAttributeValues": kept} if kept else {}),
    )


def delete(report: str, key: str) -> None:
    _client().delete_item(TableName=_table(), Key=_key(report, key))


def swap(report: str, one: str, other: str) -> None:
    """Let two events change places."""
    held_items = [_client().get_item(TableName=_table(), Key=_key(report, key))["Item"] for key in (one, other)]
    for item, key in zip(held_items, (other, one), strict=True):
        _client().put_item(TableName=_table(), Item={**item, **_key(report, key)})


def _key(report: str, key: str) -> dict[str, Any]:
    return {"PK": {"S": f"R#{report}"}, "SK": {"S": key}}


def _client() -> Any:
    return connection().client


def _table() -> str:
    from chalicelib.store.models import MainItem

    return MainItem.Meta.table_name or ""


BEHIND: dict[str, tuple[Callable[[str], None], list[tuple[int, Breach]]]] = {
    "another reason": (lambda case: put(case, "E#000002", reason={"S": "x"}), [(2, Breach.ALTERED)]),
    "another time": (lambda case: put(case, "E#000003", at={"S": "2026-01-01"}), [(3, Breach.ALTERED)]),
    "another cell": (lambda case: put(case, "E#000001", cell={"S": "8b1f53a00000fff"}), [(1, Breach.ALTERED)]),
    "a field more": (lambda case: put(case, "E#000002", extra={"N": "1"}), [(2, Breach.ALTERED)]),
    "a field less": (lambda case: put(case, "E#000002", by=None), [(2, Breach.ALTERED)]),
    "another hash": (lambda case: put(case, "E#000007", chain={"S": "00" * 32}), [(7, Breach.ALTERED)]),
    "no hash": (lambda case: put(case, "E#000007", chain=None), [(7, Breach.UNCHAINED), (7, Breach.HEAD)]),
    "other words": (lambda case: put(case, "T#000003", text={"S": "Kto?"}), [(3, Breach.WORDS)]),
    "another note": (lambda case: put(case, "T#000002", note={"S": "Patrol 13"}), [(2, Breach.WORDS)]),
    "a note more": (lambda case: put(case, "T#000003", note={"S": "Dopisane"}), [(3, Breach.WORDS)]),
    "another report": (lambda case: put(case, "R", text={"S": "Nic"}), [(1, Breach.WORDS)]),
    "an event less": (lambda case: delete(case, "E#000004"), [(4, Breach.MISSING), (5, Breach.ALTERED)]),
    "the last one less": (lambda case: delete(case, "E#000007"), [(7, Breach.MISSING)]),
    "two changed about": (lambda case: swap(case, "E#000002", "E#000003"), [(2, Breach.ALTERED), (3, Breach.ALTERED)]),
    "an older head": (lambda case: put(case, "R", v={"N": "6"}), [(7, Breach.HEAD)]),
    "another head": (lambda case: put(case, "R", head={"S": "00" * 32}), [(7, Breach.HEAD)]),
}


def test_whatever_is_done_behind_the_back_of_a_case_is_named(world: World) -> None:
    case = talkative(world)
    kept = {item["SK"]["S"]: item for item in case.items() if item["PK"]["S"] == f"R#{case.id}"}
    for name, (deed, expected) in BEHIND.items():
        deed(case.id)
        assert set(breaches(case.id)) >= {(number, breach.value) for number, breach in expected}, name
        for item in kept.values():
            _client().put_item(TableName=_table(), Item=item)
        assert breaches(case.id) == [], name
