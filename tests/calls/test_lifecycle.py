from __future__ import annotations

import pytest

from calls.lifecycle import LIFECYCLE, IllegalMoveError, Move, State, next_state

pytestmark = pytest.mark.unit


def reachable(start: State) -> set[State]:
    """The states that a call in `start` can come to, itself included."""
    seen: set[State] = set()
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += LIFECYCLE[state].values()
    return seen


def test_the_table_has_every_state_and_uses_every_move() -> None:
    assert set(LIFECYCLE) == set(State)
    assert {move for moves in LIFECYCLE.values() for move in moves} == set(Move)


def test_every_state_is_reached_from_the_beginning() -> None:
    assert reachable(State.ARRIVED) == set(State)
    assert State.ARRIVED not in {state for moves in LIFECYCLE.values() for state in moves.values()}


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_way_to_the_only_end(state: State) -> None:
    assert State.CLOSED in reachable(state)
    assert (not LIFECYCLE[state]) == (state is State.CLOSED)


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_the_system_can_fail_a_call_in_any_state(state: State) -> None:
    assert next_state(state, Move.LOST) is State.CLOSED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_is_in_the_table_or_illegal(state: State, move: Move) -> None:
    if move in LIFECYCLE[state]:
        assert next_state(state, move) is LIFECYCLE[state][move]
    else:
        with pytest.raises(IllegalMoveError, match=f"a call that is {state} cannot be '{move}'"):
            next_state(state, move)


def test_an_illegal_move_says_what_is_legal() -> None:
    with pytest.raises(IllegalMoveError, match="the table allows: wrapped_up, lost"):
        next_state(State.WRAP_UP, Move.QUEUED)
    with pytest.raises(IllegalMoveError, match="nothing: the call is over"):
        next_state(State.CLOSED, Move.LOST)
