"""What holds of an engine's floor after every step."""

from __future__ import annotations

from collections import Counter

from calls.lifecycle import SeatState, State
from engine.desk import SILENT_RING_S
from engine.floor import Call, Floor

TRANSFERRED = {State.TRANSFERRED, State.TALKING}
WITH_SEAT = {State.RINGING, State.TALKING, State.WRAP_UP}
ON_THE_LINE = {State.IVR, State.QUEUED, State.RINGING, State.TALKING, State.TRANSFERRED}

DEADLINES = {
    State.IVR: {
        "silence",
        "guidance",
        "message",
    },  # nobody is left in the flow without an end of what he hears
    State.QUEUED: {""},
    State.RINGING: {"silent_ring", "ring"},
    State.TRANSFERRED: {"transfer"},
    State.TALKING: {""},
    State.WRAP_UP: {"wrapup", ""},
}


def check_floor(floor: Floor) -> None:
    """Assert that calls, seats, lines and bridges tell the same story."""
    _calls(floor)
    _seats(floor)
    _lines(floor)
    _deadlines(floor)


def _calls(floor: Floor) -> None:
    for call in floor.calls.values():
        assert call.state in WITH_SEAT | ON_THE_LINE
        if call.transfer is None:
            assert call.state is not State.TRANSFERRED
            assert (call.seat is not None) == (call.state in WITH_SEAT)
        else:
            assert call.seat is None
            assert call.state in TRANSFERRED
            assert floor.transfer_legs[call.transfer.id] is call.transfer
            assert call.music == (call.state is State.TRANSFERRED and not call.bridge)
        assert (call.message is not None) == (call.timer is not None and call.timer.kind == "message")
        assert (floor.callers.get(call.leg) is call) == (call.state in ON_THE_LINE)
        assert (call.outcome is not None) == (call.state in {State.TALKING, State.WRAP_UP})
        if call.bridge:
            assert call.state in {State.RINGING, *TRANSFERRED}
            assert floor.bridges[call.bridge] is call
        if call.state is State.TALKING:
            assert call.bridge
        assert call.playback == "" or call.state is State.IVR
        assert not (call.music and call.state in {State.IVR, State.TALKING, State.WRAP_UP})
    assert all(floor.calls[call.id] is call for call in floor.callers.values())
    assert sorted(floor.bridges) == sorted(call.bridge for call in floor.calls.values() if call.bridge)
    counted = Counter(call.project.project for call in floor.callers.values())
    assert floor.lines == {name: counted[name] for name in floor.lines}


def _seats(floor: Floor) -> None:
    taken = [call.seat.id for call in floor.calls.values() if call.seat is not None]
    assert len(taken) == len(set(taken))
    for call in floor.calls.values():
        if call.seat is not None:
            assert call.seat.call == call.id
            assert call.seat.leg or call.state is State.WRAP_UP
            assert call.seat.wrapping == (call.state is State.WRAP_UP)
    transferred = {leg: to.seat for leg, to in floor.transfer_legs.items() if to.seat is not None}
    assert {seat.leg: seat.id for seat in floor.seats.values() if seat.leg} == {
        leg: seat.id for leg, seat in (floor.seat_legs | transferred).items()
    }
    assert all(
        to.id == leg and to.call.id == leg.partition(".")[0] for leg, to in floor.transfer_legs.items()
    )
    for seat in floor.seats.values():
        free = [seat.id in list_of(floor, queue) for queue in seat.queues]
        ready = seat.staffed and not seat.busy
        assert free == [ready] * len(seat.queues)
        assert (seat.state is SeatState.READY) <= ready
        assert seat.busy or seat.state is seat.resting_state()


def list_of(floor: Floor, queue: str) -> list[str]:
    """The seats free for a queue."""
    policy = floor.router.free[queue]
    return list(policy._free)  # type: ignore[attr-defined]


def _lines(floor: Floor) -> None:
    waiting = {queue: line.in_order() for queue, line in floor.router.lines.items()}
    assert sorted(call for calls in waiting.values() for call in calls) == sorted(
        call.id for call in floor.calls.values() if call.state is State.QUEUED
    )
    for queue, calls in waiting.items():
        assert not (calls and list_of(floor, queue))  # nobody waits beside a free seat
        for call in calls:
            assert floor.calls[call].queue == queue
            assert floor.calls[call].music
    assert set(floor.router._places) <= set(floor.calls)


def _deadlines(floor: Floor) -> None:
    live = [timer for _, _, timer in floor.timers._heap if timer.kind]
    held = [
        timer
        for call in floor.calls.values()
        for timer in (call.timer, call.wait_timer)
        if timer and timer.kind
    ]
    assert len(live) == len(floor.timers)
    of_no_call = {"rest", "override"}
    assert {id(timer) for timer in live if timer.kind not in of_no_call} == {id(timer) for timer in held}
    for call in floor.calls.values():
        kind = call.timer.kind if call.timer else ""
        if call.state in {State.RINGING, State.TRANSFERRED} and call.bridge:
            assert (kind, call.music) == ("connect", False)
        else:
            assert kind in DEADLINES[call.state]
        assert call.wait_timer is None or call.state not in {State.TALKING, State.WRAP_UP}
        _silence(floor, call, kind)


def _silence(floor: Floor, call: Call, kind: str) -> None:
    """A telephone that rings for longer than a moment is not waited for in silence."""
    if kind == "silent_ring":
        assert not call.music
    if kind == "ring":
        assert call.music or call.settings.ring_timeout_s <= SILENT_RING_S
