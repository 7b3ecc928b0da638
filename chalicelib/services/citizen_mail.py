"""Sending a mail to somebody who asked for it: to one address, with the links that end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.instance import Instance
from chalicelib.domain.location import degrees
from chalicelib.domain.subscription import Area, Kind
from chalicelib.notify.citizen import CitizenMail, Links, Words
from chalicelib.services.mailing import Mailing
from chalicelib.services.place_names import PlaceNames


@dataclass(frozen=True, slots=True)
class Post:
    """Sends mails; `ses` is a client of SES version 2 that tries once."""

    ses: Any
    sender: str
    site_url: str

    def links(self, token: str) -> Links:
        """Return what a mail links to: pages of the site, with the token in the fragment, and the one click."""
        page = f"{self.site_url}/#/subscription"
        return Links(
            site=self.site_url,
            confirm=f"{page}/confirm?token={token}",
            leave=f"{page}/leave?token={token}",
            one_click=f"{self.site_url}/v1/subscriptions/{token}/unsubscribe",
        )

    def send(self, address: str, mail: CitizenMail) -> None:
        """Hand one mail to SES; whatever that raises goes through."""
        Mailing(self.ses, self.sender).send([address], mail)


def area_name(area: Area, instance: Instance, names: PlaceNames, words: Words) -> str:
    """Return in words where somebody wants to hear of: "3 km around: Łomża", a unit's or an area's name."""
    if area.circle is not None:
        lat, lon = degrees(area.circle.lat6), degrees(area.circle.lon6)
        place = names.place(lat, lon) or f"{lat:.4f}, {lon:.4f}"
        return words.say("circle", radius=words.distance(area.circle.radius_m), place=place)
    if area.kind is Kind.UNIT:
        return instance.units[area.code].name if area.code in instance.units else area.code
    name = names.area(area.code)
    return area.code if name is None else words.say("area", named=name, code=area.code)
