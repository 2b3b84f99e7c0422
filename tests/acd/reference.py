"""The rules of the router in the plainest way: lists that are looked through from end to end at each decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.seat import Serves
from calls.queue_settings import QueueSettings


@dataclass
class Caller:
    """A call, waiting or ringing. `reached`: the delays that it has been let to; `missing`: telephones it wants."""

    id: str
    queue: str
    priority: int
    number: int
    since: float
    missing: int = 0
    rings: list[str] = field(default_factory=list)
    reached: set[float] = field(default_factory=set)

    @property
    def waits(self) -> bool:
        """In the line, with no telephone."""
        return bool(self.missing) and not self.rings


class Reference:
    """Says what a router should decide, and follows."""

    def __init__(self, queues: Mapping[str, QueueSettings], serves: Mapping[str, tuple[Serves, ...]]) -> None:
        self.queues = dict(queues)
        self.order = sorted(serves)
        self.serves = dict(serves)
        self.callers: dict[str, Caller] = {}
        self.idle: list[str] = []
        self.answered = dict.fromkeys(serves, 0)
        self.round: dict[tuple[str, int, float], int] = {}
        self.delays: dict[str, set[float]] = {}
        self.number = 0
        self._learn_delays()

    # ---- who may have whom

    def ways(self, seat: str, queue: str) -> list[Serves]:
        """How a seat serves a queue: at most one."""
        return [serves for serves in self.serves[seat] if serves.queue == queue]

    def may(self, caller: Caller, seat: str) -> bool:
        """Whether a seat may take a caller as far as he has got."""
        return any(way.after_s in caller.reached for way in self.ways(seat, caller.queue))

    def rank(self, caller: Caller) -> tuple[int, int]:
        """Smaller comes first."""
        return (-self.queues[caller.queue].priority - caller.priority, caller.number)

    def line(self, queue: str) -> list[Caller]:
        """The callers who wait in a queue, the head first."""
        return sorted((c for c in self.callers.values() if c.queue == queue and c.waits), key=self.rank)

    def free(self, queue: str) -> int:
        """Seats free for a new caller."""
        return sum(any(way.after_s == 0 for way in self.ways(seat, queue)) for seat in self.idle)

    def due(self, caller: Caller) -> float | None:
        """When the caller is to be let to the next delay."""
        ahead = self.delays[caller.queue] - caller.reached
        return caller.since + min(ahead) if ahead and caller.missing else None

    def _learn_delays(self) -> None:
        for queue in self.queues:
            ways = (way for serves in self.serves.values() for way in serves if way.queue == queue)
            self.delays.setdefault(queue, {0.0}).update(way.after_s for way in ways)

    # ---- what happens to callers

    def join(self, caller: Caller, now: float, last: str) -> list[str]:
        """He joins or comes back."""
        self.callers[caller.id] = caller
        caller.rings, caller.reached = [], set()
        caller.missing = self._telephones(caller.queue)
        return self.widen(caller, now, last if self.queues[caller.queue].sticky else "")

    def _telephones(self, queue: str) -> int:
        settings = self.queues[queue]
        return 10**6 if settings.policy == "ring_all" else settings.ring

    def widen(self, caller: Caller, now: float, last: str = "") -> list[str]:
        """He is let to everybody for whom he has waited."""
        caller.reached |= {after for after in self.delays[caller.queue] if caller.since + after <= now}
        rung = []
        while caller.missing and (seat := self._pick(caller, last)):
            last = ""
            self._ring(caller, seat)
            rung.append(seat)
        return rung

    def dropped(self, caller: Caller, seat: str, now: float) -> list[str]:
        """One of his telephones rings no more."""
        caller.rings.remove(seat)
        if self._telephones(caller.queue) == 1:
            return []
        if not caller.missing:
            caller.reached = set()  # whoever wants nothing is not let to anybody
        caller.missing += 1
        return self.widen(caller, now)

    def _ring(self, caller: Caller, seat: str) -> None:
        if seat in self.idle:
            self.idle.remove(seat)
        caller.rings.append(seat)
        caller.missing -= 1

    def _pick(self, caller: Caller, last: str) -> str:
        able = [seat for seat in self.idle if self.may(caller, seat)]
        if not able:
            return ""
        if last in able:
            return last
        level, after_s = min(
            (way.level, way.after_s) for seat in able for way in self.ways(seat, caller.queue)
        )
        best = [
            s for s in able for w in self.ways(s, caller.queue) if (w.level, w.after_s) == (level, after_s)
        ]
        return self._by_policy(best, caller.queue, level, after_s)

    def _by_policy(self, best: list[str], queue: str, level: int, after_s: float) -> str:
        policy = self.queues[queue].policy
        if policy == "fewest_calls":
            return min(best, key=lambda seat: self.answered[seat])
        if policy == "round_robin":
            last = self.round.get((queue, level, after_s), -1)
            seat = min(best, key=lambda seat: (self.order.index(seat) <= last, self.order.index(seat)))
            self.round[queue, level, after_s] = self.order.index(seat)
            return seat
        return best[0]

    # ---- what happens to seats

    def wanted_by(self, seat: str) -> Caller | None:
        """Who gets a seat that becomes free."""
        able = [caller for caller in self.callers.values() if caller.missing and self.may(caller, seat)]
        return min(able, key=lambda caller: (not caller.waits, self.rank(caller)), default=None)

    def seat_free(self, seat: str) -> str | None:
        """A seat becomes free."""
        caller = self.wanted_by(seat)
        if caller is None:
            self.idle.append(seat)
            return None
        self._ring(caller, seat)
        return caller.id

    def serve(self, seat: str, serves: tuple[Serves, ...]) -> None:
        """Somebody else sits down."""
        self.serves[seat] = serves
        self._learn_delays()

    def reorganise(
        self, queues: Mapping[str, QueueSettings], serves: Mapping[str, tuple[Serves, ...]]
    ) -> list[str]:
        """Everything is published anew; the free seats that somebody wants."""
        self.queues, self.serves, self.delays, self.round = dict(queues), dict(serves), {}, {}
        self._learn_delays()
        for caller in self.callers.values():
            if caller.waits:
                caller.missing = self._telephones(caller.queue)
            if caller.missing:
                passed = max(caller.reached)
                caller.reached = {after for after in self.delays[caller.queue] if after <= passed}
        wanted = [seat for seat in self.idle if self.wanted_by(seat) is not None]
        self.idle = [seat for seat in self.idle if seat not in wanted]
        return wanted
