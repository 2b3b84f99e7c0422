"""One line and seats that come and go, as loops over numbers: plain Python that numba can compile (see `sim.fast`).

The seats are all alike, and the one that is free for the longest time is taken, like in the engine; first come, first
served. All that happens is worked off in the order of time. `sim.fast.floor` says what the records have.

Where two things happen at the very same instant, the engine goes by what was planned first. Two seats that do the same
are told apart so here too. For all else `ties` counts each case in which it might matter: the figures hold where it
is 0.
"""

from __future__ import annotations

import math

from engine.desk import DESERTED_S
from sim.fast.floor import (
    ABANDONED,
    ANSWERED,
    BLOCKED,
    OVERFLOWED,
    RINGS,
    SEAT_BITS,
    TALKS,
    WAITS,
    WRITES,
    Row,
    Rows,
)


def simulate(callers: Rows, changes: Rows, wrapups: Rows, seats: Rows, heap: Rows, floors: Rows) -> None:
    """Fill in what becomes of all callers, who come in their order, like the changes of the staff.

    `wrapups` (seconds): one after another, in the order of the ends of talks; a single one holds always, none: there is
    none. Who still waits at the end waits for ever: nobody is staffed any more.
    """
    floor, changed = floors[0], 0
    while True:
        call_at = callers[floor.arrived].at if floor.arrived < len(callers) else math.inf
        end_at = heap[0].at if floor.busy > 0 else math.inf
        change_at = floor.deserted_at
        if changed < len(changes):
            change_at = min(change_at, changes[changed].at)
        if call_at < end_at and call_at < change_at:
            _arrives(callers, seats, heap, floor, floor.arrived)
        elif end_at < change_at:
            floor.ties += end_at == call_at
            _ends(callers, wrapups, seats, heap, floor)
        elif change_at == math.inf or _all_done(callers, floor):
            break
        elif change_at == floor.deserted_at:
            _nobody_came(callers, floor, change_at)
        else:
            floor.ties += (end_at == change_at) + (call_at == change_at)
            _changes(callers, changes[changed], seats, heap, floor)
            changed += 1
    _drop(callers, floor, math.inf)


def _all_done(callers: Rows, floor: Row) -> bool:
    return bool(floor.arrived == len(callers) and floor.busy + floor.waiting == 0)


# ---- callers


def _arrives(callers: Rows, seats: Rows, heap: Rows, floor: Row, number: int) -> None:
    caller, seat = callers[number], seats[-1].after
    floor.arrived += 1
    if floor.lines > 0 and floor.present + floor.waiting >= floor.lines:
        _drop(callers, floor, caller.at)
        if floor.present + floor.waiting >= floor.lines:
            caller.code = BLOCKED
            return
    if seat < len(seats) - 1:
        _unlink(seats, seat)
        _rings(caller, seats, heap, floor, seat, caller.at)
    elif floor.logged_in == 0:
        caller.code = OVERFLOWED
    else:
        floor.waiting += 1
        floor.stood += 1


def _next(callers: Rows, floor: Row, now: float) -> int:
    """The head of the line, who is taken out of it; -1 where nobody waits."""
    while floor.waiting > 0:
        number = floor.head
        caller = callers[number]
        floor.head += 1
        if caller.code == WAITS:
            floor.waiting -= 1
            floor.ties += caller.leaves == now
            if caller.leaves >= now:
                return int(number)
            _abandons(caller)
    floor.head = floor.arrived
    return -1


def _abandons(caller: Row) -> None:
    caller.code = ABANDONED
    caller.wait = caller.leaves - caller.at


def _drop(callers: Rows, floor: Row, now: float) -> None:
    """Those who have lost patience by now are out of the line."""
    for number in range(floor.head, floor.arrived):
        caller = callers[number]
        if caller.code == WAITS and caller.leaves <= now and caller.leaves < math.inf:
            floor.ties += caller.leaves == now
            floor.waiting -= 1
            _abandons(caller)


# ---- what seats do


def _rings(caller: Row, seats: Rows, heap: Rows, floor: Row, seat: int, now: float) -> None:
    """A seat, which is free, rings for a caller: he talks, or has had enough before."""
    seats[seat].busy = 1
    end, before = _until(caller, floor, now), floor.busy
    floor.busy += 1
    _push(heap, before, end, _plan(floor, seat, _what(caller)))


def _until(caller: Row, floor: Row, now: float) -> float:
    """When a caller for whom it begins to ring is off the telephone."""
    answered = now + floor.ring
    floor.present += 1
    if floor.ring > 0 and caller.leaves == answered:
        floor.ties += 1
    if caller.leaves < answered:
        _abandons(caller)
        return float(caller.leaves)
    caller.code = ANSWERED
    caller.wait = answered - caller.at
    end = answered + caller.talk
    floor.talk_s += end - answered
    return float(end)


def _what(caller: Row) -> int:
    return TALKS if caller.code == ANSWERED else RINGS


