"""A reader at any moment of a night: what the manifest names is there and is of one build."""

from datetime import timedelta
from typing import Any

from tests.nightly.world import NOON, ORDINARY, WARSAW, Night, days_ago

RESOLUTIONS = (5, 6, 7, 8, 9)


def seen(night: Night) -> tuple[str, int, set[int]]:
    """Read all of the map as a browser would; return the build, its total, and the totals of its resolutions."""
    manifest = night.manifest()
    sums = {sum(row["n365"] for row in night.cells(res).values()) for res in RESOLUTIONS}
    night.points()
    return manifest["build"], manifest["totals"]["reports_365d"], sums


def test_whenever_it_is_read_the_map_is_of_one_night_or_the_other(night: Night) -> None:
    night.load([(NOON.date() - timedelta(days=3), WARSAW, ORDINARY)] * 7)
    before = night.run()["build"]
    night.file(at=days_ago(0))
    night.now = NOON + timedelta(days=1)
    moments: list[tuple[str, int, set[int]]] = []
    reading = False

    def look(params: dict[str, Any], **_: Any) -> None:
        nonlocal reading
        if not reading and params.get("Bucket") == night.site:
            reading = True
            moments.append(seen(night))
            reading = False

    events = night.container.s3.meta.events
    for operation in ("PutObject", "CopyObject", "DeleteObjects"):
        events.register(f"provide-client-params.s3.{operation}", look, unique_id=f"look-{operation}")
    after = night.run()["build"]
    for operation in ("PutObject", "CopyObject", "DeleteObjects"):
        events.unregister(f"provide-client-params.s3.{operation}", unique_id=f"look-{operation}")
    assert len(moments) > 20
    totals = {before: 7, after: 8}
    assert {build for build, _, _ in moments} == {before, after}
    assert all(total == totals[build] and sums == {total} for build, total, sums in moments)
