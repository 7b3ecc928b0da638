"""The schedule's handler: the daily mails."""

from __future__ import annotations

import time
from typing import Any

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.services.citizen_mail import Post
from chalicelib.services.digest import Digest
from chalicelib.services.digest_mail import DigestMail
from chalicelib.services.place_names import PlaceNames
from chalicelib.store.objects import Objects

BUDGET_S = 780.0
"""Seconds after which no further mail is begun; with the slowest ones it stays under the function's timeout."""


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Send what is left to send of the days that have ended; the summary counts and names nobody."""
    told, settings, begun = container.told(event), container.settings, time.monotonic()
    names = PlaceNames(Objects(told.s3, settings.site_bucket), told.clock)
    post = Post(told.ses, settings.mail_sender, settings.site_url)
    digest = Digest(
        feed=told.feed,
        mails=DigestMail(post, told.secrets.keyring.subscriptions, told.instance, names),
        instance=told.instance,
        places=lambda: told.places,
        time_left=lambda: time.monotonic() - begun < BUDGET_S,
    )
    summary = digest.run(told.clock())
    counts = {f"digest_{name}": summary[name] for name in ("sent", "refused", "lost", "failed")}
    emit(container.clock(), settings.stage, "digest", **counts, digest_s=time.monotonic() - begun)
    return summary
