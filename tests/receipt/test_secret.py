"""The receipt is derived, never stored, and passes nowhere: looked for, in any spelling, wherever something stays."""

import io
import json
import logging
import re
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import quote

import pytest

from chalicelib.domain.receipt import Receipt
from chalicelib.events import bulletins, relay
from chalicelib.http.routes import ROUTES
from chalicelib.http.telemetry import logger
from tests.http.gateway import event
from tests.http.world import World
from tests.receipt.cases import Held, held
from tests.receipt.test_told import mails

ROOT = Path(__file__).parents[2]


def spellings(receipt: str) -> list[str]:
    """A receipt as it might be written down: whole, and each run of three of its six groups."""
    groups = receipt.split("-")
    runs = [groups[start : start + 3] for start in range(4)]
    texts = [joint.join(run) for run in [groups, *runs] for joint in ("-", "", " ", "%20", "_")]
    return sorted({form for text in texts for form in (text, text.lower(), quote(text), text[::-1])})


def use(world: World) -> Held:
    """File, look, answer, add a photo, take back, and make a few mistakes on the way."""
    case = held(world, description="opony")
    case.ask("Gdzie?")
    case.look()
    case.say("text", "Tam")
    case.say("text", "Nie, tam")
    case.say("gone")
    photo = {"content_type": "image/png", "size": 10}
    assert world.stranger().call("POST", "/v1/receipt/uploads", photo, Receipt=case.receipt).status == 201
    assert case.withdraw().status == 200
    world.stranger().call("GET", "/v1/receipt", Receipt=case.receipt[:-1])
    world.stranger().call("GET", f"/v1/receipt?receipt={case.receipt}")
    return case


def test_a_receipt_is_in_no_table_no_log_no_outbox_and_no_mail(world: World, caplog: pytest.LogCaptureFixture) -> None:
    printed = io.StringIO()
    with caplog.at_level(logging.DEBUG, logger=logger().name), redirect_stdout(printed):
        case = use(world)
    alerts = world.items("main", "O#")
    for item in alerts:
        record = {
            "eventName": "INSERT",
            "dynamodb": {"Keys": {"PK": item["PK"], "SK": item["SK"]}, "SequenceNumber": "1"},
        }
        relay.handle({"Records": [record]}, world.box)
    bulletins.handle({}, world.box)
    kept = {
        "tables": json.dumps([*world.items("main"), *world.items("quota")], default=str),
        "outbox": json.dumps(alerts),
        "log": "\n".join(json.dumps(vars(line), default=str) for line in caplog.records) + printed.getvalue(),
        "mails": json.dumps(mails(world, case)),
    }
    assert all(text.strip() for text in kept.values()), "there is something to look through"
    assert case.id in kept["mails"]
    found = [(where, form) for where, text in kept.items() for form in spellings(case.receipt) if form in text]
    assert found == []


def test_the_look_would_find_it(world: World) -> None:
    receipt = held(world).receipt
    for written in (receipt, receipt.lower(), receipt.replace("-", ""), f"xx{receipt[5:19].replace('-', '')}yy"):
        assert any(form in written for form in spellings(receipt))


def test_no_route_takes_a_receipt_in_its_path_and_the_access_log_holds_no_header(world: World) -> None:
    assert not [path for path in ROUTES if re.search(r"receipt.*\{|\{receipt", path)]
    (line,) = re.findall(r"Format: '(.+)'", (ROOT / "infra" / "app.yaml").read_text("utf-8"))
    named = set(re.findall(r"\$context\.([A-Za-z.]+)", line))
    assert not {name for name in named if re.search(r"(?i)header|path$|query|body|identity", name)} - {"resourcePath"}
    assert case_is_not_told_by_its_page(held(world))


def case_is_not_told_by_its_page(case: Held) -> bool:
    """The link keeps the code in the fragment, which reaches no server."""
    before, _, fragment = case.look().body["links"]["follow"].partition("#")
    return case.receipt in fragment and case.receipt not in before


def test_what_is_printed_of_a_receipt_hides_it(world: World) -> None:
    case = held(world)
    assert case.receipt.replace("-", "") not in repr(Receipt(case.receipt.replace("-", "")))
    assert event("GET", "/v1/receipt")["path"] == "/v1/receipt"
