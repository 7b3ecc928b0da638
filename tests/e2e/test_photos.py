"""A photo's whole way on the deployed stack: permitted, posted past the API, made clean, the original gone."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.e2e.citizen import file_report, items, wait_for
from tests.photos import files
from tests.photos.sending import post
from tests.support.whole import Answer, Whole, send

CANARY = b"KANAREK-0815-4711"


def permit(stack: Whole, receipt: str) -> dict[str, Any]:
    asked = {"content_type": "image/jpeg", "size": 1000}
    answer = stack.call("POST", "/v1/receipt/uploads", asked, {"Receipt": receipt})
    assert answer.status == 201, answer.body
    form: dict[str, Any] = answer.json
    return form


def settled(stack: Whole, receipt: str) -> list[dict[str, Any]]:
    """The photos, as soon as none is waited for any more."""

    def look() -> list[dict[str, Any]]:
        photos: list[dict[str, Any]] = stack.call("GET", "/v1/receipt", None, {"Receipt": receipt}).json["photos"]
        return photos if all(photo["state"] != "issued" for photo in photos) else []

    return wait_for(look)


def objects(stack: Whole, bucket: str, prefix: str = "") -> dict[str, bytes]:
    s3, name = stack.running.client("s3"), stack.running.names[bucket]
    listed = s3.list_objects_v2(Bucket=name, Prefix=prefix).get("Contents", [])
    return {entry["Key"]: s3.get_object(Bucket=name, Key=entry["Key"])["Body"].read() for entry in listed}


def preflight(form: dict[str, Any], origin: str) -> Answer:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return send("OPTIONS", form["url"], None, headers)


def test_P05_P06_a_photo_with_place_and_turn_is_kept_upright_and_clean(stack: Whole) -> None:
    case = file_report(stack).json
    photo = files.written(files.scene(1000, 500), exif=files.exif(6, CANARY))
    form = permit(stack, case["receipt"])
    assert post(form["url"], form["fields"], photo, {"Origin": stack.base_url}).status == 204
    assert settled(stack, case["receipt"]) == [{"slot": 1, "state": "stored"}]
    kept = objects(stack, "PHOTO_BUCKET", f"reports/{case['id']}/")
    assert sorted(Image.open(io.BytesIO(body)).size for body in kept.values()) == [(160, 320), (500, 1000)]
    for body in kept.values():
        assert CANARY not in body
        assert files.quarters(Image.open(io.BytesIO(body))) == ["blue", "red", "white", "green"]
    assert wait_for(lambda: not objects(stack, "QUARANTINE_BUCKET", f"incoming/{case['id']}/"))
    (report,) = (item for item in items(stack, f"R#{case['id']}") if item["SK"]["S"] == "R")
    assert report["photos"] == {"N": "1"}


def test_P01_what_is_no_picture_is_rejected_and_the_report_stands(stack: Whole) -> None:
    case = file_report(stack).json
    form = permit(stack, case["receipt"])
    assert post(form["url"], form["fields"], b"<html><script>alert(1)</script>").status == 204
    assert settled(stack, case["receipt"]) == [{"slot": 1, "state": "rejected", "reason": "not_an_image"}]
    assert wait_for(lambda: not objects(stack, "QUARANTINE_BUCKET", f"incoming/{case['id']}/"))
    assert objects(stack, "PHOTO_BUCKET", f"reports/{case['id']}/") == {}
    assert stack.call("GET", f"/v1/reports/{case['id']}").status == 200


def test_P12_an_object_that_nobody_was_permitted_is_deleted(stack: Whole) -> None:
    s3, bucket = stack.running.client("s3"), stack.running.names["QUARANTINE_BUCKET"]
    s3.put_object(Bucket=bucket, Key="incoming/junk ą+.jpg", Body=files.written(files.scene()))
    assert wait_for(lambda: not objects(stack, "QUARANTINE_BUCKET", "incoming/junk"))


def test_a_browser_may_post_from_the_site_alone(stack: Whole) -> None:
    form = permit(stack, file_report(stack).json["receipt"])
    allowed = preflight(form, stack.base_url)
    assert (allowed.status, allowed.headers["Access-Control-Allow-Origin"]) == (200, stack.base_url)
    assert preflight(form, "https://elsewhere.example").status == 403
    policy = str(stack.call("GET", "/").headers["Content-Security-Policy"])
    connect = next(rule for rule in policy.split("; ") if rule.startswith("connect-src"))
    assert connect.split() == ["connect-src", "'self'", form["url"].rpartition("/")[0]]


@pytest.mark.parametrize("bucket", ["QUARANTINE_BUCKET", "PHOTO_BUCKET"])
def test_P08_nobody_reads_the_buckets_without_a_key(bucket: str, stack: Whole) -> None:
    address = f"{stack.running.endpoint}/{stack.running.names[bucket]}"
    assert send("GET", address, None, {}).status == 403
    assert send("GET", f"{address}/reports/x.jpg", None, {}).status == 403
