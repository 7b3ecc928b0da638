"""What tests of the night's figures look at: the kept files, the rows behind them, and the one step that makes them."""

from datetime import date

from chalicelib.domain.tally import Row
from chalicelib.services import figures, figures_night
from chalicelib.services.figures import Span
from chalicelib.services.figures_files import NATION
from chalicelib.services.state import POINTER as STATE
from chalicelib.services.state import State, workshop
from chalicelib.store.objects import Objects
from tests.nightly.world import Night

DAY = date(2026, 11, 22)
UNIT = "KRP-WARSZAWA-1"


def kept(night: Night) -> dict[str, bytes]:
    """All files of the figures."""
    return {
        key: body for prefix in ("figures/", "state/figure") for key, body in night.objects(prefix, night.work).items()
    }


def objects(night: Night) -> Objects:
    return Objects(night.container.s3, night.work)


def count(night: Night) -> figures_night.Kept:
    """Run the figures' part of the night alone, over the state that the last night has folded."""
    pointer = objects(night).read_pointer(STATE)
    assert pointer is not None
    with workshop() as shop:
        state = State.load(pointer.body)
        box = night.container
        return figures_night.run(shop, objects(night), box.feed, box.instance, state, DAY, box.settings.build)


def rows(night: Night, scope: str = NATION) -> dict[str, Row]:
    """The reports in the figures of a scope."""
    found = figures.current(objects(night))
    assert found is not None
    return {row.id: row for row in found.rows(scope, Span(date(2026, 1, 1), DAY))}
