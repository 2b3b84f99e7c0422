"""How often somebody may try to log in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.users.limits import PER_ADDRESS, PER_PAIR, PER_USER, Limits, Rate, Window, network

pytestmark = pytest.mark.unit

HERE, THERE = "192.0.2.1", "192.0.2.2"


def tries(
    limits: Limits, count: int, user: str = "hana", address: str = HERE, now: float = 0.0
) -> list[float]:
    return [limits.ask(user, address, now) for _ in range(count)]


def test_the_sixth_guess_at_a_password_waits_until_the_first_is_forgotten() -> None:
    limits = Limits()
    assert [limits.ask("hana", HERE, 10.0 * n) for n in range(5)] == [0.0] * 5
    assert limits.ask("hana", HERE, 50.0) == PER_PAIR.seconds - 50.0
    assert limits.ask("hana", HERE, PER_PAIR.seconds - 1.0) == 1.0
    assert limits.ask("hana", HERE, PER_PAIR.seconds) == 0.0
    assert limits.ask("hana", HERE, PER_PAIR.seconds) == 10.0  # the window slides: the second was made at 10


def test_others_at_the_same_place_and_the_same_elsewhere_go_on() -> None:
    limits = Limits()
    tries(limits, 6)
    assert limits.ask("taro", HERE, 0.0) == 0.0
    assert limits.ask("hana", THERE, 0.0) == 0.0


def test_who_is_kept_out_is_not_counted() -> None:
    limits = Limits()
    tries(limits, 1000)
    assert limits.ask("hana", HERE, PER_PAIR.seconds) == 0.0


def test_guesses_at_one_user_from_many_addresses() -> None:
    limits = Limits()
    asked = [limits.ask("hana", f"198.51.100.{n}", 0.0) for n in range(PER_USER.tries + 1)]
    assert asked == [0.0] * PER_USER.tries + [PER_USER.seconds]


def test_guesses_at_many_users_from_one_address() -> None:
    limits = Limits()
    asked = [limits.ask(f"user{n}", HERE, 0.0) for n in range(PER_ADDRESS.tries + 1)]
    assert asked == [0.0] * PER_ADDRESS.tries + [PER_ADDRESS.seconds]


def test_a_right_password_clears_the_wrong_ones_before_it() -> None:
    limits = Limits(per_address=Rate(100, 300.0), per_user=Rate(100, 300.0))
    for _ in range(10):
        assert tries(limits, 5) == [0.0] * 5
        limits.succeeded("hana", HERE)


def test_a_whole_office_behind_one_address_logs_in() -> None:
    limits = Limits()
    for n in range(200):
        assert limits.ask(f"user{n}", HERE, 0.0) == 0.0
        limits.succeeded(f"user{n}", HERE)


def test_one_s_own_account_does_not_wipe_out_guesses_at_others() -> None:
    limits = Limits()
    for n in range(PER_ADDRESS.tries - 1):
        assert limits.ask(f"user{n}", HERE, 0.0) == 0.0
        assert limits.ask("mallory", HERE, 0.0) == 0.0
        limits.succeeded("mallory", HERE)
    assert limits.ask("user-last", HERE, 0.0) == 0.0
    assert limits.ask("mallory", HERE, 0.0) == PER_ADDRESS.seconds


def test_nobody_is_kept_out_of_his_own_office_by_those_who_guess_elsewhere() -> None:
    limits = Limits()
    limits.ask("hana", HERE, 0.0)
    limits.succeeded("hana", HERE)
    for n in range(PER_USER.tries):
        limits.ask("hana", f"198.51.100.{n}", 1.0)
    assert limits.ask("hana", THERE, 2.0) > 0.0
    assert limits.ask("hana", HERE, 2.0) == 0.0


def test_his_own_log_in_does_not_wipe_out_guesses_from_elsewhere() -> None:
    limits = Limits()
    for n in range(PER_USER.tries - 1):
        limits.ask("hana", f"198.51.100.{n}", 0.0)
    assert limits.ask("hana", HERE, 0.0) == 0.0
    limits.succeeded("hana", HERE)
    assert limits.ask("hana", "203.0.113.1", 0.0) == 0.0
    assert limits.ask("hana", "203.0.113.2", 0.0) == PER_USER.seconds


def test_memory_is_bounded() -> None:
    limits = Limits(most=50)
    for n in range(5000):
        if limits.ask(f"user{n}", f"10.0.{n // 250}.{n % 250}", float(n)) == 0.0:
            limits.succeeded(f"user{n}", f"10.0.{n // 250}.{n % 250}")
    assert len(limits) <= 4 * 50


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
        ("unix", "unix", True),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 5)), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_it_may(steps: list[tuple[str, float]], most: int) -> None:
    window, now = Window(Rate(most, 10.0)), 0.0
    taken: dict[str, list[float]] = {"a": [], "b": []}
    for key, passed in steps:
        now += passed
        inside = [at for at in taken[key] if at + 10.0 - now > 0.0]
        wait = window.wait(key, now)
        if len(inside) < most:
            assert wait == 0.0
            window.count(key, now)
            taken[key].append(now)
        else:
            assert wait == pytest.approx(inside[0] + 10.0 - now)
            assert wait > 0.0
