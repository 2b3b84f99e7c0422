"""How long a caller who came now would wait: estimated from how fast the line has moved of late."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

WINDOW_S = 1800.0
FEWEST = 5
MOST = 500


class Answers:
    """When the calls of each queue were answered: the last MOST of each."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}

    def answered(self, queue: str, now: float) -> None:
        """A call of a queue was answered."""
        times = self._times.get(queue)
        if times is None:
            times = self._times[queue] = deque(maxlen=MOST)
        times.append(now)

    def of(self, queue: str) -> Sequence[float]:
        """The times of a queue, the oldest first."""
        return self._times.get(queue, ())


def expected_wait(answered: Sequence[float], ahead: int, now: float) -> float | None:
    """Seconds until a caller with `ahead` callers before him is answered; `answered` are the times, oldest first.

    None where fewer than FEWEST answers lie in the last WINDOW_S: too little is known then. Each caller ahead, and
    he himself, costs the mean interval between two answers. A line that stands still counts as one that slows down.
    """
    recent = [at for at in answered if at > now - WINDOW_S]
    if len(recent) < FEWEST:
        return None
    pace = (recent[-1] - recent[0]) / (len(recent) - 1)
    return (ahead + 1) * max(pace, (now - recent[0]) / len(recent))
