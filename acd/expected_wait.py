"""How long a caller who came now would wait: estimated from how fast the line has really moved of late.

What counts is the time in which somebody waited: an answer that found a free seat at once says nothing about how fast
a line moves. The pace, in seconds per answer, is steady, and so worth being told to anybody, where

- at least FEWEST answers were given to somebody who waited, within the last WINDOW_S seconds, and
- the older half of them, the newer half, and the latest LATEST agree: none is more than FACTOR times as slow as
  another.

A line that stands still counts as one that slows down: the time since the last answer belongs to the newest ones.
"""

from __future__ import annotations

from collections import deque

WINDOW_S = 1800.0
FEWEST = 10
LATEST = 10
FACTOR = 2.0
MOST = 500


class Throughput:
    """The answers of one queue in the last WINDOW_S seconds, at most MOST of them.

    Each is its time and all the waiting time until then, so that the pace of any stretch is one subtraction.
    """

    __slots__ = ("_answers", "_before", "last")

    def __init__(self) -> None:
        self._answers: deque[tuple[float, float]] = deque()
        self._before = 0.0
        self.last: float | None = None

    def __len__(self) -> int:
        return len(self._answers)

    def answered(self, now: float, since: float | None) -> None:
        """A call was answered that had waited since `since`; None: as if the line had not been empty of late."""
        begin, self.last = self._moving_since(now, since), now
        if begin is None:
            return
        total = self._answers[-1][1] if self._answers else self._before
        self._answers.append((now, total + now - begin))
        if len(self._answers) > MOST:
            self._drop()

    def _moving_since(self, now: float, since: float | None) -> float | None:
        """From when to `now` one answer took; None where that is not known, or nobody waited for it."""
        if since is None:
            return self.last if self.last is not None and self.last > now - WINDOW_S else None
        if since >= now:
            return None
        return since if self.last is None else max(since, self.last)

    def pace(self, now: float, standing_since: float | None = None) -> float | None:
        """Seconds per answer, or None where it is not steady; `standing_since`: see `expected_wait`."""
        self._forget(now)
        answers, count = self._answers, len(self._answers)
        if count < FEWEST or self.last is None:
            return None
        standing = max(0.0, now - max(self.last, standing_since or 0.0))
        end, middle = answers[-1][1], answers[count // 2 - 1][1]
        older = (middle - self._before) / (count // 2)
        newer = _slowed(end - middle, count - count // 2, standing)
        latest = _slowed(end - self._until(count - LATEST), min(LATEST, count), standing)
        if max(older, newer, latest) > FACTOR * min(older, newer, latest):
            return None
        return _slowed(end - self._before, count, standing)

    def _until(self, count: int) -> float:
        return self._answers[count - 1][1] if count > 0 else self._before

    def _forget(self, now: float) -> None:
        while self._answers and self._answers[0][0] <= now - WINDOW_S:
            self._drop()

    def _drop(self) -> None:
        self._before = self._answers.popleft()[1]


class Answers:
    """How fast the line of each queue has moved."""

    def __init__(self) -> None:
        self._queues: dict[str, Throughput] = {}

    def answered(self, queue: str, now: float, since: float | None = None) -> None:
        """A call of a queue was answered that had waited since `since` (`now`: a seat was free for it at once).

        None: not known; then the line counts as never empty.
        """
        throughput = self._queues.get(queue)
        if throughput is None:
            throughput = self._queues[queue] = Throughput()
        throughput.answered(now, since)

    def resumed(self, away_s: float) -> None:
        """Nobody could be answered in the last `away_s` seconds: they say nothing about how fast a line moves."""
        for throughput in self._queues.values():
            if throughput.last is not None:
                throughput.last += away_s

    def of(self, queue: str) -> Throughput:
        """What is known of a queue."""
        return self._queues[queue] if queue in self._queues else Throughput()


def expected_wait(
    answers: Throughput, ahead: int, now: float, standing_since: float | None = None
) -> float | None:
    """Seconds until a caller with `ahead` callers before him is answered; None where the pace is not steady.

    Each caller ahead, and he himself, costs one answer's time. `standing_since`: since when the head of the line
    waits; with None the line has stood still since the last answer.
    """
    pace = answers.pace(now, standing_since)
    return None if pace is None else (ahead + 1) * pace


def _slowed(waited: float, count: int, standing: float) -> float:
    """The pace of some answers; if the next one is overdue, as if it came right now."""
    return max(waited / count, (waited + standing) / (count + 1))
