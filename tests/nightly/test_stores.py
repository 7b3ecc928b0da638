"""The object store and the feeds as the rest relies on them."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.services.files import CorruptedError, File, put_all, spread, verify
from chalicelib.store import keys
from chalicelib.store.feed import IMPORT_REACH, NightFeed
from chalicelib.store.objects import Objects, PointerMoved, Served
from tests.nightly.world import NOON, ORDINARY, WARSAW, Night, days_ago


@pytest.fixture
def site(night: Night) -> Objects:
    return Objects(night.s3, night.site)


def test_a_pointer_moves_only_from_where_it_was_read(site: Objects) -> None:
    assert site.read_pointer("p") is None
    site.flip_pointer("p", b"1", None)
    with pytest.raises(PointerMoved):
        site.flip_pointer("p", b"2", None)
    first = site.read_pointer("p")
    assert first is not None
    assert first.body == b"1"
    site.flip_pointer("p", b"2", first.etag)
    with pytest.raises(PointerMoved):
        site.flip_pointer("p", b"3", first.etag)
    assert site.get("p") == b"2"


def test_what_is_not_there_is_none_and_any_other_trouble_is_raised(site: Objects) -> None:
    assert site.get("nothing") is None
    elsewhere = Objects(site.s3, "no-such-bucket-here")
    with pytest.raises(ClientError):
        elsewhere.get("nothing")
    with pytest.raises(ClientError):
        elsewhere.flip_pointer("p", b"1", None)


def test_an_object_that_something_names_must_be_there(site: Objects) -> None:
    site.put("there", b"1", "text/plain")
    assert site.require("there") == b"1"
    with pytest.raises(FileNotFoundError, match="not-there"):
        site.require("not-there")


def test_a_copy_keeps_how_it_is_served_unless_told(site: Objects) -> None:
    site.put("a", b"x", "application/json", "max-age=1", "gzip")
    site.copy("a", "b")
    site.copy("a", "c", Served("text/plain", "max-age=2"))
    site.copy("a", "d", Served("text/plain", "max-age=2", "gzip"))
    b, c, d = (site.s3.head_object(Bucket=site.bucket, Key=key) for key in ("b", "c", "d"))
    assert (b["ContentType"], b["CacheControl"], b["ContentEncoding"]) == ("application/json", "max-age=1", "gzip")
    assert (c["ContentType"], c["CacheControl"]) == ("text/plain", "max-age=2")
    assert (d["ContentType"], d["ContentEncoding"]) == ("text/plain", "gzip")


def test_many_objects_are_listed_and_deleted(site: Objects) -> None:
    put_all(site, (File(f"many/{number:04d}", b"x") for number in range(1003)))
    assert list(site.list_keys("many/")) == [f"many/{number:04d}" for number in range(1003)]
    assert site.delete_many([*site.list_keys("many/"), "many/never-there"]) == 1004
    assert list(site.list_keys("many/")) == []


def test_a_refused_deletion_is_not_passed_over(site: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = {"Errors": [{"Key": "a", "Code": "AccessDenied"}]}
    monkeypatch.setattr(site.s3, "delete_objects", lambda **_: refusal)
    with pytest.raises(OSError, match="AccessDenied"):
        site.delete_many(["a"])


@pytest.mark.parametrize("harm", [b"", b"other", None])
def test_a_file_that_reads_back_otherwise_is_found(site: Objects, harm: bytes | None) -> None:
    written = put_all(site, [File("good", b"good"), File("bad", b"fine!")])
    verify(site, written)
    if harm is None:
        site.delete_many(["bad"])
    else:
        site.put("bad", harm, "application/json")
    with pytest.raises(CorruptedError, match="bad"):
        verify(site, written)


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(spread(lambda number: number * number, range(100))) == [number * number for number in range(100)]


def test_a_day_is_read_from_an_instant_on_and_over_all_pages(night: Night) -> None:
    made = night.file_all((days_ago(0), WARSAW, "speeding", 1) for _ in range(60))
    early = night.file(at=NOON.replace(hour=8))
    feed = night.container.feed
    assert {event.id for event in feed.day_events(night.today)} == {*made, early}
    assert {event.id for event in feed.day_events(night.today, keys.instant(NOON))} == set(made)
    assert feed.recorded(night.today)
    assert not feed.recorded(days_ago(1).date())


def test_a_history_has_all_events_in_their_order(night: Night) -> None:
    report = night.file()
    night.step(report, "verifying", "taken_up")
    night.step(report, "confirmed", "seen_at_check")
    history = night.container.feed.history(report)
    assert [(event.seq, event.status, event.reason) for event in history] == [
        (1, "new", None),
        (2, "verifying", "taken_up"),
        (3, "confirmed", "seen_at_check"),
    ]
    assert (history[0].category, history[0].tier, history[0].day) == ("illegal_parking", 1, "2026-11-22")


def test_an_import_is_in_the_feed_when_it_is_complete(night: Night) -> None:
    made = night.load([(night.today, WARSAW, "speeding")] * 3)
    feed = night.container.feed
    (batch,) = feed.import_batches(night.today)
    assert {event.id for event in feed.import_events(batch)} == set(made)
    assert list(feed.day_events(night.today)) == []
    night.stack.client("dynamodb").update_item(
        TableName=night.stack.names["MAIN_TABLE"],
        Key={"PK": {"S": "IMPORT#2026-11-22"}, "SK": {"S": "b1"}},
        UpdateExpression="REMOVE #rows",
        ExpressionAttributeNames={"#rows": "rows"},
    )
    assert feed.import_batches(night.today) == []


def test_pages_of_a_feed_are_joined(night: Night) -> None:
    night.file_all((days_ago(0), WARSAW, "speeding", 1) for _ in range(9))
    feed = night.container.feed

    def small(params: dict[str, object], **_: object) -> None:
        params["Limit"] = 1

    feed.client.meta.events.register("provide-client-params.dynamodb.Query", small, unique_id="small")
    assert len({event.id for event in feed.day_events(night.today)}) == 9


def test_a_nights_feed_knows_what_the_feed_knows_and_asks_once(night: Night) -> None:
    night.file(at=days_ago(2))
    night.load([(night.today, WARSAW, ORDINARY)])
    feed = night.container.feed
    days = [night.today - timedelta(days=age) for age in range(5)]
    expected = [(feed.recorded(day), feed.import_batches(day), list(feed.finished_on(day))) for day in days]
    assert [recorded for recorded, _, _ in expected] == [True, False, True, False, False]
    told, asked = NightFeed.of(feed), []
    feed.client.meta.events.register("before-call.dynamodb.Query", lambda **_: asked.append(1), unique_id="asked")
    for _ in range(2):
        assert [(told.recorded(day), told.import_batches(day), list(told.finished_on(day))) for day in days] == expected
        asked.append(0)
    feed.client.meta.events.unregister("before-call.dynamodb.Query", unique_id="asked")
    # Whatever the first round has asked, the second asks nothing.
    assert asked[-2:] == [0, 0]
    assert sum(asked) < 5 * keys.SHARDS + IMPORT_REACH.days + 6
