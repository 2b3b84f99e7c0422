"""The exact formulas against each other, and against what they follow from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.erlang import FOR_EVER, erlang_a, erlang_b, erlang_c, seats_for, service_level
from sim.theory_queues import Patience, by_priority, exponential, fixed, impatient, mixed, one_seat, weibull

pytestmark = pytest.mark.theory


def balanced(seats: int, rate: float, talk: float, patience: float, most: int) -> list[float]:
    """The stationary distribution of calls present, from the balance equations themselves."""
    flow = np.zeros((most + 1, most + 1))
    for present in range(most):
        flow[present, present + 1] = rate
        flow[present + 1, present] = min(present + 1, seats) / talk + max(present + 1 - seats, 0) / patience
    balance = flow.T - np.diag(flow.sum(axis=1))
    balance[-1] = 1.0
    return [float(p) for p in np.linalg.solve(balance, np.eye(most + 1)[-1])]


def test_known_values() -> None:
    assert erlang_b(1, 1.0) == 0.5
    assert erlang_b(10, 5.0) == pytest.approx(0.018384570, abs=1e-9)
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(10, 5.0) == pytest.approx(0.03610536, abs=1e-8)
    assert erlang_c(3, 3.0) == 1.0


@pytest.mark.parametrize(("lines", "most"), [(None, 120), (9, 9), (5, 5)])
def test_impatient_callers_and_few_lines_against_the_balance_equations(lines: int | None, most: int) -> None:
    seats, rate, talk, patience = 5, 0.06, 100.0, 70.0
    exact = balanced(seats, rate, talk, patience, most)
    found = erlang_a(seats, rate, talk, patience, lines)
    line = sum((present - seats) * p for present, p in enumerate(exact) if present > seats)
    blocked = exact[-1] if lines else 0.0
    assert found.blocked == pytest.approx(blocked, abs=1e-12)
    assert found.waits == pytest.approx(sum(exact[seats:]) - blocked)
    assert found.abandoned == pytest.approx(line / patience / rate, abs=1e-12)
    assert found.mean_wait == pytest.approx(line / rate, abs=1e-9)
    assert found.occupancy == pytest.approx(sum(min(n, seats) * p for n, p in enumerate(exact)) / seats)


def test_the_special_cases_meet() -> None:
    endless = erlang_a(34, 0.05, 600.0, FOR_EVER)
    assert endless.waits == pytest.approx(erlang_c(34, 30.0), rel=1e-12)
    assert endless.abandoned == 0.0
    assert erlang_a(34, 0.05, 600.0, 180.0, lines=34).blocked == pytest.approx(erlang_b(34, 30.0), rel=1e-12)
    assert one_seat(0.007, 100.0, 1.0) == pytest.approx(erlang_a(1, 0.007, 100.0, FOR_EVER).mean_wait)
    assert one_seat(0.007, 100.0, 0.0) == pytest.approx(one_seat(0.007, 100.0, 1.0) / 2)
    assert by_priority(3, [0.024], 100.0) == [pytest.approx(erlang_c(3, 2.4) * 100 / (3 - 2.4))]


def test_priorities_keep_the_mean_wait_of_all() -> None:
    """Who is served first changes nothing for all together (Kleinrock's conservation law)."""
    rates = [0.004, 0.012, 0.007]
    waits = by_priority(3, rates, 100.0)
    assert waits == sorted(waits)
    together = sum(rate * wait for rate, wait in zip(rates, waits, strict=True)) / sum(rates)
    assert together == pytest.approx(by_priority(3, [sum(rates)], 100.0)[0], rel=1e-12)
    assert by_priority(3, [0.02, 0.02], 100.0)[1] == math.inf  # four Erlangs for three seats


def test_answered_soon_against_a_walk_through_the_states() -> None:
    """Uniformised: who waits behind k others is followed step by step, until 20 s are over."""
    seats, rate, talk, patience = 5, 0.06, 100.0, 70.0
    exact = balanced(seats, rate, talk, patience, 200)
    ahead, step = 195, 20.0 / 40_000
    chances = np.array(exact[seats:-1])  # of k others in the line, k = 0..
    answered, orders = 0.0, np.arange(ahead)
    goes, gives_up = seats / talk + orders / patience, 1 / patience
    for _ in range(40_000):
        answered += step * chances[0] * seats / talk
        moved = step * chances * goes
        chances = chances - moved - step * chances * gives_up
        chances[:-1] += moved[1:]
    found = service_level(seats, rate, talk, patience, 20.0)
    assert found == pytest.approx(sum(exact[:seats]) + answered, abs=1e-5)


CENTRES = [(1, 0.002, 100.0, 50.0), (34, 193.8 / 3600, 600.0, 180.0), (50, 0.5, 600.0, 180.0)]
HUGE = [(10_000, 16.6, 600.0, 180.0), (10_000, 18.0, 600.0, 20.0), (10_000, 1.0, 600.0, 180.0)]


@pytest.mark.parametrize("centre", CENTRES + HUGE)
def test_integrated_it_is_the_same(centre: tuple[int, float, float, float]) -> None:
    """The general formula with exponential patience is Erlang A, which was summed and not integrated."""
    seats, rate, talk, patience = centre
    found, exact = impatient(seats, rate, talk, exponential(patience)), erlang_a(*centre)
    assert found.queue == pytest.approx(exact, rel=1e-9, abs=1e-12)
    assert found.service_level == pytest.approx(service_level(*centre, 20.0), abs=1e-9)
    assert found.error < 1e-10


@pytest.mark.parametrize(
    "patience", [fixed(180.0), weibull(180.0, 0.5), mixed([(0.2, exponential(20.0)), (0.8, fixed(240.0))])]
)
@pytest.mark.parametrize(("seats", "rate"), [(34, 0.055), (34, 0.07), (10_000, 17.0)])
def test_the_balance_of_any_patience(patience: Patience, seats: int, rate: float) -> None:
    """Who comes is answered or gives up: as many talks are begun as the seats can end."""
    found = impatient(seats, rate, 600.0, patience)
    done = seats / 600.0
    at_once = 1 - found.queue.waits
    assert 0 < found.queue.abandoned < 1
    assert found.queue.occupancy <= 1 + 1e-9
    assert found.service_level >= at_once - 1e-12
    assert rate * (1 - found.queue.abandoned) <= done * (1 + 1e-9)


def test_fixed_patience_by_gnedenkos_formula() -> None:
    """One seat, everybody waits 50 s at most: M/M/1+D in closed form."""
    rate, talk, patience = 0.02, 100.0, 50.0
    rise = rate - 1 / talk
    line, beyond = math.expm1(rise * patience) / rise, math.exp(rise * patience) * talk
    whole = 1 + rate * (line + beyond)
    found = impatient(1, rate, talk, fixed(patience)).queue
    assert found.abandoned == pytest.approx(rate * beyond / whole, rel=1e-9)
    assert found.waits == pytest.approx(1 - 1 / whole, rel=1e-9)


@given(
    st.sampled_from([1, 2, 7, 34, 300, 2500, 10_000]),
    st.floats(1e-6, 1e5),
    st.floats(1.0, 1e4),
    st.floats(0.1, 1e5),
)
@settings(max_examples=50, deadline=None)
def test_no_load_overflows(seats: int, rate: float, talk: float, patience: float) -> None:
    queue = erlang_a(seats, rate, talk, patience)
    soon = service_level(seats, rate, talk, patience, 20.0)
    near = 1 + 1e-6
    assert all(0 <= share <= near for share in (queue.waits, queue.abandoned, queue.occupancy, soon))
    assert queue.answered <= 1
    assert soon <= max(queue.answered, 0.0) + 1e-6
    assert queue.occupancy == pytest.approx(rate * queue.answered * talk / seats, rel=1e-6, abs=1e-9)


@given(st.floats(0.001, 5.0), st.floats(30.0, 1000.0), st.floats(0.5, 0.999))
@settings(max_examples=50, deadline=None)
def test_one_seat_less_is_too_few(rate: float, talk: float, target: float) -> None:
    seats = seats_for(target, rate, talk, 180.0)
    assert erlang_a(seats, rate, talk, 180.0).answered >= target
    assert seats == 1 or erlang_a(seats - 1, rate, talk, 180.0).answered < target
    assert seats_for(target, rate, talk, 180.0, within=20.0) >= seats


def test_what_cannot_be() -> None:
    assert seats_for(0.9, 0.0, 600.0, 180.0) == 0
    assert seats_for(0.9, 0.05, 600.0, FOR_EVER) == 31  # thirty Erlangs
    with pytest.raises(ValueError, match="promise less than 100%"):
        seats_for(1.0, 0.05, 600.0, 180.0)
    with pytest.raises(ValueError, match="grows for ever: 30 Erlangs need more than 30 seats"):
        erlang_a(30, 0.05, 600.0, FOR_EVER)
    with pytest.raises(ValueError, match="at least as many lines as seats"):
        erlang_a(30, 0.05, 600.0, 180.0, lines=29)
    with pytest.raises(ValueError, match="grows for ever"):
        one_seat(0.02, 100.0, 1.0)
    assert erlang_a(0, 0.05, 600.0, 180.0).abandoned == pytest.approx(1.0)
