"""What seats did from when to when."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.activity import SeatActivity, SeatFold, activity
from calls.events import TimePassed
from calls.journal import Entry
from calls.lifecycle import SeatState
from calls.notes import NoteOutcome, NoteSeat
from tests.calls.journals import ARRIVED, journal

pytestmark = pytest.mark.unit

TALKING, WRAP_UP, READY, BREAK = SeatState.TALKING, SeatState.WRAP_UP, SeatState.READY, SeatState.BREAK


def test_the_wrap_up_after_a_transfer_is_measured_while_the_call_goes_on() -> None:
    talking, writing, ready = activity(
        journal(
            (10.0, ARRIVED),
            (20.0, NoteSeat("s1", TALKING, "c1", "sato")),
            (50.0, NoteSeat("s1", WRAP_UP, "c1", "sato")),
            (65.0, NoteSeat("s1", READY, "", "sato")),
        )
    )
    assert (talking.state, talking.call, talking.seconds) == (TALKING, "c1", 30.0)
    assert (writing.state, writing.call, writing.seconds, writing.operator) == (WRAP_UP, "c1", 15.0, "sato")
    assert (ready.state, ready.call, ready.ended, ready.number) == (READY, "", None, 3)


def test_another_reason_or_person_is_another_activity() -> None:
    found = activity(
        journal(
            (10.0, NoteSeat("s1", BREAK, "", "sato", "lunch")),
            (20.0, NoteSeat("s1", BREAK, "", "sato", "training")),
            (30.0, NoteSeat("s2", READY, "", "abe")),
            (40.0, NoteSeat("s1", READY, "", "mori")),
        )
    )
    told = [(one.seat, one.number, one.operator, one.reason, one.began, one.ended) for one in found]
    assert told == [
        ("s1", 1, "sato", "lunch", 10.0, 20.0),
        ("s1", 2, "sato", "training", 20.0, 40.0),
        ("s2", 1, "abe", "", 30.0, None),
        ("s1", 3, "mori", "", 40.0, None),
    ]


def test_what_began_and_what_ended_is_handed_over_once() -> None:
    seats = SeatFold()
    for entry in journal((10.0, NoteSeat("s1", READY)), (20.0, NoteOutcome("c1", "answered"))):  # type: ignore[arg-type]
        seats.feed(entry)
    assert [one.ended for one in seats.take_changed()] == [None]
    assert seats.take_changed() == []
    seats.feed(Entry(3, 30.0, TimePassed(), [NoteSeat("s1", BREAK)]))
    assert [(one.state, one.ended) for one in seats.take_changed()] == [(READY, 30.0), (BREAK, None)]
    assert list(seats.seats) == ["s1"]


@pytest.mark.parametrize(
    ("bounds", "seconds"), [((0, 10), 0), ((0, 15), 5), ((12, 15), 3), ((15, 99), 5), ((20, 99), 0)]
)
def test_how_much_of_it_lies_in_a_time(bounds: tuple[float, float], seconds: float) -> None:
    one = SeatActivity(seat="s1", number=1, operator="", state=READY, began=10.0, ended=20.0)
    assert one.within(*bounds) == seconds
    one.ended = None
    assert one.within(*bounds) == max(0, bounds[1] - max(10, bounds[0]))


notes = st.builds(NoteSeat, st.sampled_from(["s1", "s2"]), st.sampled_from(SeatState))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), notes)))
def test_every_seat_does_one_thing_at_a_time_without_a_gap(steps: list[tuple[int, NoteSeat]]) -> None:
    at, entries = 0.0, []
    for number, (later, note) in enumerate(steps, 1):
        at += later
        entries.append(Entry(number, at, TimePassed(), [note]))
    for seat in ("s1", "s2"):
        found = [one for one in activity(entries) if one.seat == seat]
        assert [one.number for one in found] == list(range(1, len(found) + 1))
        assert [one.ended for one in found[:-1]] == [one.began for one in found[1:]]
        assert not found or found[-1].ended is None
