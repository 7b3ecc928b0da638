"""The live publishing function: puts new points and statuses on the map."""

from __future__ import annotations

from typing import Any

from chalicelib.container import Container
from chalicelib.services.live import Live
from chalicelib.store.objects import Objects


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Publish the points as they stand now; the summary says whether anything changed."""
    told = container.told(event)
    settings = told.settings
    live = Live(
        site=Objects(told.s3, settings.site_bucket),
        work=Objects(told.s3, settings.work_bucket),
        feed=told.feed,
        instance=told.instance,
    )
    return live.publish(told.clock())
