"""Which leg is in which bridge, as far as we put it there."""

from __future__ import annotations


class Whereabouts:
    """A leg is in one bridge at the most."""

    def __init__(self) -> None:
        self._bridge: dict[str, str] = {}

    def put(self, bridge: str, *legs: str) -> None:
        """They are in this one from now on, wherever they were before."""
        self._bridge.update(dict.fromkeys(legs, bridge))

    def of(self, leg: str) -> str | None:
        """The bridge that it is in."""
        return self._bridge.get(leg)

    def out(self, leg: str) -> None:
        """It is in none, or gone altogether."""
        self._bridge.pop(leg, None)

    def emptied(self, bridge: str) -> list[str]:
        """Who is in there, and from now on in none."""
        legs = [leg for leg, where in self._bridge.items() if where == bridge]
        for leg in legs:
            self.out(leg)
        return legs
