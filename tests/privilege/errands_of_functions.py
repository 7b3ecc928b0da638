"""What functions do that nobody calls: the relay, the schedules, the night."""

import json
from datetime import time
from typing import Any

from chalicelib.store import keys
from tests.e2e.citizen import URGENT, items, mails_about, waiting_alerts
from tests.e2e.outages import SUWALKI
from tests.photos import files
from tests.photos.sending import post
from tests.privilege.scene import Deed, Errand, Scene
from tests.support.ahead import ahead


def told_at_once(scene: Scene) -> Deed:
    report = scene.filed(category=URGENT)["id"]
    (alert,) = waiting_alerts(scene.stack, report)

    def deed() -> bool:
        scene.relay(alert)
        mails = mails_about(scene.stack, report)
        # With the name of a place, and the link by which the case is taken up.
        whole = len(mails) == 1 and "okolice: " in mails[0]["text"] and "/#/przyjmij/" in mails[0]["text"]
        return whole and not waiting_alerts(scene.stack, report)

    return deed


def kept_for_the_bulletin(scene: Scene) -> Deed:
    report = scene.filed()["id"]
    (alert,) = waiting_alerts(scene.stack, report)

    def deed() -> bool:
        scene.relay(alert)
        return not waiting_alerts(scene.stack, report)

    return deed


def told_in_order(scene: Scene) -> Deed:
    case = scene.filed()
    assert scene.stack.call("POST", "/v1/receipt/withdraw", None, {"Receipt": case["receipt"]}).status == 200
    alerts = sorted(waiting_alerts(scene.stack, case["id"]), key=lambda alert: int(alert["seq"]["N"]))
    assert len(alerts) == 2

    def deed() -> bool:
        scene.relay(alerts[1])
        return not waiting_alerts(scene.stack, case["id"])

    return deed


def letter(scene: Scene) -> Deed:
    address, waiting = scene.subscribe()

    def deed() -> bool:
        scene.relay(waiting)
        waits = any(other["SK"] == waiting["SK"] for other in scene.letters())
        return not waits and any(mail["to"] == [address] for mail in scene.mails())

    return deed


def swept(scene: Scene) -> Deed:
    alone(scene)
    report, (address, _) = scene.filed(category=URGENT)["id"], scene.subscribe()

    def deed() -> bool:
        scene.invoke("sweeper", {"now": scene.later()})
        mailed = any(mail["to"] == [address] for mail in scene.mails())
        return mailed and not waiting_alerts(scene.stack, report)

    return deed


def alone(scene: Scene) -> None:
    """Empty the outbox: what other errands have left there would all be swept first."""
    scene.forget("O#")
    scene.forget("M#")


def parked(scene: Scene) -> Deed:
    report = scene.filed(category=URGENT)["id"]
    (alert,) = waiting_alerts(scene.stack, report)
    scene.stack.running.client("dynamodb").update_item(
        TableName=scene.stack.running.names["MAIN_TABLE"],
        Key={name: alert[name] for name in ("PK", "SK")},
        UpdateExpression="SET attempts = :many",
        ExpressionAttributeValues={":many": {"N": "8"}},
    )

    def deed() -> bool:
        scene.invoke("sweeper", {"now": scene.later()})
        return not waiting_alerts(scene.stack, report)

    return deed


def line(scene: Scene, **place: float) -> tuple[str, str]:
    """A report that waits for a bulletin, and the unit whose bulletin that is."""
    case = scene.filed(**place)
    (alert,) = waiting_alerts(scene.stack, case["id"])
    assert scene.relay(alert) is not None
    return case["id"], case["unit"]["code"]


def empty_box(scene: Scene) -> Deed:
    scene.forget(keys.BOXES)
    scene.forget("B#")
    _, unit = line(scene, lat=SUWALKI["lat"] + next(scene.distances), lon=SUWALKI["lon"])
    assert scene.invoke("bulletins", {"now": scene.later()})

    def deed() -> bool:
        scene.invoke("bulletins", {"now": scene.later()})
        return not any(unit in item["SK"]["S"] for item in items(scene.stack, keys.BOXES))

    return deed


def bulletin(scene: Scene) -> Deed:
    report, unit = line(scene)

    def deed() -> bool:
        told = scene.invoke("bulletins", {"now": scene.later()})
        waits = any(item["id"]["S"] == report for item in items(scene.stack, keys.bulletin(unit)))
        mails = mails_about(scene.stack, report)
        whole = len(mails) == 1 and "okolice: " in mails[0]["text"] and "/#/przyjmij/" in mails[0]["text"]
        return told is not None and whole and not waits

    return deed


def overdue(scene: Scene) -> Deed:
    report = scene.filed()["id"]

    def deed() -> bool:
        scene.invoke("escalation", {"now": scene.night().isoformat()})
        return len(waiting_alerts(scene.stack, report)) > 1

    return deed


def night(scene: Scene) -> Deed:
    case = scene.filed(description="Kanarek w klatce.")
    assert scene.stack.call("POST", "/v1/receipt/withdraw", None, {"Receipt": case["receipt"]}).status == 200
    with_photo = scene.filed(description="Kanarek na zdjęciu.")
    arrive(scene, with_photo)
    assert scene.stack.call("POST", "/v1/receipt/withdraw", None, {"Receipt": with_photo["receipt"]}).status == 200

    def deed() -> bool:
        now = scene.night()
        told = scene.invoke("nightly", {"day": now.date().isoformat(), "now": now.isoformat()})
        if told is None or told["state"] != "published" or told["retention_left"] or told["purge_left"]:
            return False
        kept = [item for report in (case, with_photo) for item in items(scene.stack, f"R#{report['id']}")]
        return "Kanarek" not in json.dumps(kept, ensure_ascii=False)

    return deed


