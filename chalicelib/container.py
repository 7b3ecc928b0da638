"""Composition root: builds what the handlers need, at first use, once for the life of the process.

Importing this module does no input or output and reads no environment; `container()` does.
"""

import json
import os
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib import tracing
from chalicelib.clock import Clock, system_clock
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.domain.instance import Instance
    from chalicelib.domain.place import Places
    from chalicelib.domain.units import Units
    from chalicelib.services.door import Door
    from chalicelib.services.login import Logins
    from chalicelib.services.place_names import PlaceNames
    from chalicelib.services.proof import Asked
    from chalicelib.services.published import PublishedPoints
    from chalicelib.store.feed import Feed
    from chalicelib.store.photos import Vault
    from chalicelib.store.places import PlacesPack
    from chalicelib.store.quota import Salts
    from chalicelib.store.secrets import Secrets
    from chalicelib.store.witness import Windows

DOCUMENTS = ("instance", "catalogue", "units")


class _Resources:
    """What every container of one process shares: clients, documents, keys."""

    def __init__(self, settings: Settings) -> None:
        from chalicelib.store import models

        self.settings = settings
        models.bind(settings.main_table, settings.quota_table)
        if settings.otel_traces_exporter != "none":
            from chalicelib.spans import Spans

            spans = Spans(settings)
            for session in (self.session, models.connection().session):
                spans.watch(session.get_component("event_emitter"), tracing.current)
            tracing.install(spans)

    @cached_property
    def session(self) -> Any:
        """Botocore session: boto3 is not needed for plain clients and costs 60 ms to import."""
        from botocore.session import get_session

        return get_session()

    def client(self, service: str, read_timeout: float, attempts: int = 3) -> Any:
        from botocore.config import Config

        config = Config(
            connect_timeout=1,
            read_timeout=read_timeout,
            retries={"mode": "standard", "total_max_attempts": attempts},
            # The address of the bucket in its region: browsers that post to the global one are sent elsewhere.
            s3={"addressing_style": "virtual"},
        )
        return self.session.create_client(service, config=config)

    @cached_property
    def s3(self) -> Any:
        return self.client("s3", read_timeout=20)

    @cached_property
    def vault(self) -> "Vault":
        from chalicelib.store.objects import Objects
        from chalicelib.store.photos import Vault

        settings = self.settings
        return Vault(Objects(self.s3, settings.quarantine_bucket), Objects(self.s3, settings.photo_bucket))

    @cached_property
    def sns(self) -> Any:
        return self.client("sns", read_timeout=10, attempts=1)

    # A mail whose answer is late may be out: to try again is the outbox's decision, which counts, not the client's.
    @cached_property
    def ses(self) -> Any:
        return self.client("sesv2", read_timeout=10, attempts=1)

    @cached_property
    def ssm(self) -> Any:
        return self.client("ssm", read_timeout=2)

    @cached_property
    def feed(self) -> "Feed":
        from chalicelib.store.feed import Feed

        return Feed.connect(self.client("dynamodb", read_timeout=20), self.settings.main_table)

    @cached_property
    def instance(self) -> "Instance":
        from chalicelib.domain.instance import Instance

        folder = self.settings.instance_dir
        documents = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in DOCUMENTS)
        return Instance.from_documents(*documents)

    @cached_property
    def places_pack(self) -> "PlacesPack":
        from chalicelib.store.places import PlacesPack

        return PlacesPack(self.s3, self.settings.work_bucket)

    @cached_property
    def points(self) -> "PublishedPoints":
        from chalicelib.services.published import PublishedPoints
        from chalicelib.store.objects import Objects

        return PublishedPoints(Objects(self.s3, self.settings.site_bucket))

    @cached_property
    def place_names(self) -> "PlaceNames":
        from chalicelib.services.place_names import PlaceNames
        from chalicelib.store.objects import Objects

        return PlaceNames(Objects(self.s3, self.settings.site_bucket), system_clock)

    @cached_property
    def salts(self) -> "Salts":
        from chalicelib.store.quota import Salts

        return Salts()

    @cached_property
    def proof(self) -> "Asked":
        from chalicelib.services.proof import Asked
        from chalicelib.store import control

        return Asked(self.settings.proof_level, lambda: control.level(control.PROOF))

    @cached_property
    def door(self) -> "Door":
        from chalicelib.services.door import Door
        from chalicelib.store import control

        return Door(control.closing)

    @cached_property
    def logins(self) -> "Logins":
        from chalicelib.services.login import Logins
        from chalicelib.store.login_keys import LoginKeys

        settings = self.settings
        return Logins(LoginKeys(settings.officer_keys_url), settings.officer_issuer, settings.officer_client)

    @cached_property
    def windows(self) -> "Windows":
        from chalicelib.store.witness import Windows

        return Windows()

    @cached_property
    def secrets(self) -> "Secrets":
        from chalicelib.store.secrets import Secrets

        return Secrets(self.ssm, self.settings.secrets_param)


