"""What officers' deeds cost: CPU, requests and request units of a step, of a transfer and of a bulk take-up.

Each deed is what lies between the door and the answer: what is read, judged and written, the audit in the transaction.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from chalicelib.domain.report import Status
from chalicelib.domain.roles import Deed
from chalicelib.domain.steps import Actor, Reason
from chalicelib.http.police.doing import noted
from chalicelib.services.bulk import MOST, TakeUp
from chalicelib.services.casebook import Words
from chalicelib.services.casework import Casework
from chalicelib.services.routing import Routing
from chalicelib.store import audit
from chalicelib.store.models import connection
from tests.bench import stage
from tests.bench.accept import TEXT
from tests.bench.accept import places as free_places
from tests.bench.units import Meter
from tests.http.world import World

ROUNDS = 20
BULKS = 4
OTHER = "KMP-RADOM"


def run() -> dict[str, Any]:
    """CPU milliseconds by the median deed, and what one costs in requests and units."""
    with stage.world() as world:
        places = free_places()

        def filed(count: int) -> list[str]:
            answers = [
                world.citizen().file(description=TEXT, category="illegal_dump", **next(places)) for _ in range(count)
            ]
            return [str(answer.body["id"]) for answer in answers]

        meter = Meter(connection().client, world.stack.client("dynamodb"))
        steps, transfers, bulks = filed(ROUNDS + 1), filed(ROUNDS + 1), [filed(MOST) for _ in range(BULKS)]
        deeds: dict[str, list[Callable[[], object]]] = {
            "step": [lambda case=case: _step(world, case) for case in steps],  # type: ignore[misc]
            "transfer": [lambda case=case: _transfer(world, case) for case in transfers],  # type: ignore[misc]
            f"take_up_{MOST}": [lambda cases=cases: _take_up(world, cases) for cases in bulks],  # type: ignore[misc]
        }
        costs = {name: _cost(meter, each) for name, each in deeds.items()}
    return {"deeds": costs}


def _cost(meter: Meter, deeds: list[Callable[[], object]]) -> dict[str, Any]:
    """Measure CPU of all deeds but the last, and bill that one."""
    *measured, billed = deeds
    spent = []
    for deed in measured:
        began = time.process_time()
        deed()
        spent.append(1000 * (time.process_time() - began))
    with meter.bill() as bill:
        billed()
    return {
        "cpu_ms": round(median(spent), 2),
        "calls": bill.calls.total(),
        "read_units": bill.read,
        "write_units": bill.write,
        "index_units": bill.index,
    }


def _noted(world: World, deed: Deed, *cases: str) -> Any:
    entries = [audit.Noted(world.clock.now, "subject", "officer", "KSP", deed.value, case) for case in cases]
    return noted(entries, world.box)


def _step(world: World, case: str) -> None:
    also = _noted(world, Deed.STEP, case)
    work = Casework(world.box.instance, world.clock.now, also=also)
    work.take_step(case, Status.VERIFYING, Reason.TAKEN_UP, Actor.POLICE, 1, Words(TEXT, TEXT))


def _transfer(world: World, case: str) -> None:
    also = _noted(world, Deed.TRANSFER, case)
    Routing(world.box.instance, world.clock.now, also=also).transfer(case, OTHER, 1)


def _take_up(world: World, cases: list[str]) -> None:
    also = _noted(world, Deed.TAKE_UP, *cases)
    TakeUp(world.box.instance, world.clock.now, also=also).take_up(dict.fromkeys(cases, 1))
