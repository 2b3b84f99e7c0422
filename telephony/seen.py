"""What Asterisk has at one moment, as its lists say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from telephony.ari.objects import Application, Bridge, Channel
from telephony.marks import VARIABLE, Mark, read_mark

UP, DIALPLAN_STASIS = "Up", "Stasis"


class SeenLeg(msgspec.Struct, frozen=True):
    """A channel. `args`: those of our application, None where it is not in it; `since`: when it was made (ISO 8601)."""

    id: str
    up: bool
    args: tuple[str, ...] | None = None
    mark: Mark | None = None
    since: str = ""

    @property
    def inside(self) -> bool:
        """Whether it is in our application."""
        return self.args is not None


class Seen(msgspec.Struct, frozen=True):
    """All of it. `own_legs`, `own_bridges`: those of which Asterisk tells us what happens to them.

    `over`: the playbacks and messages, of those that were asked for, that do not run. `spoken`: how long the
    messages among them are, in seconds. `met`: the bridges, of those that were asked for, in which two have been
    together, be it that they have gone since.
    """

    legs: dict[str, SeenLeg]
    bridges: dict[str, frozenset[str]]
    own_legs: frozenset[str] = frozenset()
    own_bridges: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    spoken: Mapping[str, float] = {}
    met: frozenset[str] = frozenset()

    def where(self, leg: str) -> str:
        """The bridge that a leg is in, empty where in none."""
        return next((name for name, members in self.bridges.items() if leg in members), "")


def seen(
    own: Application,
    channels: Iterable[Channel],
    bridges: Iterable[Bridge],
    over: frozenset[str] = frozenset(),
    spoken: Mapping[str, float] | None = None,
    met: frozenset[str] = frozenset(),
) -> Seen:
    """What these lists say; `own` is our application."""
    return Seen(
        {channel.id: _leg(own.name, channel) for channel in channels},
        {bridge.id: frozenset(bridge.channels) for bridge in bridges},
        frozenset(own.channel_ids),
        frozenset(own.bridge_ids),
        over,
        spoken or {},
        met,
    )


def _leg(app: str, channel: Channel) -> SeenLeg:
    return SeenLeg(
        channel.id,
        channel.state == UP,
        _args(app, channel),
        read_mark(channel.channelvars.get(VARIABLE, "")),
        channel.creationtime,
    )


def _args(app: str, channel: Channel) -> tuple[str, ...] | None:
    if channel.dialplan.app_name != DIALPLAN_STASIS:
        return None
    name, *args = channel.dialplan.app_data.split(",")
    return tuple(args) if name == app else None
