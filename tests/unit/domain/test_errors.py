from datetime import UTC, datetime

import pytest

from chalicelib.domain import errors
from chalicelib.domain.errors import Invalid, Problem
from chalicelib.domain.faults import PARAMS, Fault, FieldFault
from chalicelib.domain.photo import PhotosClosed, PhotosFull

NOW = datetime(2026, 11, 24, 23, tzinfo=UTC)

PROBLEMS = [
    (errors.Malformed(), "malformed", 400, {}, None),
    (errors.DeviceInvalid(), "device_invalid", 401, {}, None),
    (errors.ProofInvalid(), "proof_invalid", 403, {}, None),
    (errors.PartnerInvalid(), "partner_invalid", 401, {}, None),
    (errors.KeyInvalid(), "key_invalid", 403, {}, None),
    (errors.NotFound(), "not_found", 404, {}, None),
    (errors.MethodNotAllowed(["GET"]), "method_not_allowed", 405, {}, None),
    (errors.PossibleDuplicate([{"id": "a"}]), "possible_duplicate", 409, {"candidates": [{"id": "a"}]}, None),
    (
        errors.Conflict("verifying", "taken_up", 2),
        "conflict",
        409,
        {"current": {"status": "verifying", "reason": "taken_up", "version": 2}},
        None,
    ),
    (errors.SettingsConflict({"version": 2}), "conflict", 409, {"current": {"version": 2}}, None),
    (errors.Stale([FieldFault("ids.a", Fault.CHANGED)]), "stale", 409, {}, None),
    (errors.NoQuestion("new", ["withdraw"]), "no_question", 409, {"case_status": "new", "may": ["withdraw"]}, None),
    (errors.AlreadyAnswered("verifying"), "already_answered", 409, {"case_status": "verifying", "may": []}, None),
    (errors.TooLate("joke"), "too_late", 409, {"case_status": "joke", "may": []}, None),
    (PhotosClosed(NOW), "photos_closed", 409, {"until": NOW}, None),
    (PhotosFull(), "photos_full", 409, {"limit": 3}, None),
    (errors.LinkExpired(), "link_expired", 410, {}, None),
    (errors.TooLarge(9000), "too_large", 413, {"limit": 9000}, None),
    (errors.UnsupportedMediaType(), "unsupported_media_type", 415, {}, None),
    (Invalid([FieldFault("lat", Fault.MISSING)]), "invalid", 422, {}, None),
    (errors.OutsideCountry(), "outside_country", 422, {}, None),
    (
        errors.CategoryWithdrawn("drowning", ["dangerous_water"]),
        "category_withdrawn",
        422,
        {"category": "drowning", "successors": ["dangerous_water"]},
        None,
    ),
    (errors.Unauthorized(), "unauthorized", 401, {}, None),
    (errors.Forbidden(), "forbidden", 403, {}, None),
    (errors.QuotaUsed(NOW, 77), "quota_used", 429, {"resets_at": NOW}, 77),
    (errors.PartnerUsed(78), "partner_used", 429, {}, 78),
    (errors.NetworkUsed(77), "network_used", 429, {}, 77),
    (errors.MailsUsed(77), "mails_used", 429, {}, 77),
    (errors.Internal(), "internal", 500, {}, None),
    (errors.Unavailable(5), "unavailable", 503, {}, 5),
    (errors.IntakeClosed(60), "intake_closed", 503, {}, 60),
]


@pytest.mark.parametrize(("problem", "code", "status", "extras", "retry_after"), PROBLEMS, ids=str)
def test_problem_says_what_the_contract_says(
    problem: Problem, code: str, status: int, extras: dict[str, object], retry_after: int | None
) -> None:
    assert (problem.code, problem.status) == (code, status)
    assert problem.extras == extras
    assert problem.retry_after == retry_after
    assert str(problem) == code


def test_every_problem_is_in_the_table() -> None:
    assert {type(row[0]) for row in PROBLEMS} == {*Problem.__subclasses__(), *errors.Conflict.__subclasses__()}


def test_method_not_allowed_names_the_methods() -> None:
    assert errors.MethodNotAllowed(["GET", "POST"]).allowed == ("GET", "POST")


def test_R01_invalid_keeps_every_fault_in_order() -> None:
    faults = [FieldFault("lat", Fault.MISSING), FieldFault("lon", Fault.MISSING)]
    assert Invalid(faults).faults == tuple(faults)


def test_only_stale_and_invalid_have_faults() -> None:
    assert [row[1] for row in PROBLEMS if row[0].faults != ()] == ["stale", "invalid"]


def test_invalid_without_a_fault_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="without a fault"):
        Invalid([])


@pytest.mark.parametrize("code", Fault)
def test_fault_takes_the_params_of_its_message_and_no_others(code: Fault) -> None:
    params = dict.fromkeys(PARAMS.get(code, ()), 1)
    assert FieldFault("field", code, params).params == params
    with pytest.raises(ValueError, match=code.value):
        FieldFault("field", code, params | {"surplus": 1})


@pytest.mark.parametrize("code", PARAMS)
def test_fault_without_its_params_is_refused(code: Fault) -> None:
    with pytest.raises(ValueError, match=code.value):
        FieldFault("field", code)
