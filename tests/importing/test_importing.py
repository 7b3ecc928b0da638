"""Good rows land once, whatever cuts the import off; bad ones are named."""

import itertools
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.domain.chain import Break
from chalicelib.domain.location import centre
from chalicelib.services import importing
from chalicelib.services.importing import Summary
from chalicelib.store.bulk import BulkStore, Unprocessed
from chalicelib.store.proving import chained
from tests.importing.conftest import NOW, Desk, row


def test_good_rows_land_and_bad_ones_are_named(desk: Desk) -> None:
    summary = desk.load([row(1), row(2, category="?", lat="x"), row(3), row(4, lat="10.0")])
    assert summary == Summary(rows=4, written=2, known=0, rejected=2)
    assert desk.rejects == [
        (3, ["category:unknown_category", "lat:wrong_type"]),
        (5, ["lat:outside_country"]),
    ]
    assert len(desk.of("report")) == len(desk.of("event")) == 2
    assert sum(desk.settled) == 4


def test_importing_again_adds_nothing(desk: Desk) -> None:
    rows = [row(number) for number in range(30)]
    desk.load(rows)
    before = sorted(desk.items(""), key=str)
    desk.now += timedelta(days=1)
    assert desk.load(rows) == Summary(rows=30, written=0, known=30, rejected=0)
    assert sorted(desk.items(""), key=str) == before


def test_rows_that_are_the_same_in_everything_are_as_many_reports(desk: Desk) -> None:
    assert desk.load([row(), row(), row()]).written == 3
    assert desk.load([row(), row(), row()]).known == 3
    assert len(desk.of("report")) == 3


def test_another_file_with_some_of_the_rows_adds_the_others_only(desk: Desk) -> None:
    desk.load([row(number) for number in range(5)])
    assert desk.load([row(number) for number in range(3, 8)]) == Summary(rows=5, written=3, known=2, rejected=0)
    assert len(desk.of("event")) == 8


