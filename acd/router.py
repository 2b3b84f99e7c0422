"""Brings waiting calls and free seats together.

Rule: a free seat takes the oldest caller (highest priority first) of all the queues that it serves, as far as the
caller has waited for its delay; a new caller goes to the free seats that his queue picks: by skill level, then by
delay, then by policy. So there is never a free seat while somebody waits whom it may serve. Who has a telephone
ringing and wants more of them comes after everybody who has none. Each decision costs O(log n).

Delays pass by themselves only where somebody watches the clock: `next_widening` says when `widen` is to be called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from acd.policies.sticky import last_operator
from acd.seat import Seat, Serves
from acd.served_queue import Kept, ServedQueue, Way, number_among
from calls.queue_settings import QueueSettings


class Changes(NamedTuple):
    """What follows from a reorganisation: call `seat_free` for each of `seats`, which are free no more, since somebody
    waits for them, and ask `next_widening` again for each of `calls`, which wait."""

    seats: list[Seat]
    calls: list[str]


class Router:
    """Lines and free seats of all queues. It decides; it changes no call, and of a seat only its turn."""

    def __init__(self, queues: Mapping[str, QueueSettings], seats: Iterable[Seat]) -> None:
        self.seats = {seat.id: seat for seat in seats}
        for order, seat in enumerate(self.seats.values()):
            seat.order = order
        self._queues = {name: ServedQueue(settings) for name, settings in queues.items()}
        self._ways = {seat.id: self._ways_of(seat) for seat in self.seats.values()}
        self._places: dict[str, Kept] = {}
        self._wants: dict[str, int] = {}
        self._number = 0
        self._turn = 0

    # ---- what people see

    def waiting(self, queue: str) -> int:
        """How many calls are in the line; those for whom a telephone rings are not."""
        return len(self._queues[queue].line)

    def in_line(self, queue: str) -> list[str]:
        """Those calls, the head first; for people and for tests, costs O(n log n)."""
        return self._queues[queue].line.in_order()

    def standing_since(self, queue: str, now: float) -> float:
        """Since when the head of the line waits; `now` where nobody does."""
        head = self._queues[queue].line.head()
        return now if head is None else self._places[head.call][2]

    def free(self, queue: str) -> int:
        """How many seats a new caller would find free at once."""
        return sum(len(pool.free) for pool in self._queues[queue].pools if pool.after_s <= 0)

    def deserted(self) -> list[str]:
        """The waiting calls, in order, for which nobody is there any more, nor after a break or a rest."""
        deserted = (served for served in self._queues.values() if len(served.line) and served.deserted())
        return [call for served in deserted for call in served.line.in_order()]

    def any_free(self, queue: str) -> bool:
        """Whether a new caller would find a seat free at once."""
        return self._queues[queue].any_free()

    def staffed(self, queue: str) -> bool:
        """Whether any seat of a queue is staffed, be it free or busy, whatever its delay."""
        return self._queues[queue].staffed()

    def place(self, call: str, queue: str) -> int:
        """Which place (1: the head) a call has or would have in a line, with what it kept of an earlier one."""
        served, kept = self._queues[queue], self._places.get(call)
        return 1 + (len(served.line) if kept is None else served.line.before(served.place(call, kept)))

    # ---- callers

    def join(self, call: str, queue: str, now: float, priority: int = 0, last: str = "") -> list[Seat]:
        """The seats to ring at once for a call, no longer free; an empty list: it waits in the line.

        `priority` comes on top of that of the queue. `last`: the seat of the caller's last operator, asked first where
        the queue is sticky. A call that comes back keeps its number and its wait start.
        """
        served, kept = self._queues[queue], self._places.get(call)
        if kept is None:
            self._number += 1
            kept = self._places[call] = (priority, self._number, now)
        elif kept[0] != priority:
            kept = self._places[call] = (priority, *kept[1:])
        if served.at_once > 1 or last:
            return self._join_many(call, queue, now, last)
        seat = served.pick(kept[2], now)
        if seat is None:
            served.wait(served.place(call, kept), kept[2], now)
            return []
        self._take(seat)
        return [seat]

    def reserve(self, call: str, now: float) -> Kept:
        """What a call keeps; who has no place yet gets the next one, and may join later."""
        if call not in self._places:
            self._number += 1
            self._places[call] = (0, self._number, now)
        return self._places[call]

    def adopt(self, call: str, since: float) -> None:
        """Who waits already since then gets the place that he would have if he had been known all the time."""
        self._number += 1
        self._places[call] = (0, number_among(self._places.values(), since, self._number), since)

    def next_widening(self, call: str, queue: str, now: float) -> float | None:
        """When seats with a longer delay may take a call that waits or wants more telephones; never before `now`.

        None where there are no such seats, or where the call wants nothing.
        """
        served = self._queues[queue]
        if len(served.tiers) == 1 or not (call in served.line or call in self._wants):
            return None
        after_s = served.next_after(call)
        return None if after_s is None else max(now, self._places[call][2] + after_s)

    def widen(self, call: str, queue: str, now: float) -> list[Seat]:
        """The moment of `next_widening` has come: the seats to ring, or an empty list (it waits on)."""
        served = self._queues[queue]
        waits = call in served.line
        if not (missing := served.at_once if waits else self._wants.get(call, 0)):
            return []
        kept = self._places[call]
        seats = self._pick(served, missing, kept[2], now)
        if waits and not seats:
            served.wait_wider(served.place(call, kept), kept[2], now)
        else:
            served.leave(call)
            self._want(call, served, missing - len(seats), now)
        return seats

    def dropped(self, call: str, queue: str, now: float) -> list[Seat]:
        """One of several telephones of a call rings no more, and it was no answer: the seats to ring instead."""
        served = self._queues[queue]
        if served.at_once == 1:
            return []
        seats = self._pick(served, 1, self._places[call][2], now)
        self._want(call, served, self._wants.get(call, 0) + 1 - len(seats), now)
        return seats

    def leave(self, call: str, queue: str) -> None:
        """A call is out of the line and wants no more telephones; it keeps its place for a return."""
        served = self._queues[queue]
        for tier in served.tiers:
            tier.waiting.leave(call)
        if self._wants and self._wants.pop(call, None) is not None:
            served.satisfy(call)

    def forget(self, call: str) -> None:
        """A call that has left needs no place any more."""
        self._places.pop(call, None)

    def inherit(self, call: str, heir: str) -> None:
        """Another call, which has not joined yet, gets the number and the wait start of this one."""
        if (kept := self._places.get(call)) is not None:
            self._places[heir] = kept

    # ---- seats

    def seat_free(self, seat: Seat, now: float) -> str | None:
        """A seat has become free: the call that it is to ring for, or None (then it waits for one)."""
        if seat.idle_since is not None:
            self._take(seat)
        ways = self._ways[seat.id]
        queue, best = None, None
        for served, tier, _ in ways:
            place = tier.waiting.head()
            if place is not None and (best is None or place < best):
                queue, best = served, place
        if queue is not None and best is not None:
            queue.taken(best)
            if queue.at_once > 1:
                self._wants[best.call] = queue.at_once - 1
            return best.call
        if self._wants and (call := self._ring_along(ways)) is not None:
            return call
        self._turn += 1
        seat.turn, seat.idle_since = self._turn, now
        for way in ways:
            way.free.add(seat)
        return None

    def seat_gone(self, seat: Seat) -> None:
        """A seat takes no calls for the time being; nothing happens if it did not wait for one."""
        if seat.idle_since is not None:
            self._take(seat)

    def serve(self, seat: Seat, serves: tuple[Serves, ...]) -> list[str]:
        """A seat, which is not free at this moment, serves something else from now on.

        The waiting calls of queues that have got a new delay by it are returned: see `Changes`.
        """
        self.seat_gone(seat)
        for served, _, _ in self._ways[seat.id]:
            served.seats.pop(seat.id, None)
        names = dict.fromkeys(found.queue for found in serves)
        before = {name: len(self._queues[name].tiers) for name in names}
        seat.serves = serves
        self._ways[seat.id] = self._ways_of(seat)
        new = (name for name, tiers in before.items() if len(self._queues[name].tiers) > tiers)
        return [call for name in new for call in self.in_line(name)]

    def reorganise(
        self, queues: Mapping[str, QueueSettings], serves: Mapping[str, tuple[Serves, ...]]
    ) -> Changes:
        """From now on there are these queues, and `serves` says what each seat serves.

        Whoever waits in a queue that stays keeps his place; free seats keep their turn. Raises ValueError, and changes
        nothing, where somebody waits in a queue that goes.
        """
        old, stays = self._queues, [name for name in queues if name in self._queues]
        for name in sorted(old.keys() - queues.keys()):
            if old[name].any_callers():
                raise ValueError(f"somebody waits in {name}: keep the queue until nobody does")
        self._queues = {name: ServedQueue(settings) for name, settings in queues.items()}
        for seat in self.seats.values():
            seat.serves = serves[seat.id]
            self._ways[seat.id] = self._ways_of(seat)
        for name in stays:
            self._queues[name].take_over(old[name])
        delayed = [name for name in stays if self._queues[name].delays() != old[name].delays()]
        return Changes(self._call_up(), [call for name in delayed for call in self.in_line(name)])

    # ---- inside

    def _ways_of(self, seat: Seat) -> tuple[Way, ...]:
        return tuple(self._queues[serves.queue].way(seat, serves) for serves in seat.serves)

    def _join_many(self, call: str, queue: str, now: float, last: str) -> list[Seat]:
        served, kept = self._queues[queue], self._places[call]
        if call in self._wants:
            self.leave(call, queue)
        seats = self._pick(served, served.at_once, kept[2], now, last)
        if seats:
            self._want(call, served, served.at_once - len(seats), now)
        else:
            served.wait(served.place(call, kept), kept[2], now)
        return seats

    def _pick(self, served: ServedQueue, most: int, since: float, now: float, last: str = "") -> list[Seat]:
        seats: list[Seat] = []
        own = self.seats.get(last) if last and served.sticky else None
        if own is not None and (own := last_operator(own, served.open_to(since, now))) is not None:
            self._take(own)
            seats.append(own)
        while len(seats) < most and (seat := served.pick(since, now)) is not None:
            self._take(seat)
            seats.append(seat)
        return seats

    def _take(self, seat: Seat) -> None:
        seat.idle_since = None
        for _, _, free in self._ways[seat.id]:
            free.remove(seat)

    def _want(self, call: str, served: ServedQueue, missing: int, now: float) -> None:
        if missing > 0:
            kept = self._places[call]
            self._wants[call] = missing
            served.want(served.place(call, kept), kept[2], now)
        elif self._wants.pop(call, None) is not None:
            served.satisfy(call)

    def _ring_along(self, ways: tuple[Way, ...]) -> str | None:
        """The oldest call that rings at fewer telephones than it wants."""
        heads = [(place, way.queue) for way in ways if (place := way.tier.wanting.head()) is not None]
        if not heads:
            return None
        place, served = min(heads, key=lambda head: head[0])
        self._wants[place.call] -= 1
        if not self._wants[place.call]:
            del self._wants[place.call]
            served.satisfy(place.call)
        return place.call

    def _call_up(self) -> list[Seat]:
        """Put the free seats into their pools anew; those for whom somebody waits are returned and free no more."""
        idle = [seat for seat in self.seats.values() if seat.idle_since is not None]
        wanted = []
        for seat in sorted(idle, key=lambda seat: seat.turn):
            ways = self._ways[seat.id]
            if any(tier.waiting.head() or tier.wanting.head() for _, tier, _ in ways):
                seat.idle_since = None
                wanted.append(seat)
            else:
                for _, _, free in ways:
                    free.add(seat)
        return wanted
