"""One queue as the router sees it: who waits for which seats, and which seats are free for whom."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from acd.line import Place, WaitingLine
from acd.policies import POLICIES, Policy, at_once
from acd.seat import Seat, Serves
from calls.queue_settings import QueueSettings

Kept = tuple[int, float, float]
"""What a call keeps wherever it goes: its own priority, its number among all calls, since when it waits.

Numbers are whole ones, but for calls that had been waiting before anybody here knew of them."""


def number_among(kept: Iterable[Kept], since: float, newest: int) -> float:
    """The number of a call that waits since then: behind those who do so longer, before the others.

    `newest`: the number that is the next one to be given.
    """
    known = [(number, begun) for _, number, begun in kept]
    before = max((number for number, begun in known if begun <= since), default=None)
    behind = min((number for number, begun in known if before is None or number > before), default=None)
    if behind is None:
        return newest
    return behind - 1 if before is None else (before + behind) / 2


class Tier:
    """The callers of a queue who may be taken by seats with a delay of `after_s` seconds.

    `waiting`: no telephone rings for them. `wanting`: some ring, but fewer than they want.
    """

    __slots__ = ("after_s", "waiting", "wanting")

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s
        self.waiting = WaitingLine()
        self.wanting = WaitingLine()


class Pool(NamedTuple):
    """The free seats of one skill level and one delay."""

    level: int
    after_s: float
    free: Policy


class ServedQueue:
    """The lines and the free seats of a queue. The first tier, without a delay, is always there."""

    def __init__(self, settings: QueueSettings) -> None:
        self.priority = settings.priority
        self.sticky = settings.sticky
        self.at_once = at_once(settings)
        self.tiers = [Tier(0.0)]
        self.pools: list[Pool] = []
        self.seats: dict[str, Seat] = {}
        self._policy = POLICIES[settings.policy]

    # ---- seats

    def way(self, seat: Seat, serves: Serves) -> Way:
        """From now on a seat serves this queue."""
        self.seats[seat.id] = seat
        return Way(self, self._tier(serves.after_s), self._pool(serves.level, serves.after_s).free)

    def staffed(self) -> bool:
        """Whether anybody who serves it is there, free or busy."""
        return any(seat.staffed for seat in self.seats.values())

    def deserted(self) -> bool:
        """Whether nobody who serves it is logged in and can be reached, whatever he does."""
        return not any(seat.logged_in and seat.reachable for seat in self.seats.values())

    def any_free(self) -> bool:
        """Whether any seat is free for a caller who has not waited at all."""
        for pool in self.pools:  # noqa: SIM110 - asked for each caller: a generator takes twice as long
            if pool.after_s <= 0 and pool.free:
                return True
        return False

    def open_to(self, since: float, now: float) -> Iterator[Policy]:
        """The free seats for a caller who waits since `since`, in the order in which they are asked."""
        return (pool.free for pool in self.pools if since + pool.after_s <= now)

    def pick(self, since: float, now: float) -> Seat | None:
        """The free seat for a caller who waits since `since`: by level, delay and policy."""
        for _, after_s, free in self.pools:
            if since + after_s <= now:
                seat = free.pick()
                if seat is not None:
                    return seat
        return None

    def _tier(self, after_s: float) -> Tier:
        for tier in self.tiers:
            if tier.after_s == after_s:
                return tier
        insort(self.tiers, Tier(after_s), key=lambda tier: tier.after_s)
        return self._tier(after_s)

    def _pool(self, level: int, after_s: float) -> Pool:
        for pool in self.pools:
            if pool.level == level and pool.after_s == after_s:
                return pool
        insort(self.pools, Pool(level, after_s, self._policy()), key=lambda pool: pool[:2])
        return self._pool(level, after_s)

    def delays(self) -> list[float]:
        """Of the seats that serve it, each delay once, 0 first."""
        return [tier.after_s for tier in self.tiers]

    # ---- callers

    @property
    def line(self) -> WaitingLine:
        """Everybody who waits: whoever is in another tier is in the first one too."""
        return self.tiers[0].waiting

    def place(self, call: str, kept: Kept) -> Place:
        """Where a call stands here: the priorities of the queue and the caller are added."""
        return Place(-self.priority - kept[0], kept[1], call)

    def wait(self, place: Place, since: float, now: float) -> None:
        """Into the lines of all the tiers whose delay is over."""
        for tier in self.tiers:
            if since + tier.after_s > now:
                return
            tier.waiting.join(place)

    def wait_wider(self, place: Place, since: float, now: float) -> None:
        """The same for a caller who is in some of them already."""
        for tier in self.tiers:
            if since + tier.after_s > now:
                return
            if place.call not in tier.waiting:
                tier.waiting.join(place)

    def want(self, place: Place, since: float, now: float) -> None:
        """The same for a caller for whom telephones ring already, but too few."""
        for tier in self.tiers:
            if since + tier.after_s > now:
                return
            if place.call not in tier.wanting:
                tier.wanting.join(place)

    def taken(self, place: Place) -> None:
        """The first telephone rings for a caller who waited: where he waited, he may want more of them."""
        for tier in self.tiers:
            if self.at_once > 1 and place.call in tier.waiting:
                tier.wanting.join(place)
            tier.waiting.leave(place.call)

    def leave(self, call: str) -> None:
        """Out of the lines."""
        for tier in self.tiers:
            tier.waiting.leave(call)

    def satisfy(self, call: str) -> None:
        """He wants no more telephones."""
        for tier in self.tiers:
            tier.wanting.leave(call)

    def next_after(self, call: str) -> float | None:
        """The shortest delay of the tiers in which a waiting or wanting call is not yet; None if there is none."""
        for tier in self.tiers:
            if call not in tier.waiting and call not in tier.wanting:
                return tier.after_s
        return None

    def any_callers(self) -> bool:
        """Whether anybody waits for a telephone, or for one more of them."""
        return bool(len(self.tiers[0].waiting) or len(self.tiers[0].wanting))

    def take_over(self, old: ServedQueue) -> None:
        """Everybody moves here from the queue that was here before: in order, and as far as he had come in it."""
        raised = self.priority - old.priority
        for place in old.tiers[0].waiting:
            for tier in self._up_to(old, place.call):
                tier.waiting.join(place._replace(rank=place.rank - raised))
        for place in old.tiers[0].wanting:
            for tier in self._up_to(old, place.call):
                tier.wanting.join(place._replace(rank=place.rank - raised))

    def _up_to(self, old: ServedQueue, call: str) -> list[Tier]:
        passed = max(tier.after_s for tier in old.tiers if call in tier.waiting or call in tier.wanting)
        return [tier for tier in self.tiers if tier.after_s <= passed]


class Way(NamedTuple):
    """How a seat serves one queue: from which tier it takes callers, and where it stands when it is free."""

    queue: ServedQueue
    tier: Tier
    free: Policy
