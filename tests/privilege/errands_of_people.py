"""What people do through the API: citizens, officers, readers."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.e2e.citizen import enrol
from tests.photos import files
from tests.photos.sending import post
from tests.privilege.errands_of_functions import arrive
from tests.privilege.scene import UNIT, Deed, Errand, Scene
from tests.support.whole import Answer, send


def fine(answer: Answer) -> bool:
    """Whether somebody got what they came for."""
    return answer.status < 400


def health(scene: Scene) -> Deed:
    return lambda: fine(scene.stack.call("GET", "/v1/health"))


def challenge(scene: Scene) -> Deed:
    body = {"idempotency_key": str(uuid4()), "client": "api"}
    return lambda: fine(scene.stack.call("POST", "/v1/challenge", body))


def locate(scene: Scene) -> Deed:
    return lambda: fine(scene.stack.call("GET", "/v1/units/locate?lat=50.77&lon=16.28"))


def file(scene: Scene) -> Deed:
    device = enrol(scene.stack)
    return lambda: scene.file(device).status == 201


def look(scene: Scene) -> Deed:
    report = scene.filed()["id"]
    return lambda: fine(scene.stack.call("GET", f"/v1/reports/{report}"))


def near(scene: Scene) -> Deed:
    return lambda: fine(scene.stack.call("GET", "/v1/reports?lat=50.77&lon=16.28&radius_m=500"))


def open311(scene: Scene) -> Deed:
    return lambda: fine(scene.stack.call("GET", "/open311/v2/requests.json?status=open"))


def see(scene: Scene) -> Deed:
    report, device = scene.filed()["id"], enrol(scene.stack)
    headers = {"Device-Token": device, "Idempotency-Key": str(uuid4())}
    return lambda: scene.stack.call("POST", f"/v1/reports/{report}/corroborations", {}, headers).status == 201


def receipt(scene: Scene) -> Deed:
    return by_receipt(scene, "GET", "")


def withdraw(scene: Scene) -> Deed:
    return by_receipt(scene, "POST", "/withdraw")


def by_receipt(scene: Scene, method: str, path: str) -> Deed:
    held = {"Receipt": scene.filed()["receipt"]}
    return lambda: fine(scene.stack.call(method, f"/v1/receipt{path}", None, held))


def send_photo(scene: Scene) -> Deed:
    held = {"Receipt": scene.filed()["receipt"]}

    def deed() -> bool:
        asked = {"content_type": "image/jpeg", "size": 1000}
        permitted = scene.stack.call("POST", "/v1/receipt/uploads", asked, held)
        if not fine(permitted):
            return False
        form = permitted.json
        return post(form["url"], form["fields"], files.written(files.scene(200, 100))).status == 204

    return deed


def subscribe(scene: Scene) -> Deed:
    wanted = {"email": f"a{uuid4().hex[:10]}@reader.example", "area": {"powiat": "0221"}, "language": "pl"}
    return lambda: fine(scene.stack.call("POST", "/v1/subscriptions", wanted))


def confirm(scene: Scene) -> Deed:
    token = asked(scene)
    return lambda: fine(scene.stack.call("POST", f"/v1/subscriptions/{token}/confirm"))


def unsubscribe(scene: Scene) -> Deed:
    token = asked(scene)
    assert fine(scene.stack.call("POST", f"/v1/subscriptions/{token}/confirm"))
    return lambda: fine(scene.stack.call("DELETE", f"/v1/subscriptions/{token}/unsubscribe"))


def asked(scene: Scene) -> str:
    """The token of a letter that asks to confirm."""
    address, letter = scene.subscribe()
    assert scene.relay(letter) is not None
    return scene.token(address)


def officer(act: Callable[[Callable[..., Answer], dict[str, Any]], Answer]) -> Callable[[Scene], Deed]:
    """An errand of an officer with a case of the own unit."""

    def prepare(scene: Scene) -> Deed:
        case = scene.filed()
        call = scene.officer(case["unit"]["code"])
        return lambda: fine(act(call, case))

    return prepare


def merge(scene: Scene) -> Deed:
    place = scene.place()
    one, other = scene.filed(**place), scene.filed(**place | {"lat": place["lat"] + 0.003})
    call = scene.officer(one["unit"]["code"])
    return lambda: fine(call("POST", f"reports/{one['id']}/merge", {"into": other["id"], "version": 1}))


def plan(scene: Scene) -> Deed:
    call = scene.officer(UNIT)
    return lambda: fine(call("GET", f"patrol-plan?week={scene.week}"))


def show_photo(scene: Scene) -> Deed:
    case = scene.filed()
    arrive(scene, case)
    call = scene.officer(case["unit"]["code"])

    def deed() -> bool:
        asked = call("GET", f"reports/{case['id']}/photos/1")
        return fine(asked) and fine(send("GET", asked.json["url"], None, {}))

    return deed


def try_addresses(scene: Scene) -> Deed:
    call = scene.officer(UNIT)
    # A unit may try its addresses a few times an hour.
    scene.forget("UB#")
    return lambda: fine(call("POST", "unit/test-mail", {}))


TAKE_UP = {"to": "verifying", "reason": "taken_up", "version": 1}

ERRANDS = tuple(
    Errand("api", name, prepare)
    for name, prepare in {
        "health": health,
        "challenge": challenge,
        "locate": locate,
        "file": file,
        "look": look,
        "near": near,
        "see": see,
        "receipt": receipt,
        "withdraw": withdraw,
        "send a photo": send_photo,
        "subscribe": subscribe,
        "confirm": confirm,
        "unsubscribe": unsubscribe,
        "queue": officer(lambda call, _: call("GET", "reports")),
        "case": officer(lambda call, case: call("GET", f"reports/{case['id']}")),
        "step": officer(lambda call, case: call("POST", f"reports/{case['id']}/status", TAKE_UP)),
        "merge": merge,
        "photo": show_photo,
        "figures": officer(lambda call, _: call("GET", "stats?by=category")),
        "plan": plan,
        "unit": officer(lambda call, _: call("GET", "unit")),
        "test mail": try_addresses,
        "list of Open311": open311,
    }.items()
)
