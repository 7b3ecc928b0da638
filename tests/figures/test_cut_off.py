"""The night's figures when it is cut off anywhere, repeated, damaged or overtaken."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.services import figures
from chalicelib.services.figures_files import POINTER
from chalicelib.services.files import CorruptedError
from chalicelib.store.objects import PointerMoved
from tests.figures.nights import count, kept, objects, rows
from tests.nightly.test_night import Crash, dying, populate
from tests.nightly.world import ORDINARY, WARSAW, Night, days_ago, reach_back
from tests.support.stacks import DataStack
from tests.support.thorough import tries


@pytest.fixture(scope="module")
def folded(data_stack: DataStack) -> Iterator[Night]:
    """A night over two months' reports; each test leaves the figures as it found them."""
    data_stack.clear()
    night = Night(data_stack)
    populate(night)
    made = night.file_all((days_ago(30 + number), WARSAW, ORDINARY, 1) for number in range(4))
    night.step_all([(made[0], "verifying", "taken_up")], days_ago(29))
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch)
        night.run()
    yield night
    data_stack.clear()


def test_a_night_that_is_cut_off_anywhere_is_continued_to_the_same_bytes(folded: Night) -> None:
    expected = kept(folded)
    assert len(expected) > 12
    objects(folded).delete_many(expected)
    with dying(folded, write=-1) as unbroken:
        assert count(folded).counted == sum(row.day < "2026-11-22" for row in rows(folded).values())
    assert kept(folded) == expected
    for write in range(0, unbroken["writes"], max(1, unbroken["writes"] // tries(8))):
        objects(folded).delete_many(expected)
        with dying(folded, write), pytest.raises(Crash):
            count(folded)
        assert figures.current(objects(folded)) is None
        count(folded)
        assert kept(folded) == expected, write
    # Once more changes nothing, nor counts anything.
    assert count(folded).counted == 0
    assert kept(folded) == expected


def test_a_run_does_not_make_again_what_one_before_it_has_finished(folded: Night) -> None:
    expected = kept(folded)
    objects(folded).delete_many(expected)
    # The fold's files are written first, then month after month, then the years, the pointer last.
    with dying(folded, write=-1) as whole:
        counted = count(folded).counted
    objects(folded).delete_many(key for key in expected if key.startswith(("figures/years/", POINTER)))
    with dying(folded, write=-1) as rest:
        again = count(folded).counted
    assert kept(folded) == expected
    assert (counted > 0, again) == (True, 0)
    months = len({key.split("/")[2] for key in expected if key.startswith("figures/months/")})
    assert months > 1
    assert whole["writes"] - rest["writes"] >= 3 * months


def test_a_damaged_file_leaves_the_figures_before_in_force(folded: Night) -> None:
    before = kept(folded)
    objects(folded).delete_many(before)

    def damage(params: dict[str, Any], **_: Any) -> None:
        if params["Key"].endswith("category.pack"):
            params["Body"] = params["Body"][:-2]

    events = folded.container.s3.meta.events
    events.register("provide-client-params.s3.PutObject", damage, unique_id="damage")
    with pytest.raises(CorruptedError, match=r"category\.pack"):
        count(folded)
    events.unregister("provide-client-params.s3.PutObject", unique_id="damage")
    assert figures.current(objects(folded)) is None
    count(folded)
    assert kept(folded) == before


def test_a_pointer_that_somebody_else_has_moved_is_not_moved_back(folded: Night) -> None:
    before = kept(folded)
    objects(folded).delete_many([POINTER])

    def faster(params: dict[str, Any], **_: Any) -> None:
        if params["Key"] == POINTER:
            folded.s3.put_object(Bucket=folded.work, Key=POINTER, Body=b"{}")

    events = folded.container.s3.meta.events
    events.register("provide-client-params.s3.PutObject", faster, unique_id="faster")
    with pytest.raises(PointerMoved):
        count(folded)
    events.unregister("provide-client-params.s3.PutObject", unique_id="faster")
    assert kept(folded) == {**before, POINTER: b"{}"}
    objects(folded).delete_many([POINTER])
    count(folded)
    assert kept(folded) == before