def live(scene: Scene) -> Deed:
    scene.filed(category="illegal_dump")

    def deed() -> bool:
        told = scene.invoke("publish", {"now": scene.later()})
        return told is not None and told["state"] == "published"

    return deed


def digest(scene: Scene) -> Deed:
    place = scene.place()
    address, waiting = scene.subscribe({"circle": {**place, "radius_m": 1000}})
    assert scene.relay(waiting) is not None
    assert scene.stack.call("POST", f"/v1/subscriptions/{scene.token(address)}/confirm").status == 200
    scene.filed(category="illegal_dump", **place)
    scene.forget("JOB#digest")

    def deed() -> bool:
        before = len(scene.mails())
        scene.invoke("digest", {"now": ahead(1, time(7)).isoformat()})
        return any(mail["to"] == [address] for mail in scene.mails()[before:])

    return deed


def plans(scene: Scene) -> Deed:
    monday = scene.monday()
    early = monday.replace(hour=0, minute=10)
    assert scene.invoke("nightly", {"day": early.date().isoformat(), "now": early.isoformat()})

    def deed() -> bool:
        told = scene.invoke("plans", {"now": monday.isoformat()})
        return told is not None and told["plans_sent"] > 0 and not told["plans_failed"] + told["plans_lost"]

    return deed


def photo(scene: Scene) -> Deed:
    case = scene.filed()
    key = sent(scene, case)

    def deed() -> bool:
        return take(scene, key) and state(scene, case) == ["stored"]

    return deed


def rejected(scene: Scene) -> Deed:
    case = scene.filed()
    key = sent(scene, case, b"<html>")

    def deed() -> bool:
        return take(scene, key) and state(scene, case) == ["rejected"]

    return deed


def flagged(scene: Scene) -> Deed:
    unit = scene.another_unit()

    def deed() -> bool:
        told = scene.invoke("bounces", returned(f"{unit.lower()}@police.example", {"unit": [unit]}))
        return told is not None and told["addresses_flagged"] == 1

    return deed


def stopped(scene: Scene) -> Deed:
    address, waiting = scene.subscribe()
    assert scene.relay(waiting) is not None
    assert scene.stack.call("POST", f"/v1/subscriptions/{scene.token(address)}/confirm").status == 200

    def deed() -> bool:
        told = scene.invoke("bounces", returned(address, {}))
        return told is not None and told["addresses_stopped"] == 1

    return deed


def returned(address: str, tags: dict[str, list[str]]) -> dict[str, Any]:
    """What SES tells of a mail that came back."""
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": address}]}
    message = {"eventType": "Bounce", "bounce": bounce, "mail": {"messageId": "m", "tags": tags}}
    told = {"Message": json.dumps(message), "Subject": "Bounce", "MessageAttributes": {}}
    return {"Records": [{"EventSource": "aws:sns", "Sns": told}]}


def sent(scene: Scene, case: dict[str, Any], body: bytes | None = None) -> str:
    """Send a photo as a browser does; its key in quarantine."""
    wanted = {"content_type": "image/jpeg", "size": 1000}
    form = scene.stack.call("POST", "/v1/receipt/uploads", wanted, {"Receipt": case["receipt"]}).json
    assert post(form["url"], form["fields"], body or files.written(files.scene(200, 100))).status == 204
    return str(form["fields"]["key"])


def take(scene: Scene, key: str) -> bool:
    """Let the photos' function take a file up, as the queue would; whether it has dealt with it."""
    body = json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})
    told = scene.invoke("photos", {"Records": [{"messageId": "m", "body": body}]})
    return told == {"batchItemFailures": []}


def arrive(scene: Scene, case: dict[str, Any]) -> None:
    """Let a case have a photo."""
    assert take(scene, sent(scene, case))


def state(scene: Scene, case: dict[str, Any]) -> list[str]:
    """How the photos of a case are."""
    answer = scene.stack.call("GET", "/v1/receipt", None, {"Receipt": case["receipt"]})
    return [photo["state"] for photo in answer.json["photos"]]


ERRANDS = (
    Errand("relay", "told at once", told_at_once),
    Errand("relay", "kept for the bulletin", kept_for_the_bulletin),
    Errand("relay", "told in order", told_in_order),
    Errand("relay", "letter", letter),
    Errand("sweeper", "swept", swept),
    Errand("sweeper", "parked", parked),
    # The first empties all boxes, and so is prepared before the other.
    Errand("bulletins", "empty box", empty_box),
    Errand("bulletins", "bulletin", bulletin),
    Errand("escalation", "overdue", overdue),
    Errand("nightly", "night", night),
    Errand("publish", "live", live),
    Errand("digest", "digest", digest),
    Errand("plans", "plans", plans),
    Errand("photos", "photo", photo),
    Errand("photos", "rejected", rejected),
    Errand("bounces", "flagged", flagged),
    Errand("bounces", "stopped", stopped),
)
