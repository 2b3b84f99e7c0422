"""Which of the free seats takes the next call: one small module per policy."""

from __future__ import annotations

from typing import Protocol


class Policy(Protocol):
    """What a queue asks of a policy. It holds the seats that are free for this queue."""

    def __len__(self) -> int: ...

    def add(self, seat: str) -> None:
        """A seat has become free; it was not free before."""

    def remove(self, seat: str) -> None:
        """A seat is no longer free; nothing happens if it was not."""

    def pick(self) -> str | None:
        """The seat that is to take the next call (it stays free until `remove`), or None."""
