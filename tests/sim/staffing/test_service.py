from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.erlang import erlang_a
from sim.staffing.service import MOST_SEATS, Service, TooManySeatsError

pytestmark = pytest.mark.unit

services = st.builds(
    Service,
    hold=st.floats(30, 900),
    patience=st.floats(10, 900),
    most_waiting=st.one_of(st.none(), st.integers(0, 60)),
    lines=st.none(),
    busy_counts=st.just(True),
)
calls = st.floats(0.5, 150)
shares = st.floats(0.3, 0.98)


@settings(max_examples=40, deadline=None)
@given(services, calls, shares)
def test_the_seats_are_the_fewest_that_do(service: Service, number: float, share: float) -> None:
    seats = service.seats_for(share, number, 30)
    assert service.answered(seats, number, 30) >= share
    assert seats == 1 or service.answered(seats - 1, number, 30) < share


@settings(max_examples=40, deadline=None)
@given(services, calls, st.floats(1, 2), shares)
def test_more_calls_never_need_fewer_seats(
    service: Service, number: float, times: float, share: float
) -> None:
    assert service.seats_for(share, number * times, 30) >= service.seats_for(share, number, 30)


@settings(max_examples=40, deadline=None)
@given(services, calls, st.integers(1, 60))
def test_each_further_seat_saves_calls_but_fewer_than_the_one_before(
    service: Service, number: float, seats: int
) -> None:
    low, middle, high = (service.answered(seats + more, number, 30) for more in (-1, 0, 1))
    assert high >= middle - 1e-12
    if service.most_waiting is None:
        assert high - middle <= middle - low + 1e-9


def test_the_share_is_that_of_erlang_a() -> None:
    queue = erlang_a(12, 40 / 1800, 420.0, 180.0)
    assert Service(420.0, 180.0).answered(12, 40, 30) == 1 - queue.abandoned
    full = erlang_a(12, 40 / 1800, 420.0, 180.0, lines=14)
    assert Service(420.0, 180.0, most_waiting=2).answered(12, 40, 30) == 1 - full.abandoned - full.blocked
    assert Service(420.0, 180.0, lines=14).answered(12, 40, 30) == 1 - full.abandoned - full.blocked
    # Where the busy tone counts for nobody, the share is of those who got a line.
    uncounted = Service(420.0, 180.0, lines=14, busy_counts=False).answered(12, 40, 30)
    assert uncounted == pytest.approx(1 - full.abandoned / (1 - full.blocked))


def test_nobody_calls_and_nobody_is_there() -> None:
    service = Service(420.0, 180.0)
    assert (service.seats_for(0.99, 0, 30), service.answered(0, 5, 30)) == (1, 0.0)
    assert service.answered(0, 0, 30) == 1.0


def test_seats_beyond_the_lines_are_of_no_use() -> None:
    service = Service(420.0, 180.0, lines=5)
    assert service.seats_for(0.99, 100, 30) == 5
    assert service.answered(50, 100, 30) == service.answered(5, 100, 30)


def test_thousands_of_seats_are_found_and_too_many_are_told() -> None:
    service = Service(420.0, 180.0)
    assert 9_000 < service.seats_for(0.95, 41_000, 30) < MOST_SEATS
    with pytest.raises(TooManySeatsError, match=r"50,000 calls in 30 minutes need more than 10,000 seats"):
        service.seats_for(0.95, 50_000, 30)
