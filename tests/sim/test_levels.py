from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.event import Event
from calls.events import PhoneRegistered
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied
from sim.counting.levels import STEP_S, Levels, Piece
from sim.counting.staffed import Staffed

pytestmark = pytest.mark.unit

changes = st.lists(st.tuples(st.floats(0, 2000), st.integers(0, 5), st.integers(0, 5)), max_size=20)


def test_areas_are_cut_at_every_five_minutes() -> None:
    kept: list[tuple[float, Piece]] = []
    levels = Levels(600.0, lambda at, piece: kept.append((at, piece)))
    levels.staff(600.0, 2)
    levels.change(700.0, 3, 0)
    levels.change(700.0, -1, 1)
    levels.change(1000.0, -2, 1)
    levels.close(1300.0)
    assert [at for at, _ in kept] == [600.0, 900.0, 1200.0]
    first, second, third = (piece for _, piece in kept)
    assert (first.waiting_s, second.waiting_s, third.waiting_s) == (400.0, 200.0, 0.0)
    assert (first.busy_s, second.busy_s, third.busy_s) == (200.0, 500.0, 200.0)
    assert (first.staffed_s, first.seconds, third.seconds) == (600.0, 300.0, 100.0)
    # Who is gone at the moment at which he came has not waited: of three, two did.
    assert (first.most_waiting, second.most_waiting, third.most_waiting) == (2, 2, 0)
    assert (levels.whole.waiting_s, levels.whole.busy_s, levels.whole.seconds) == (600.0, 900.0, 700.0)


@given(changes)
def test_the_pieces_are_the_whole(drawn: list[tuple[float, int, int]]) -> None:
    kept: list[Piece] = []
    cut, uncut = Levels(0.0, lambda at, piece: kept.append(piece)), Levels(0.0)
    area = 0.0
    steps = sorted(drawn)
    ends = [at for at, _, _ in steps[1:]] + [3000.0]
    waiting = 0
    for (at, more, busy), end in zip(steps, ends, strict=False):
        cut.change(at, more, busy)
        uncut.change(at, more, busy)
        waiting += more
        area += waiting * (end - at)
    cut.close(3000.0)
    uncut.close(3000.0)
    assert cut.whole.waiting_s == pytest.approx(area)
    assert uncut.whole.waiting_s == pytest.approx(area)
    assert sum(piece.waiting_s for piece in kept) == pytest.approx(area)
    assert sum(piece.busy_s for piece in kept) == pytest.approx(uncut.whole.busy_s)
    assert len(kept) == 3000 // STEP_S + 1


def test_who_is_at_his_seat_is_counted_once() -> None:
    levels = Levels()
    staffed = Staffed(levels)
    counts = []
    events: list[Event] = [
        SeatLoggedOut("seat02"),
        PhoneRegistered("seat01"),
        PhoneRegistered("seat02"),
        SeatLoggedIn("seat02"),
        SeatLoggedIn("seat02"),
        SeatPaused("seat01", reason="lunch"),
        SeatPaused("seat01", reason="lunch"),
        SeatReadied("seat01"),
        SeatReadied("seat01"),
        SeatPaused("seat02", reason="lunch"),
        SeatLoggedOut("seat02"),
        SeatReadied("seat02"),
        SeatLoggedOut("seat01"),
    ]
    for event in events:
        staffed.changed(event, [], 1.0)
        counts.append(levels.staffed)
    assert counts == [0, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 1, 0]