def _plan(floor: Row, seat: int, what: int) -> int:
    """The entry for the end of something: a number that rises, and which seat, and what."""
    floor.planned += 1
    return int(floor.planned * (SEAT_BITS + 1) + 4 * seat + what)


def _ends(callers: Rows, wrapups: Rows, seats: Rows, heap: Rows, floor: Row) -> None:
    """What ends next at a seat is over: it has a record to write, or the next caller, or is free."""
    now, of = heap[0].at, heap[0].of
    seat, what = (of & SEAT_BITS) >> 2, of & 3
    floor.ties += floor.last == now and floor.last_what != what
    floor.last, floor.last_what = now, what
    floor.present -= what != WRITES
    if what == TALKS and len(wrapups) > 0:
        wrapup = wrapups[floor.written if len(wrapups) > 1 else 0]
        floor.written += 1
        floor.write_s += (now + wrapup) - now
        _sink(heap, floor.busy, now + wrapup, _plan(floor, seat, WRITES))
    elif seats[seat].logged_in == 0:
        _is_done(seats, heap, floor, seat)
        _seat_left(callers, floor, now)
    else:
        number = _next(callers, floor, now)
        if number >= 0:
            end = _until(callers[number], floor, now)
            _sink(heap, floor.busy, end, _plan(floor, seat, _what(callers[number])))
        else:
            _is_done(seats, heap, floor, seat)
            _link(seats, seat)


def _is_done(seats: Rows, heap: Rows, floor: Row, seat: int) -> None:
    """The seat on top of the heap is busy no more."""
    floor.busy -= 1
    seats[seat].busy = 0
    if floor.busy > 0:
        last = heap[floor.busy]
        _sink(heap, floor.busy, last.at, last.of)


# ---- who sits there


def _changes(callers: Rows, change: Row, seats: Rows, heap: Rows, floor: Row) -> None:
    """Somebody logs in or out; who is in a call finishes it, and the record."""
    seat = seats[change.seat]
    if seat.logged_in == change.there:
        return
    seat.logged_in = change.there
    floor.logged_in += 2 * change.there - 1
    if seat.busy:
        return
    if change.there == 0:
        _unlink(seats, change.seat)
        _seat_left(callers, floor, change.at)
        return
    number = _next(callers, floor, change.at)
    if number >= 0:
        _rings(callers[number], seats, heap, floor, change.seat, change.at)
    else:
        _link(seats, change.seat)


def _seat_left(callers: Rows, floor: Row, now: float) -> None:
    """Where the last seat is empty, somebody may come within a while; else those who wait are sent away."""
    if floor.logged_in == 0 and floor.deserted_at == math.inf:
        _drop(callers, floor, now)
        if floor.waiting > 0:
            floor.deserted_at = now + DESERTED_S


def _nobody_came(callers: Rows, floor: Row, now: float) -> None:
    floor.deserted_at = math.inf
    if floor.logged_in > 0:
        return
    _drop(callers, floor, now)
    for number in range(floor.head, floor.arrived):
        if callers[number].code == WAITS:
            callers[number].code = OVERFLOWED
            callers[number].wait = now - callers[number].at
    floor.waiting, floor.head = 0, floor.arrived


def _link(seats: Rows, seat: int) -> None:
    """A seat is free: behind all that are free already."""
    ends = len(seats) - 1
    last = seats[ends].before
    seats[last].after = seats[ends].before = seat
    seats[seat].before, seats[seat].after = last, ends


def _unlink(seats: Rows, seat: int) -> None:
    before, after = seats[seat].before, seats[seat].after
    seats[before].after, seats[after].before = after, before


# ---- the heap of what ends next


def _push(heap: Rows, place: int, at: float, of: int) -> None:
    """One more; the heap has had `place` entries."""
    while place > 0:
        parent = (place - 1) >> 1
        if _before(heap[parent].at, heap[parent].of, at, of):
            break
        heap[place].at, heap[place].of = heap[parent].at, heap[parent].of
        place = parent
    heap[place].at, heap[place].of = at, of


def _sink(heap: Rows, size: int, at: float, of: int) -> None:
    """Put this in the place of the first one; the heap has `size` entries."""
    place, child = 0, 1
    while child < size:
        other = child + 1
        if other < size and _before(heap[other].at, heap[other].of, heap[child].at, heap[child].of):
            child = other
        if not _before(heap[child].at, heap[child].of, at, of):
            break
        heap[place].at, heap[place].of = heap[child].at, heap[child].of
        place, child = child, 2 * child + 1
    heap[place].at, heap[place].of = at, of


def _before(at: float, of: int, other_at: float, other_of: int) -> bool:
    return at < other_at or (at == other_at and of < other_of)


HELPERS = (
    _all_done, _arrives, _next, _abandons, _drop, _rings, _until, _what, _plan, _ends, _is_done, _changes, _seat_left,
    _nobody_came, _link, _unlink, _push, _sink, _before,
)  # fmt: skip
"""All that `simulate` calls, for the compiler."""
