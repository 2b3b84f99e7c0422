"""What holds of an engine's floor after every step."""

from __future__ import annotations

from collections import Counter

from acd.seat import Seat
from calls.lifecycle import SeatState, State
from engine.call import Call
from engine.floor import Floor
from engine.ringing import SILENT_RING_S
from engine.timers import Timer

CONVERSATION = {State.TALKING, State.HELD, State.CONSULTING}
WITH_CALLER = {State.IVR, State.QUEUED, State.RINGING, State.TRANSFERRED, *CONVERSATION}
LINE_TIMERS = ("wait_timer", "notice_timer", "closing_timer", "widen_timer")

DEADLINES = {
    State.IVR: {
        "silence",
        "guidance",
        "message",
    },  # nobody is left in the flow without an end of what he hears
    State.QUEUED: {"", "guidance"},
    State.ARRIVED: {"dial"},
    State.RINGING: {"silent_ring", "ring", "dial"},
    State.TRANSFERRED: {"transfer"},
    State.TALKING: {""},
    State.HELD: {""},
    State.CONSULTING: {""},
    State.WRAP_UP: {""},
}
OF_NO_CALL = {"callback_hours", "deserted", "rest", "override", "ear", "desk"}


def check_floor(floor: Floor) -> None:
    """Assert that calls, seats, lines and bridges tell the same story."""
    for call in floor.calls.values():
        _call(floor, call)
    _legs(floor)
    _seats(floor)
    _lines(floor)
    _deadlines(floor)


# ---- calls


def _call(floor: Floor, call: Call) -> None:
    ours = call.direction != "in"
    assert call.state in WITH_CALLER | {State.WRAP_UP} | ({State.ARRIVED} if ours else set())
    assert (call.message is not None) == (call.timer is not None and call.timer.kind == "message")
    if not ours:
        assert (floor.callers.get(call.leg) is call) == (call.state in WITH_CALLER)
        assert call.leg
    if call.state in CONVERSATION | {State.WRAP_UP}:
        assert call.outcome is not None
    if call.bridge:
        assert call.state in {State.RINGING, State.TRANSFERRED, *CONVERSATION}
        assert floor.bridges[call.bridge] is call
    if call.state in CONVERSATION:
        assert call.bridge
    _who_has_it(call)
    _what_he_hears(call)


def _who_has_it(call: Call) -> None:
    """Exactly one is in charge of a conversation; only a transfer rings beside the queue; nobody rings for nothing."""
    if call.state in {State.HELD, State.CONSULTING}:
        assert call.seat is not None
    if call.state is State.TALKING:
        assert (call.seat is None) != (call.transfer is None)
    if call.state is State.TRANSFERRED:
        assert call.transfer is not None
        assert call.seat is None
    if call.state is State.RINGING:
        assert call.seat is not None or call.rings or call.direction != "in"
        assert set(call.late) <= set(call.rings)
        assert not call.late or call.seat is not None
    else:
        assert not call.rings
        assert not call.late
    if call.state in {State.IVR, State.QUEUED}:
        assert call.seat is None
        assert call.transfer is None
    assert len(call.parties) <= 1
    assert not call.parties or call.state in CONVERSATION
    for party in call.parties:
        assert party.call is call
        assert (party.timer is None) == party.talking
        assert (call.state is State.CONSULTING) == (party.role == "consulted" and not party.held)


def _what_he_hears(call: Call) -> None:
    """Music where he waits, and nothing of it where he talks."""
    if call.state in {State.HELD, State.CONSULTING}:
        assert call.music
    if call.state in {State.IVR, State.TALKING, State.WRAP_UP}:
        assert not call.music
    if call.state is State.TRANSFERRED:
        assert call.music == (not call.bridge)
    if call.playback:
        assert call.state in {State.IVR, State.QUEUED, State.RINGING}
        assert not call.music
        assert call.state is State.IVR or (call.notice_timer and call.notice_timer.kind == "notice_over")
    assert not call.too_late or call.state is State.RINGING
    assert not (call.told or call.unsaid) or call.state in {State.QUEUED, State.RINGING}


# ---- legs


