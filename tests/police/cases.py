"""Cases as they lie before a unit: written to the table in the form that the application gives them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.domain.location import cell_at, micro
from chalicelib.services.photos import Outcome, receive
from chalicelib.store import keys
from chalicelib.store.models import EventItem, MainItem, ReportItem, connection
from tests.http.world import NOON, WARSAW, World
from tests.photos.files import scene, written
from tests.subscriptions.town import hooked

UNIT, NEIGHBOUR, FAR = "KRP-WARSZAWA-1", "KPP-WOLOMIN", "KMP-LOMZA"


def report(world: World, number: int, due: datetime | None = None, **changes: Any) -> ReportItem:
    """Return a new case that is due three days after noon, or when the test says; `number` makes its id."""
    case, created = f"case{number:04d}", keys.instant(NOON - timedelta(hours=1))
    at = keys.instant(due or NOON + timedelta(days=3))
    given: dict[str, Any] = {
        "id": case,
        "category": "illegal_dump",
        "lat6": micro(WARSAW[0]),
        "lon6": micro(WARSAW[1]),
        "cell": cell_at(*WARSAW),
        "status": "new",
        "tier": 1,
        "unit": UNIT,
        "area": "1465",
        "boundaries": "exact",
        "created": created,
        "day": day_of(NOON, world.box.instance.zone).isoformat(),
        "due_take_up": at,
        "due_verify": keys.instant(keys.moment(at) + timedelta(days=7)),
        "v": 1,
        "origin": "web",
        **changes,
    }
    return ReportItem(
        keys.report(case),
        keys.REPORT,
        g1pk=keys.cell_month(keys.place(given["cell"]), created[:7]),
        g1sk=keys.at_id(created, case),
        g2pk=keys.open_queue(given["unit"]),
        g2sk=keys.at_id(at, case),
        **given,
    )


def closed(world: World, number: int, at: datetime, **changes: Any) -> ReportItem:
    """Return a case that was closed at a moment."""
    day, instant = day_of(at, world.box.instance.zone).isoformat(), keys.instant(at)
    item = report(world, number, status="joke", reason="joke", resolved=instant, closed=day, **changes)
    item.g2pk, item.g2sk = keys.closed(day), keys.at_id(instant, item.id)
    return item


def put(items: Iterable[ReportItem]) -> None:
    """Write cases with their first events, twenty-five items a request."""
    with MainItem.batch_write() as batch:
        for item in items:
            batch.save(item)
            batch.save(
                EventItem(
                    item.pk,
                    keys.event(1),
                    id=item.id,
                    seq=1,
                    type="accepted",
                    at=item.created,
                    status="new",
                    unit=item.unit,
                    area=item.area,
                )
            )


def with_photo(world: World) -> str:
    """File a report with words, one photo that is kept and a place for another; return its id."""
    filed = world.citizen().file(description="kanarek").body
    file = written(scene(1200, 800))
    for _ in range(2):
        photo = {"content_type": "image/jpeg", "size": len(file)}
        form = world.stranger().call("POST", "/v1/receipt/uploads", photo, Receipt=filed["receipt"])
        assert form.status == 201
        if form.body["slot"] == 1:
            key = form.body["fields"]["key"]
            world.box.vault.quarantine.put(key, file, "image/jpeg")
            assert receive(key, world.box.vault, world.clock()) is Outcome.STORED
    case: str = filed["id"]
    return case


@contextmanager
def metered() -> Iterator[dict[str, float]]:
    """Count the read and write units of each kind of request to the store."""
    used: dict[str, float] = {}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        counted = parsed.get("ConsumedCapacity", [])
        for row in counted if isinstance(counted, list) else [counted]:
            used[model.name] = used.get(model.name, 0.0) + row["CapacityUnits"]

    client = connection().client
    with hooked(client, "provide-client-params.dynamodb", ask), hooked(client, "after-call.dynamodb", note):
        yield used
