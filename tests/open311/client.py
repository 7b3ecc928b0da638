"""A client of the standard over the application: forms out, JSON or XML back, both read into the same shape."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring

from chalicelib.events import publish
from chalicelib.store import apikeys
from tests.http.gateway import Answer, event, send
from tests.http.world import WARSAW, World

BASE = "/open311/v2/"
LISTS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats", "days", "parts"}
LISTS |= {"pattern"}
FORM = "application/x-www-form-urlencoded"


@dataclass
class Client:
    """Somebody who speaks GeoReport; `key` is sent with every request that is filed."""

    world: World
    key: str | None = None
    language: str | None = "en"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> Answer:
        """Ask for a document."""
        return self.send("GET", path + (f"?{urlencode(query, doseq=True)}" if query else ""))

    def post(self, kind: str = "json", idempotency: str | None = None, **changes: Any) -> Answer:
        """File a request; `None` leaves a field out. Names of attributes are given as they are in the form."""
        headers = {} if idempotency is None else {"Idempotency-Key": idempotency}
        return self.send("POST", f"requests.{kind}", form(api_key=self.key, **changes), **headers)

    def send(self, method: str, path: str, body: str | bytes | None = None, **headers: str) -> Answer:
        """Send a request; what is sent is a form unless its type is given."""
        sent = {**self.headers, **({"Accept-Language": self.language} if self.language else {})}
        if body is not None:
            sent["Content-Type"] = FORM
        return send(event(method, BASE + path, headers={**sent, **headers}, body=body))

    def publish(self) -> None:
        """Bring what is due onto the map."""
        publish.handle({}, self.world.box)


def keyed(world: World, name: str = "city-app", limit: int = 100) -> Client:
    """A client with a new key."""
    return Client(world, apikeys.make(name, limit, 1, "2026-06-01T00:00:00.000Z"))


def form(**changes: Any) -> str:
    """Return a sound request as a form."""
    lat, lon = WARSAW
    fields = {"service_code": "illegal_dump", "lat": lat, "long": lon, **changes}
    return urlencode({name: value for name, value in fields.items() if value is not None}, doseq=True)


def read(answer: Answer) -> Any:
    """Return the document of an answer: lists and mappings of text, None for what is empty."""
    if answer.headers["content-type"].startswith("text/xml"):
        return of_element(element(answer))
    return of_json(json.loads(answer.text))


def element(answer: Answer) -> Element:
    """Return the root of an answer in XML."""
    return fromstring(answer.text.encode())  # noqa: S314 - our own


def of_element(element: Element) -> Any:
    """Read XML by the Spark convention."""
    if element.tag in LISTS:
        return [of_element(child) for child in element]
    if len(element):
        return {child.tag: of_element(child) for child in element}
    return element.text


def of_json(value: Any) -> Any:
    """Read JSON as XML tells it: every scalar is text, nothing is None."""
    if isinstance(value, dict):
        return {name: of_json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [of_json(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None or value == "" else str(value)


def words(answer: Answer) -> list[tuple[str, str]]:
    """Return each error's code and the word in brackets at the end of its description."""
    return [(error["code"], error["description"].rpartition("[")[2].rstrip("]")) for error in read(answer)]
