"""Settings, the clock, and the composition root."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib import container as composition
from chalicelib.clock import system_clock
from chalicelib.container import Container
from chalicelib.settings import BESIDE_CODE, Settings

NEEDED = {
    "MAIN_TABLE": "main",
    "QUOTA_TABLE": "quota",
    "SITE_BUCKET": "site",
    "WORK_BUCKET": "work",
    "QUARANTINE_BUCKET": "quarantine",
    "PHOTO_BUCKET": "photos",
    "SECRETS_PARAM": "/keys",
    "TOPIC_PREFIX": "arn:aws:sns:eu-central-1:000000000000:alerts-",
    "MAIL_SENDER": "map@police.example",
    "FALLBACK_ADDRESS": "desk@police.example",
    "SITE_URL": "https://map.example/",
    "OFFICER_POOL": "eu-central-1_Officers",
    "OFFICER_CLIENT": "console",
}


def test_officers_tokens_are_signed_by_the_pool_in_its_region() -> None:
    settings = Settings.from_environment(NEEDED)
    assert settings.officer_issuer == "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Officers"
    assert settings.officer_keys_url == f"{settings.officer_issuer}/.well-known/jwks.json"


def test_the_pools_keys_are_fetched_where_all_services_answer() -> None:
    settings = Settings.from_environment({**NEEDED, "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
    assert settings.officer_keys_url == "http://127.0.0.1:4566/eu-central-1_Officers/.well-known/jwks.json"
    assert settings.officer_issuer == "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Officers"


def test_what_is_not_said_is_the_safe_choice() -> None:
    settings = Settings.from_environment(NEEDED)
    assert settings.time_may_be_told is False
    assert settings.cookie_secure is True
    assert settings.instance_dir == BESIDE_CODE
    assert settings.site_url == "https://map.example"
    assert (settings.stage, settings.build, settings.version) == ("dev", "unknown", "0.0.0")


@pytest.mark.parametrize("value", ["True", "1", "yes", ""])
def test_only_the_word_true_lets_time_be_told(value: str) -> None:
    assert not Settings.from_environment({**NEEDED, "TIME_MAY_BE_TOLD": value}).time_may_be_told
    assert Settings.from_environment({**NEEDED, "TIME_MAY_BE_TOLD": "true"}).time_may_be_told


@pytest.mark.parametrize("value", ["False", "0", ""])
def test_only_the_word_false_makes_a_cookie_insecure(value: str) -> None:
    assert Settings.from_environment({**NEEDED, "COOKIE_SECURE": value}).cookie_secure
    assert not Settings.from_environment({**NEEDED, "COOKIE_SECURE": "false"}).cookie_secure


@pytest.mark.parametrize("name", sorted(NEEDED))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named(name: str, value: str | None) -> None:
    environment = {key: held for key, held in {**NEEDED, name: value}.items() if held is not None}
    with pytest.raises(KeyError, match=name):
        Settings.from_environment(environment)


def test_the_instance_folder_can_be_elsewhere() -> None:
    assert Settings.from_environment({**NEEDED, "INSTANCE_DIR": "instances/pl"}).instance_dir == Path("instances/pl")


def test_the_clock_tells_utc() -> None:
    assert system_clock().utcoffset() == timedelta(0)


def told(*, allowed: bool) -> Container:
    return Container(Settings.from_environment({**NEEDED, "TIME_MAY_BE_TOLD": str(allowed).lower()}))


def test_a_stage_that_may_be_told_the_time_believes_it() -> None:
    box = told(allowed=True)
    later = box.told({"now": "2026-06-10T12:00:00+02:00"})
    assert later.clock() == datetime(2026, 6, 10, 10, tzinfo=UTC)
    assert later.settings is box.settings
    assert box.told({}) is box


def test_any_other_stage_looks_at_its_own_clock() -> None:
    box = told(allowed=False)
    assert box.told({"now": "2026-06-10T12:00:00+02:00"}) is box


@pytest.mark.parametrize("now", ["2026-06-10T12:00:00", "soon"])
def test_a_told_time_needs_its_offset(now: str) -> None:
    with pytest.raises(ValueError, match=r"offset|isoformat"):
        told(allowed=True).told({"now": now})


def test_the_process_has_one_container(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    composition.install(None)
    assert composition.container() is composition.container()
    composition.install(None)


def test_the_container_reads_the_instance_from_its_folder() -> None:
    folder = Path(__file__).parents[2] / "instances" / "pl"
    box = Container(Settings.from_environment({**NEEDED, "INSTANCE_DIR": str(folder)}))
    assert box.instance.code == "pl"
    assert box.units is box.instance.units


def test_clients_are_made_at_first_use_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    box = Container(Settings.from_environment(NEEDED))
    for name, service in (("s3", "s3"), ("sns", "sns"), ("ses", "sesv2")):
        client = getattr(box, name)
        assert client is getattr(box, name)
        assert client.meta.service_model.service_name == service


@pytest.mark.parametrize(("given", "expected"), [({}, 3008), ({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "10240"}, 10240)])
def test_the_memory_of_a_function_is_what_lambda_says(given: dict[str, str], expected: int) -> None:
    assert Settings.from_environment({**NEEDED, **given}).aws_lambda_function_memory_size == expected