def test_a_report_that_has_moved_on_is_not_overwritten(desk: Desk) -> None:
    desk.load([row(1)])
    key = {name: desk.of("report")[0][name] for name in ("PK", "SK")}
    desk.client.update_item(
        TableName=desk.table,
        Key=key,
        UpdateExpression="SET v = :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    desk.load([row(0), row(1)])
    assert {item["v"]["N"] for item in desk.of("report") if item["PK"] == key["PK"]} == {"2"}


def test_old_cases_are_history_without_alert_deadline_or_queue(desk: Desk) -> None:
    desk.load([row(status="new", created_at="2026-11-15T11:59:59Z"), row(1)])
    assert desk.of("outbox") == []
    for report in desk.of("report"):
        assert not {"due_take_up", "due_verify"} & report.keys()
        assert not report.get("G2PK", {"S": ""})["S"].startswith("U#")


def test_a_closed_case_stands_in_the_list_of_its_local_day(desk: Desk) -> None:
    desk.load([row(status="new"), row(1), row(2, resolved_at="2026-06-30T08:00:00Z")])
    listed = {item["G2PK"]["S"]: item for item in desk.of("report") if "G2PK" in item}
    # The day of the report, where the file does not say when it was settled; 08:00 UTC is 01:00 in Vancouver.
    assert listed.keys() == {"Z#2026-06-01", "Z#2026-06-30"}
    report = listed["Z#2026-06-30"]
    assert report["G2SK"]["S"] == f"2026-06-30T08:00:00.000Z#{report['id']['S']}"
    assert {day.removeprefix("Z#") for day in listed} == {item["closed"]["S"] for item in listed.values()}


def test_an_open_case_of_this_week_is_alerted_once_and_queued(desk: Desk) -> None:
    rows = [row(status="confirmed", created_at="2026-11-15T12:00:01Z")]
    desk.load(rows)
    desk.load([*rows, row(1)])
    (alert,), (report, _) = desk.of("outbox"), sorted(desk.of("report"), key=lambda item: item["created"]["S"])[::-1]
    assert alert["id"] == report["id"]
    assert alert["at"]["S"] == "2026-11-22T12:00:00.000Z"
    assert alert["unit"]["S"] == alert["garrison"]["S"] == "VPD"
    assert report["G2PK"]["S"] == "U#VPD#O"
    assert report["due_take_up"]["S"] == "2026-11-18T12:00:01.000Z"


def test_the_event_is_recorded_today_and_counts_for_its_own_day(desk: Desk) -> None:
    desk.load([row(occurred_at="2026-05-31T23:30:00-07:00", resolved_at="2026-06-03", source="Archive")])
    (event,), (report,) = desk.of("event"), desk.of("report")
    (ledger,) = desk.items("IMPORT#2026-11-22")
    assert event["G1PK"]["S"] == f"I#2026-11-22#{ledger['SK']['S']}"
    assert event["day"]["S"] == report["day"]["S"] == "2026-06-01"
    assert (event["type"]["S"], event["at"]["S"]) == ("imported", "2026-11-22T12:00:00.000Z")
    assert (event["occurred_day"]["S"], event["part"]["S"]) == ("2026-05-31", "night")
    assert event["resolved_day"]["S"] == "2026-06-03"
    assert event["source"]["S"] == report["source"]["S"] == "Archive"
    assert report["origin"]["S"] == "import"
    assert "kv" not in report
    assert ledger["rows"]["N"] == "1"


class CutOff(Exception):
    """The machine stops here."""


class Failing(BulkStore):
    """Stops after so many calls to the table."""

    def __init__(self, desk: Desk, calls: int) -> None:
        client = desk.own_client()
        self.left = calls
        client.meta.events.register("before-call.dynamodb", self._count)
        super().__init__(client, desk.table)

    def _count(self, **_: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise CutOff


@pytest.mark.parametrize("calls", range(7))
def test_an_import_cut_off_anywhere_is_finished_by_the_next(desk: Desk, calls: int) -> None:
    rows = [row(number) for number in range(40)]
    with pytest.raises(CutOff):
        desk.load(rows, Failing(desk, calls))
    desk.now += timedelta(days=1)
    assert desk.load(rows).rows == 40
    events = desk.of("event")
    assert len(desk.of("report")) == len({event["id"]["S"] for event in events}) == len(events) == 40
    (feed,) = {event["G1PK"]["S"] for event in events}
    day = "2026-11-22" if calls else "2026-11-23"
    (ledger,) = desk.items(f"IMPORT#{day}")
    assert feed == f"I#{day}#{ledger['SK']['S']}"
    assert ledger["rows"]["N"] == "40"
    assert broken(desk) == []


def test_a_batch_is_complete_since_the_day_on_which_that_was_said_first(desk: Desk) -> None:
    store = BulkStore(desk.client, desk.table)
    batch = store.begin("b1", "2026-11-21", "2026-11-21T12:00:00.000Z")
    store.complete(batch, 7, "2026-11-22")
    store.complete(batch, 7, "2026-11-23")
    (ledger,) = desk.items("IMPORT#2026-11-21")
    assert ledger["finished"]["S"] == "2026-11-22"


def broken(desk: Desk) -> list[Break]:
    """Where the histories of the imported cases do not hold."""
    return [found for event in desk.of("event") for found in chained(event["id"]["S"]).breaks()]


def test_two_imports_of_one_file_at_once_make_one_of_each(desk: Desk) -> None:
    rows = [row(number, status="new", created_at="2026-11-21T12:00:00Z") for number in range(20)]
    barrier = Barrier(2)

    def load() -> None:
        barrier.wait()
        desk.load(rows)

    threads = [Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(desk.of(kind)) for kind in ("report", "event", "outbox")] == [20, 20, 20]
    assert broken(desk) == []


def test_a_file_is_settled_batch_by_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    desk.load([row(number) for number in range(25)])
    assert desk.settled == [10, 10, 5]
    assert sorted(item["rows"]["N"] for item in desk.items("IMPORT#")) == ["10", "10", "5"]


def test_a_record_with_too_many_or_too_few_cells_is_refused(desk: Desk) -> None:
    summary = desk.load([{**row(), None: ["extra"]}, {**row(), "status": None}, {None: []}])
    assert summary.rejected == 3
    assert {fault for _, faults in desk.rejects for fault in faults} == {"row:wrong_type"}


def test_a_table_that_keeps_refusing_stops_the_import(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.store.bulk.sleep", lambda _: None)
    client = desk.own_client()

    def refuse(parsed: dict[str, Any], **_: Any) -> None:
        parsed["UnprocessedItems"] = {desk.table: [{"PutRequest": {"Item": {"PK": {"S": "x"}, "SK": {"S": "x"}}}}]}

    client.meta.events.register("after-call.dynamodb.BatchWriteItem", refuse)
    with pytest.raises(Unprocessed):
        desk.load([row()], BulkStore(client, desk.table))
    assert desk.items("IMPORT#")[0].get("rows") is None


def conflicting(desk: Desk, number: int) -> BulkStore:
    """A store of whose transactions one meets another's, as can happen on DynamoDB and never does here."""
    client, count = desk.own_client(), itertools.count()

    def refuse(**_: Any) -> Any:
        if next(count) != number:
            return None
        error = {"Code": "TransactionCanceledException", "Message": ""}
        reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}, {"Code": "None"}]
        parsed = {"Error": error, "CancellationReasons": reasons, "ResponseMetadata": {}}
        return AWSResponse("", 400, HTTPHeaders(), None), parsed

    client.meta.events.register("before-call.dynamodb.TransactWriteItems", refuse)
    return BulkStore(client, desk.table)


def test_a_conflict_at_the_ledger_stops_the_import_before_it_writes(desk: Desk) -> None:
    with pytest.raises(Unprocessed):
        desk.load([row()], conflicting(desk, 0))
    assert desk.items("") == []


def test_a_conflict_at_an_open_case_stops_the_import_and_the_next_goes_on(desk: Desk) -> None:
    rows = [row(status="new", created_at="2026-11-21T12:00:00Z")]
    with pytest.raises(Unprocessed):
        desk.load(rows, conflicting(desk, 1))
    assert desk.load(rows).written == 1


def test_reads_that_never_come_stop_the_import(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.store.bulk.sleep", lambda _: None)
    client = desk.own_client()

    def put_off(parsed: dict[str, Any], **_: Any) -> None:
        parsed["UnprocessedKeys"] = {desk.table: {"Keys": [{"PK": {"S": "R#none"}, "SK": {"S": "E#000001"}}]}}

    client.meta.events.register("after-call.dynamodb.BatchGetItem", put_off)
    with pytest.raises(Unprocessed):
        desk.load([row()], BulkStore(client, desk.table))


def test_reads_that_are_put_off_are_asked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.store.bulk.sleep", lambda _: None)
    client = desk.own_client()
    put_off: list[int] = []

    def refuse(parsed: dict[str, Any], **_: Any) -> None:
        if len(put_off) < 2:
            put_off.append(1)
            parsed["Responses"] = {desk.table: []}
            parsed["UnprocessedKeys"] = {desk.table: {"Keys": [{"PK": {"S": "R#none"}, "SK": {"S": "E#000001"}}]}}

    client.meta.events.register("after-call.dynamodb.BatchGetItem", refuse)
    assert desk.load([row()], BulkStore(client, desk.table)).written == 1
    assert len(put_off) == 2


def test_the_day_of_import_is_the_instances(desk: Desk) -> None:
    desk.now = NOW.replace(hour=7)
    desk.load([row()])
    assert len(desk.items("IMPORT#2026-11-21")) == 1


def test_a_case_that_would_have_lost_its_place_by_now_comes_without_it(desk: Desk) -> None:
    desk.load([row(1, created_at="2025-06-01T12:00:00Z", resolved_at="2025-06-03"), row(1)])
    old, young = sorted(desk.of("report"), key=lambda item: item["created"]["S"])
    places = [(int(item["lat6"]["N"]), int(item["lon6"]["N"])) for item in (old, young)]
    assert places[0] == centre(old["cell"]["S"])
    assert places[1] != centre(young["cell"]["S"])