def _legs(floor: Floor) -> None:
    assert all(floor.calls[call.id] is call for call in floor.callers.values())
    assert all(floor.callers[leg].leg == leg for leg in floor.callers)
    assert sorted(floor.bridges) == sorted(call.bridge for call in floor.calls.values() if call.bridge)
    counted = Counter(call.project.project for call in floor.callers.values() if call.direction == "in")
    assert floor.lines == {name: counted[name] for name in floor.lines}
    for leg, party in floor.parties.items():
        assert (party.id, party.call.id) == (leg, leg.partition(".")[0])
        if party.seat is not None:
            assert party.seat.leg == leg or _has_dialled_again(floor, party.seat)
    for leg, seat in floor.seat_legs.items():
        assert seat.leg == leg or _has_dialled_again(floor, seat)
    for call in floor.calls.values():
        parties = [*call.parties, *([call.transfer] if call.transfer else [])]
        assert all(floor.parties[party.id] is party for party in parties)
        for one in (call.seat, *call.rings):
            if one is not None and call.state is not State.WRAP_UP:
                assert floor.seat_legs[one.leg] is one


def _has_dialled_again(floor: Floor, seat: Seat) -> bool:
    """Before the end of the leg that he had was told. That one is in nobody's hands."""
    return not seat.leg or floor.seat_legs.get(seat.leg) is seat


# ---- seats


def _seats(floor: Floor) -> None:
    taken = [
        seat.id for call in floor.calls.values() for seat in (call.seat, *call.rings) if seat is not None
    ]
    assert len(taken) == len(set(taken))  # nobody has two calls
    for call in floor.calls.values():
        for seat in (call.seat, *call.rings):
            assert seat is None or seat.call == call.id
        if call.seat is not None:
            assert call.seat.wrapping == (call.state is State.WRAP_UP)
    for seat in floor.seats.values():
        _seat(floor, seat)
    sits = {seat.operator: seat for seat in floor.seats.values() if seat.operator}
    assert sits == floor.operators
    assert set(floor.wrapups) <= {seat.id for seat in floor.seats.values() if seat.wrapping}


def _seat(floor: Floor, seat: Seat) -> None:
    ready = seat.staffed and not seat.busy
    assert (seat.idle_since is not None) == ready
    assert (seat.state is SeatState.READY) == ready
    assert seat.busy or (seat.state, seat.reason) == (seat.resting_state(), seat.why())
    if seat.taken and not (seat.leg or seat.wrapping):
        assert seat.state is SeatState.TALKING
    call = floor.calls.get(seat.call)
    if call is not None and call.seat is seat:
        wanted = {
            State.TALKING: SeatState.TALKING,
            State.HELD: SeatState.HOLDING,
            State.CONSULTING: SeatState.CONSULTING,
            State.WRAP_UP: SeatState.WRAP_UP,
        }
        assert seat.state is wanted.get(call.state, seat.state)


# ---- lines


def _lines(floor: Floor) -> None:
    router = floor.router
    waiting = {queue: router.in_line(queue) for queue in router._queues}
    assert sorted(call for calls in waiting.values() for call in calls) == sorted(
        call.id for call in floor.calls.values() if call.state is State.QUEUED
    )
    for queue, calls in waiting.items():
        assert not (calls and router.free(queue))  # nobody waits beside a free seat
        for name in calls:
            call = floor.calls[name]
            assert call.queue == queue
            assert call.music or call.playback or not call.leg
    assert set(router._places) <= set(floor.calls) | set(floor.callbacks)


# ---- deadlines


def _deadlines(floor: Floor) -> None:
    live = [timer for timer in floor.timers._heap if isinstance(timer, Timer) and timer.kind]
    held = [call.timer for call in floor.calls.values()]
    held += [getattr(call, name) for call in floor.calls.values() for name in LINE_TIMERS]
    held += [party.timer for party in floor.parties.values()]
    held += floor.wrapups.values()
    held += [callback.timer for callback in floor.callbacks.values()]
    assert len(live) == len(floor.timers)
    assert {id(timer) for timer in live if timer.kind not in OF_NO_CALL} == {
        id(timer) for timer in held if timer and timer.kind
    }
    for call in floor.calls.values():
        kind = call.timer.kind if call.timer else ""
        if call.state in {State.RINGING, State.TRANSFERRED} and call.bridge:
            assert (kind, call.music) == ("connect", False)
        else:
            assert kind in DEADLINES[call.state]
        if call.state in {*CONVERSATION, State.WRAP_UP}:
            assert not any(getattr(call, name) for name in LINE_TIMERS)
        _silence(call, kind)


def _silence(call: Call, kind: str) -> None:
    """A telephone that rings for longer than a moment is not waited for in silence."""
    if kind == "silent_ring":
        assert not call.music
    if kind == "ring" and call.leg:
        assert call.music or call.playback or call.settings.ring_timeout_s <= SILENT_RING_S
