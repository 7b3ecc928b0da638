"""An institution at the deployed stack: its token, its mail, its list, its answer, and the unit that hears of it."""

import json
from collections.abc import Iterator

import pytest

from chalicelib.domain.roles import Role
from chalicelib.store import models
from chalicelib.store.models import MainItem
from chalicelib.store.quota_items import QuotaTableItem
from infra.commands import partner
from infra.commands.officer import Pool
from tests.e2e.citizen import bulletin_about, file_report, mails_about, wait_for
from tests.e2e.test_login import log_in
from tests.support.whole import Whole

CODE, ADDRESS = "ZDM-WARSZAWA", "drogi@warszawa.example"


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    """Give the models their tables back: the command takes them to the deployed ones."""
    names = [getattr(base.Meta, "table_name", None) for base in (MainItem, QuotaTableItem)]
    yield
    models.bind(*(name or "none" for name in names))


def test_a_case_passed_on_is_mailed_listed_answered_and_told_to_its_unit(
    stack: Whole, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = stack.running
    for name, value in running.environment().items():
        monkeypatch.setenv(name, value)
    capsys.readouterr()
    assert partner.main(["--code", CODE, "--token", "new"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["link"] == f"{stack.base_url}/partner/#token={made['token']}"
    theirs = {"Partner-Token": made["token"]}
    assert stack.call("GET", "/v1/partner/me", headers=theirs).json["partner"]["code"] == CODE

    filed = file_report(stack, description="Kanarek").json
    report, unit = filed["id"], filed["unit"]["code"]
    pool = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
    pool.enter("passer", Role.OFFICER, unit)
    headers = {"Authorization": f"Bearer {log_in(pool, running.names['OFFICER_CLIENT'], 'passer').access}"}
    case = stack.call("GET", f"/v1/police/reports/{report}", headers=headers).json
    for step in (
        {"to": "verifying", "reason": "taken_up"},
        {"to": "confirmed", "reason": "seen_at_check"},
        {"to": "passed_on", "reason": "other_body", "addressee": {"partner": CODE, "note": "Pod wiaduktem"}},
    ):
        answer = stack.call(
            "POST", f"/v1/police/reports/{report}/status", {**step, "version": case["version"]}, headers
        )
        assert answer.status == 200, answer.body
        case = answer.json
        assert (CODE in [each["code"] for each in case["addressees"]]) is (case["status"] == "confirmed")

    assert wait_for(lambda: [mail for mail in mails_about(stack, report) if mail["to"] == [ADDRESS]])
    listed = stack.call("GET", "/v1/partner/cases", headers=theirs)
    (waiting,) = [each for each in listed.json["cases"] if each["id"] == report]
    assert (waiting["note"], waiting["location"]["precision_m"]) == ("Pod wiaduktem", 0)
    assert b"Kanarek" not in listed.body

    path = f"/v1/partner/cases/{report}/answer"
    assert stack.call("POST", path, {"answer": "done"}, {"Partner-Token": "czp"}).status == 401
    for _ in range(2):
        done = stack.call("POST", path, {"answer": "done", "text": "Gotowe"}, theirs)
        assert (done.status, done.json["answer"]["answer"]) == (200, "done"), done.body
    assert any("odpowiada: zrobione" in mail["text"] for mail in bulletin_about(stack, report))
    receipt = stack.call("GET", "/v1/receipt", headers={"Receipt": filed["receipt"]}).json
    newest = receipt["history"][-1]
    assert (newest["type"], newest["addressee"]) == ("partner_answer", "Zarząd Dróg Miejskich w Warszawie")
