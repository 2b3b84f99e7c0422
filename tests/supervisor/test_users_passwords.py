"""What is a good password, and how it is kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from supervisor.users.passwords import LONGEST, hash_password, needs_rehash, problem_with, verify

pytestmark = pytest.mark.unit

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(GOOD)


def test_the_right_one_and_wrong_ones(hashed: str) -> None:
    assert verify(hashed, GOOD)
    assert not any(verify(hashed, wrong) for wrong in ("", GOOD[:-1], GOOD + " ", GOOD.upper(), "\ud800"))


def test_it_is_kept_as_argon2id_with_a_salt_of_its_own(hashed: str) -> None:
    assert GOOD not in hashed
    assert extract_parameters(hashed) == RFC_9106_LOW_MEMORY
    assert RFC_9106_LOW_MEMORY.type is Type.ID
    assert hash_password(GOOD) != hashed


def test_parameters_of_another_day_are_renewed(hashed: str) -> None:
    assert not needs_rehash(hashed)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert verify(weak, GOOD)
    assert needs_rehash(weak)


@pytest.mark.parametrize(
    "damaged", ["", "secret", "$argon2id$v=19$m=65536,t=3,p=4$", "$2b$12$abcdefghijklmnopqrstuu"]
)
def test_with_a_damaged_hash_nobody_logs_in(damaged: str) -> None:
    assert not verify(damaged, GOOD)


def test_it_does_not_depend_on_the_keyboard() -> None:
    hashed = hash_password("ｐａｓｓ１２３４ パスガード")
    assert verify(hashed, "pass1234 パスカ\u3099ード")
    assert not verify(hashed, "pass1234 パスカード")


def test_what_is_too_long_is_wrong_though_its_beginning_is_right() -> None:
    longest = "ab" * (LONGEST // 2)
    assert problem_with(longest, "hana") == ""
    assert not verify(hash_password(longest), longest + "c")


@pytest.mark.parametrize(
    "good", [GOOD, "ab" * 6, "お電話ありがとうございます。", "hana12345678", " " * 6 + "seven!"]
)
def test_good_ones(good: str) -> None:
    assert problem_with(good, "hana") == ""


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("", "12 to 200 characters"),
        ("elevenchars", "12 to 200 characters"),
        ("ab" * 101, "12 to 200 characters"),
        ("supervisor191", "not the user's id"),
        ("Ｓupervisor１９１", "not the user's id"),
        ("aaaaaaaaaaaa", "not one character repeated"),
        ("tab\tand so on", "without control characters"),
        ("half a pair \ud800", "without control characters"),
    ],
)
def test_bad_ones_are_told_what_to_do(bad: str, told: str) -> None:
    assert told in problem_with(bad, "supervisor191")
