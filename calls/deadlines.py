"""What is due first: a heap of deadlines in the order (time, number of setting).

The engine's own deadlines and the simulator's plans stand in the same kind of heap, so that equal times are first come,
first served in both. Our own sifting and not `heapq`: compiled, it compares two numbers without making an object.
"""

from __future__ import annotations

from mypy_extensions import mypyc_attr


@mypyc_attr(acyclic=True)
class Deadline:
    """Something at a time `at` (seconds since 1970 UTC); of equal times the lower `number` comes first."""

    __slots__ = ("at", "number")

    def __init__(self, at: float, number: int) -> None:
        self.at = at
        self.number = number


def push(heap: list[Deadline], new: Deadline) -> None:
    """Put one in: O(log n), nearly always O(1) for one that is later than most."""
    heap.append(new)
    _towards_head(heap, len(heap) - 1)


def pop(heap: list[Deadline]) -> Deadline:
    """Take the first one out: O(log n). Raises IndexError where there is none."""
    last = heap.pop()
    if not heap:
        return last
    first = heap[0]
    heap[0] = last
    _from_head(heap)
    return first


def order(heap: list[Deadline]) -> None:
    """Make a heap of any list: sorted is one."""
    heap.sort(key=_place)


def _place(one: Deadline) -> tuple[float, int]:
    return one.at, one.number


def _towards_head(heap: list[Deadline], place: int) -> None:
    moved = heap[place]
    at, number = moved.at, moved.number
    while place > 0:
        above = (place - 1) >> 1
        other = heap[above]
        if other.at < at or (other.at == at and other.number < number):
            break
        heap[place] = other
        place = above
    heap[place] = moved


def _from_head(heap: list[Deadline]) -> None:
    moved = heap[0]
    at, number = moved.at, moved.number
    end, place = len(heap), 0
    below = 1
    while below < end:
        least = heap[below]
        if below + 1 < end:
            right = heap[below + 1]
            if right.at < least.at or (right.at == least.at and right.number < least.number):
                below, least = below + 1, right
        if at < least.at or (at == least.at and number < least.number):
            break
        heap[place] = least
        place = below
        below = 2 * place + 1
    heap[place] = moved