class Container:
    """Everything a handler works with; the clock is the only part that a told time replaces."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = system_clock,
        resources: _Resources | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._resources = resources or _Resources(settings)

    def told(self, event: dict[str, Any]) -> "Container":
        """Return this container with the time that the event tells, where the stage allows it.

        `ValueError` where ``event["now"]`` is no RFC 3339 time with offset. Elsewhere the member is ignored.
        """
        if not self.settings.time_may_be_told or "now" not in event:
            return self
        now = datetime.fromisoformat(event["now"])
        if now.tzinfo is None:
            raise ValueError("the told time has no offset")
        return Container(self.settings, lambda: now.astimezone(UTC), self._resources)

    @property
    def s3(self) -> Any:
        """S3 client."""
        return self._resources.s3

    @property
    def vault(self) -> "Vault":
        """The two buckets of photos."""
        return self._resources.vault

    @property
    def sns(self) -> Any:
        """SNS client."""
        return self._resources.sns

    @property
    def ses(self) -> Any:
        """SES (version 2) client."""
        return self._resources.ses

    @property
    def secrets(self) -> "Secrets":
        """Signing keys, with their versions."""
        return self._resources.secrets

    @property
    def points(self) -> "PublishedPoints":
        """The points of the published map, as far as this process has read them."""
        return self._resources.points

    @property
    def place_names(self) -> "PlaceNames":
        """Names of places and areas, as far as the site has them."""
        return self._resources.place_names

    @property
    def salts(self) -> "Salts":
        """The salts of the days that this process has met."""
        return self._resources.salts

    @property
    def proof(self) -> "Asked":
        """How much proof of work is asked for."""
        return self._resources.proof

    @property
    def door(self) -> "Door":
        """Whether intake is open."""
        return self._resources.door

    @property
    def logins(self) -> "Logins":
        """Whoever officers log in with."""
        return self._resources.logins

    @property
    def windows(self) -> "Windows":
        """The salt of the window in which devices keep their pseudonyms."""
        return self._resources.windows

    @property
    def feed(self) -> "Feed":
        """The event feeds, read through a client of their own."""
        return self._resources.feed

    @property
    def instance(self) -> "Instance":
        """The instance's configuration: zone, languages, catalogue, units."""
        return self._resources.instance

    @property
    def units(self) -> "Units":
        """The instance's police units and the areas that they answer for."""
        return self.instance.units

    @property
    def places(self) -> "Places":
        """The boundaries that are in force now; a newly imported pack is noticed within a minute."""
        return self._resources.places_pack.current(self.clock())


class _Process:
    container: Container | None = None


def container() -> Container:
    """Return the process's container, built from the environment at the first call."""
    if _Process.container is None:
        _Process.container = Container(Settings.from_environment(os.environ))
    return _Process.container


def install(replacement: Container | None) -> None:
    """Put another container in place; `None` lets the next call build one anew."""
    _Process.container = replacement
