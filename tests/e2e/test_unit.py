"""A coordinator at the deployed stack: settings, a test mail, and the operator's test of delivery."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.roles import Role
from chalicelib.store import models
from chalicelib.store.models import MainItem
from chalicelib.store.quota_items import QuotaTableItem
from infra.commands import delivery
from infra.commands.mail import sent_mails
from infra.commands.officer import Pool
from tests.e2e.test_login import log_in
from tests.support.whole import Whole

UNIT, ADDED = "KPP-ZAKOPANE", "zastepca@police.example"
PATH = "/v1/police/unit"


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    """Give the models their tables back: the command takes them to the deployed ones."""
    names = [getattr(base.Meta, "table_name", None) for base in (MainItem, QuotaTableItem)]
    yield
    models.bind(*(name or "none" for name in names))


def test_a_coordinator_keeps_the_addresses_and_tries_them_and_so_does_the_operator(
    stack: Whole, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = stack.running
    pool = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
    pool.enter("coordinator", Role.COORDINATOR, UNIT)
    token = log_in(pool, running.names["OFFICER_CLIENT"], "coordinator").access
    headers = {"Authorization": f"Bearer {token}"}

    before = stack.call("GET", PATH, headers=headers).json
    loaded = f"{UNIT.lower()}@police.example"
    assert (before["addresses"], before["version"]) == ([loaded], 1)

    wanted = {name: before[name] for name in ("escalation", "budget", "version")} | {"addresses": [loaded, ADDED]}
    kept = stack.call("PUT", PATH, wanted, headers)
    assert (kept.status, kept.json["version"]) == (200, 2), kept.body

    tried = stack.call("POST", f"{PATH}/test-mail", {}, headers)
    assert (tried.status, tried.json) == (202, {"sent_to": [loaded, ADDED], "skipped": []})
    mail = sent_mails(running.endpoint)[-1]
    assert mail["to"] == [loaded, ADDED]
    assert "Wiadomość próbna" in mail["subject"]

    for name, value in running.environment().items():
        monkeypatch.setenv(name, value)

    def said(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        assert delivery.main([*arguments, "--unit", UNIT]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    assert said()["to_send"] == 2
    assert said("--send")["sent"] == 2
    assert (said("--report")["took_it"], said()["to_send"]) == (2, 0)
    assert [mail["to"] for mail in sent_mails(running.endpoint)[-2:]] == [[loaded], [ADDED]]
