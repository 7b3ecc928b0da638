import hashlib
import hmac
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import DeviceInvalid, Invalid
from chalicelib.domain.faults import Fault
from chalicelib.domain.receipt import (
    ALPHABET,
    ID_LENGTH,
    Receipt,
    ReceiptKey,
    base32,
    derive,
    mint_device,
    parse,
    report_id,
    verify_device,
)

KEY = ReceiptKey(1, b"1" * 32, b"2" * 32)
DEVICE_KEYS = {1: b"d" * 32, 2: b"e" * 32}
SUBMISSION = UUID("3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b")

KEYS = st.builds(
    ReceiptKey, st.integers(0, 31), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32)
)
DEVICES = st.binary(min_size=16, max_size=16).map(lambda raw: verify_device(DEVICE_KEYS, mint_device(DEVICE_KEYS, raw)))
RECEIPTS = st.builds(derive, KEYS, DEVICES, st.uuids())


def refused(text: str) -> bool:
    try:
        parse(text)
    except Invalid:
        return True
    return False


@given(KEYS, DEVICES, st.uuids())
def test_R14_same_submission_finds_the_same_receipt_and_id(key: ReceiptKey, device: str, submission: UUID) -> None:
    receipt = derive(key, device, submission)
    assert derive(key, device, UUID(str(submission).upper())) == receipt
    assert report_id(key, receipt) == report_id(key, parse(receipt.shown))


@given(DEVICES, DEVICES, st.uuids())
def test_another_device_does_not_find_the_receipt(one: str, other: str, submission: UUID) -> None:
    assume(one != other)
    assert derive(KEY, one, submission) != derive(KEY, other, submission)


@given(RECEIPTS)
def test_receipt_that_is_shown_is_read_back(receipt: Receipt) -> None:
    assert len(receipt.shown.split("-")) == 6
    assert parse(receipt.shown) == receipt


@given(RECEIPTS, st.data())
def test_receipt_is_read_however_it_is_typed(receipt: Receipt, data: st.DataObject) -> None:
    alike = {"0": "0Oo", "1": "1IiLl"}
    separators = st.sampled_from(["", " ", "-", "\u2013", "\u00a0", "\n"])
    typed = "".join(
        data.draw(st.sampled_from(alike.get(character, character + character.lower()))) + data.draw(separators)
        for character in receipt.code
    )
    assert parse(typed) == receipt


@settings(max_examples=20)
@given(RECEIPTS)
def test_every_wrong_character_is_noticed(receipt: Receipt) -> None:
    tried = 0
    for place, right in enumerate(receipt.code):
        for wrong in set(ALPHABET) - {right}:
            assert refused(receipt.code[:place] + wrong + receipt.code[place + 1 :])
            tried += 1
    assert tried == 24 * 31


@settings(max_examples=30)
@given(RECEIPTS)
def test_every_swap_of_two_characters_is_noticed(receipt: Receipt) -> None:
    tried = 0
    for one, other in combinations(range(24), 2):
        if receipt.code[one] != receipt.code[other]:
            swapped = list(receipt.code)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert refused("".join(swapped))
            tried += 1
    assert tried >= 100


@given(st.text(max_size=60))
def test_what_is_no_receipt_is_a_fault_and_never_a_crash(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text)
    [fault] = refusal.value.faults
    assert (fault.field, fault.code) == ("Receipt", Fault.MISTYPED)


@pytest.mark.parametrize("change", [lambda code: code[:-1], lambda code: code + "0", lambda code: "U" + code[1:]])
def test_wrong_length_or_alphabet_is_mistyped(change: object) -> None:
    assert callable(change)
    assert refused(change(derive(KEY, "device", SUBMISSION).code))


def test_receipt_carries_105_secret_bits_and_the_key_version() -> None:
    key = ReceiptKey(17, KEY.k1, KEY.k2)
    receipt = derive(key, "device", SUBMISSION)
    digest = hmac.new(KEY.k1, b"device\0" + str(SUBMISSION).encode(), hashlib.sha256).digest()
    assert receipt.key_version == 17
    assert receipt.code[1:22] == base32(digest, 21)


@given(RECEIPTS)
def test_receipt_read_as_a_number_leaves_one(receipt: Receipt) -> None:
    digits = receipt.code.translate(str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV"))
    assert int(digits, 32) % 1021 == 1


def test_id_is_made_of_the_receipt_under_a_key_of_its_own() -> None:
    receipt = derive(KEY, "device", SUBMISSION)
    digest = hmac.new(KEY.k2, receipt.code.encode(), hashlib.sha256).digest()
    assert report_id(KEY, receipt) == base32(digest, ID_LENGTH).lower()
    assert len(report_id(KEY, receipt)) == ID_LENGTH == 21


def test_secrets_do_not_show_in_a_log() -> None:
    receipt = derive(KEY, "device", SUBMISSION)
    assert receipt.code not in repr(receipt)
    assert "111" not in repr(KEY)
    assert "222" not in repr(KEY)


@pytest.mark.parametrize(
    ("digest", "length", "text"),
    [(b"\x00" * 4, 6, "000000"), (b"\xff" * 4, 6, "ZZZZZZ"), (bytes([0b00001_000, 0b10_00011_0]), 3, "123")],
)
def test_base32_takes_five_bits_from_the_left(digest: bytes, length: int, text: str) -> None:
    assert base32(digest, length) == text


@given(st.binary(min_size=16, max_size=16))
def test_device_token_names_its_device(randomness: bytes) -> None:
    token = mint_device(DEVICE_KEYS, randomness)
    assert token.startswith("v2.")
    assert token == f"v2.{verify_device(DEVICE_KEYS, token)}.{token.rsplit('.', 1)[1]}"


def test_device_token_of_an_older_key_is_still_good() -> None:
    token = mint_device({1: DEVICE_KEYS[1]}, b"x" * 16)
    assert verify_device(DEVICE_KEYS, token) == verify_device({1: DEVICE_KEYS[1]}, token)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_device_is_128_bits(size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        mint_device(DEVICE_KEYS, b"x" * size)


@given(st.binary(min_size=16, max_size=16), st.data())
def test_forged_token_is_refused_wherever_it_is_changed(randomness: bytes, data: st.DataObject) -> None:
    token = mint_device(DEVICE_KEYS, randomness)
    place = data.draw(st.integers(0, len(token) - 1))
    wrong = data.draw(st.sampled_from("Aa0_.v9"))
    assume(wrong != token[place])
    with pytest.raises(DeviceInvalid):
        verify_device(DEVICE_KEYS, token[:place] + wrong + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "v2", "v3." + "A" * 22 + "." + "A" * 22, "v2.ą.ę", "v2." + "A" * 45, "\ud800"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(DeviceInvalid):
        verify_device(DEVICE_KEYS, token)


def test_token_of_a_retired_key_is_refused() -> None:
    with pytest.raises(DeviceInvalid):
        verify_device({1: DEVICE_KEYS[1]}, mint_device(DEVICE_KEYS, b"x" * 16))
