"""What holds of talks and holds whatever happens in a call."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.lifecycle import LIFECYCLE, State
from calls.notes import NoteArrived, NoteEar, NoteTalk
from calls.talks import IN_CHARGE, Talk
from tests.calls.journals import Step, moved, record, rung

pytestmark = pytest.mark.unit

WHO = ("seat:s1", "seat:s2", "extension:35")
BESIDES = st.one_of(
    st.builds(
        NoteTalk,
        st.just("c1"),
        st.sampled_from(WHO),
        st.sampled_from(["consulted", "joined", "supervisor"]),
        st.booleans(),
    ),
    st.builds(rung, st.sampled_from(["seat", "extension"]), st.sampled_from(["s1", "35"])),
    st.builds(NoteEar, *map(st.just, ("c1", "tax", "s2", "s1", "take_over", "mori"))),
)


@st.composite
def lives(draw: st.DrawFn) -> list[Step]:
    """Any life that the table allows, with anything in between, and the time going on."""
    at, state = 10.0, State.ARRIVED
    steps: list[Step] = [
        (at, NoteArrived("c1", "leg1", "tax", "0570012229", "", draw(st.sampled_from(["in", "out"]))))
    ]
    while state is not State.CLOSED and len(steps) < 40:
        at += draw(st.integers(0, 100))
        steps += [(at, each) for each in draw(st.lists(BESIDES, max_size=2))]
        move = draw(st.sampled_from(sorted(LIFECYCLE[state])))
        state = LIFECYCLE[state][move]
        steps.append((at, moved(move, state, queue="tax/main", seat=draw(st.sampled_from(["", "s1", "s2"])))))
    return steps


def overlapping(talks: list[Talk]) -> list[tuple[Talk, Talk]]:
    """Pairs of which one begins before the other has ended."""
    pairs = itertools.pairwise(talks)
    return [(one, other) for one, other in pairs if one.ended is None or one.ended > other.began]


@settings(deadline=None)
@given(lives())
def test_nobody_talks_twice_at_a_time_and_one_is_in_charge(steps: list[Step]) -> None:
    found = record(*steps)
    by_who = defaultdict[str, list[Talk]](list)
    for talk in found.talks:
        by_who[talk.who].append(talk)
    assert [pair for talks in by_who.values() for pair in overlapping(talks)] == []
    assert overlapping([talk for talk in found.talks if talk.role in IN_CHARGE]) == []


@settings(deadline=None)
@given(lives())
def test_talks_and_holds_lie_inside_the_call(steps: list[Step]) -> None:
    found = record(*steps)
    now = steps[-1][0]
    until = now if found.ended_at is None else found.ended_at
    for talk in found.talks:
        assert found.arrived_at <= talk.began <= (until if talk.ended is None else talk.ended) <= until
        assert (talk.ended is not None) or found.ended_at is None
    assert 0 <= found.hold_seconds <= until - found.arrived_at
    assert found.talk is None or 0 <= found.talk <= until - found.arrived_at
    assert (found.answered_at is not None) or not [t for t in found.talks if t.role in IN_CHARGE]


@settings(deadline=None)
@given(lives())
def test_what_the_record_says_of_transfers_is_what_the_moves_say(steps: list[Step]) -> None:
    found = record(*steps)
    transferred = [talk.who for talk in found.talks if talk.role == "transferred"]
    assert list(found.transfers) == transferred
    in_charge = [talk.who for talk in found.talks if talk.role in IN_CHARGE and talk.who.startswith("seat:")]
    assert not in_charge or found.seat == in_charge[-1].removeprefix("seat:")
