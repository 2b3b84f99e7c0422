"""How often somebody may try to log in: three counts over sliding windows, in bounded memory. Time is an argument."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import NamedTuple

MOST_KEYS = 10_000
"""So many users, addresses, and pairs of them are remembered; of more, those that tried longest ago are forgotten."""


class Rate(NamedTuple):
    """So many tries within so many seconds."""

    tries: int
    seconds: float


PER_PAIR = Rate(5, 300.0)
PER_USER = Rate(30, 900.0)
PER_ADDRESS = Rate(30, 300.0)


class Window:
    """Counts of one kind, by key."""

    def __init__(self, rate: Rate, most: int = MOST_KEYS) -> None:
        self._rate = rate
        self._most = most
        self._tries: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def wait(self, key: Hashable, now: float) -> float:
        """Seconds until the next try may be made; 0.0 if at once."""
        times = self._tries.get(key)
        if times is None:
            return 0.0
        while times and self._left(times[0], now) <= 0.0:
            times.popleft()
        if not times:
            del self._tries[key]
        return self._left(times[0], now) if len(times) >= self._rate.tries else 0.0

    def count(self, key: Hashable, now: float) -> None:
        """A try was made."""
        # More than the newest do not matter: the oldest of these tells when the next try may be made.
        self._tries.setdefault(key, deque(maxlen=self._rate.tries)).append(now)
        self._tries.move_to_end(key)
        if len(self._tries) > self._most:
            self._tries.popitem(last=False)

    def take_back(self, key: Hashable) -> None:
        """The last try was no guess after all."""
        times = self._tries.get(key)
        if times:
            times.pop()

    def forget(self, key: Hashable) -> None:
        """As if nothing had ever been tried."""
        self._tries.pop(key, None)

    def _left(self, at: float, now: float) -> float:
        return at + self._rate.seconds - now

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._tries)


class Limits:
    """Tries per user and address, per user, and per address.

    A user who has logged in from an address before is not kept out there by those who guess at his password from
    others: for such a pair the count per user does not matter.
    """

    def __init__(
        self,
        per_pair: Rate = PER_PAIR,
        per_user: Rate = PER_USER,
        per_address: Rate = PER_ADDRESS,
        most: int = MOST_KEYS,
    ) -> None:
        self._pairs = Window(per_pair, most)
        self._users = Window(per_user, most)
        self._addresses = Window(per_address, most)
        self._good: OrderedDict[Hashable, None] = OrderedDict()
        self._most = most

    def ask(self, user: str, address: str, now: float) -> float:
        """0.0: go ahead, and this try is counted. Else the seconds to wait, and nothing is counted.

        `now`: seconds of any clock that does not go back. A try that has not succeeded yet counts as one that failed,
        so that a hundred at once are a hundred.
        """
        place = network(address)
        pair = (user, place)
        waits = [self._pairs.wait(pair, now), self._addresses.wait(place, now)]
        if pair not in self._good:
            waits.append(self._users.wait(user, now))
        if wait := max(waits):
            return wait
        self._pairs.count(pair, now)
        self._addresses.count(place, now)
        self._users.count(user, now)
        return 0.0

    def succeeded(self, user: str, address: str) -> None:
        """The try that was counted last was the right password."""
        place = network(address)
        pair = (user, place)
        self._pairs.forget(pair)
        # Only his own try: who has one account must not wipe out his guesses at others.
        self._addresses.take_back(place)
        self._users.take_back(user)
        self._good[pair] = None
        self._good.move_to_end(pair)
        if len(self._good) > self._most:
            self._good.popitem(last=False)

    def not_looked_at(self, user: str, address: str) -> None:
        """The try that was counted last was none: the store did not answer, and no password was compared."""
        place = network(address)
        self._pairs.take_back((user, place))
        self._addresses.take_back(place)
        self._users.take_back(user)

    def __len__(self) -> int:
        """How many things are remembered in all."""
        return len(self._pairs) + len(self._users) + len(self._addresses) + len(self._good)


def network(address: str) -> str:
    """What counts as one address: of IPv6 the /64, which is what one household or one office has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((ip, 64), strict=False))
