from __future__ import annotations

import numpy as np
import pytest

from sim.erlang import erlang_a, erlang_b, erlang_c

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
    endless = erlang_a(34, 0.05, 600.0, 1e12)
    assert endless.waits == pytest.approx(erlang_c(34, 30.0), rel=1e-6)
    assert erlang_a(34, 0.05, 600.0, 180.0, lines=34).blocked == pytest.approx(erlang_b(34, 30.0))


def test_thousands_of_seats_do_not_overflow() -> None:
    assert 0 < erlang_a(5000, 8.2, 600.0, 180.0).abandoned < 1
