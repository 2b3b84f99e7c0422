"""What the engine believes, compared with what Asterisk has.

A difference comes out as the event that the engine would have been told of, had nothing been lost; what the engine
wanted and Asterisk has not done is done again. Why that is safe while calls go on: the belief that is compared is
what the engine believed before the lists were asked for *and* after they were there, and Asterisk carries our
requests out in their order, so that whatever it was told before is in its lists. So

- a leg that is not in the list has ended: its id never comes again;
- a leg that is up in our application was picked up, two that are in their bridge are connected, a playback that is
  not found is over. To be told so once more, by the event that was on its way, means nothing to the engine;
- a leg that nobody has ever heard of has arrived (`Past`: its event, if it still comes, is not told again);
- a leg or bridge of ours that the engine does not know it will never know, as it never gives an id twice. It is
  ended all the same only when it was found twice, or when we have just begun and nothing can be on its way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator

import msgspec

from calls.event import Event
from calls.events import (
    CallArrived,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    MessageFinished,
    PhoneDialled,
)
from engine.belief import Belief, Leg
from telephony.from_asterisk import INBOUND, PHONE, SEAT, SNOOP
from telephony.seen import Seen, SeenLeg

_OURS = {(kind,) for kind in (INBOUND, PHONE, SEAT, SNOOP)}
OUR_LEG = re.compile(r"c\d+\w*-\d+\.[a-z]\d+")
OUR_BRIDGE = re.compile(r"c\d+\w*-\d+\.[bm]\d+")


class Findings(msgspec.Struct, frozen=True):
    """`events`: in the order in which the engine is to be told. The rest is for Asterisk.

    `answer`: callers who are to be answered again; `put_in`, `take_out`: (bridge, leg). `hang_up` and `close` are
    suspects: legs and bridges that are nobody's.
    """

    events: list[Event] = []
    answer: list[str] = []
    put_in: list[tuple[str, str]] = []
    take_out: list[tuple[str, str]] = []
    hang_up: list[str] = []
    close: list[str] = []

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


def compare(believed: Belief, seen: Seen, known: Container[str], past: Container[str]) -> Findings:
    """The differences.

    `known`: legs and bridges that the engine knows, be it not for the whole time of the look. `past`: the legs of
    which it has ever heard.
    """
    lost = _lost(believed, seen)
    there = {name: leg for name, leg in believed.legs.items() if name not in lost and not leg.ending}
    new = [leg for leg in seen.legs.values() if leg.id not in known and leg.id not in past and _arrival(leg)]
    return Findings(
        [
            # They talked, and may have hung up since: who does so before he was connected has given up.
            *(LegsConnected(bridge) for bridge in sorted(believed.awaited & seen.met)),
            # What he said counts, be it that he hung up after it: Asterisk tells the end of his message first as well.
            *_spoken(believed, seen),
            *(LegEnded(name) for name in lost if believed.legs[name].role == "caller"),
            *(LegAnswered(name) for name, leg in there.items() if _picked_up(leg, seen.legs[name])),
            *_connected(believed, seen),
            *(LegEnded(name) for name in lost if believed.legs[name].role != "caller"),
            *_played(believed, seen),
            *(event for leg in sorted(new, key=lambda leg: leg.since) if (event := _arrival(leg))),
        ],
        [name for name, leg in there.items() if _is_unanswered(name, leg, believed, seen)],
        [(leg.bridge, name) for name, leg in there.items() if _is_out(name, leg, seen)],
        [(seen.where(name), name) for name, leg in there.items() if _is_in(name, leg, believed, seen)],
        [*_nobodys(believed, seen, known, [leg.id for leg in new])],
        [name for name in seen.bridges if _is_ours(name, seen) and name not in known],
    )


def _lost(believed: Belief, seen: Seen) -> list[str]:
    """Legs that are gone, or in the hands of Asterisk's own dialplan."""
    return [
        name
        for name, leg in believed.legs.items()
        if name not in seen.legs or (leg.role == "caller" and not seen.legs[name].inside)
    ]


def _picked_up(leg: Leg, there: SeenLeg) -> bool:
    return leg.role != "caller" and leg.up is False and there.up and there.inside


def _is_unanswered(name: str, leg: Leg, believed: Belief, seen: Seen) -> bool:
    # Asterisk would answer him after what plays to him, and until then no request of ours at all.
    if leg.role != "caller" or not leg.up or seen.legs[name].up:
        return False
    return all(where != name or playback in seen.over for playback, where in believed.playbacks.items())


def _connected(believed: Belief, seen: Seen) -> Iterator[Event]:
    for bridge in believed.awaited - seen.met:
        members = believed.members(bridge)
        if len(members) > 1 and members <= seen.bridges.get(bridge, frozenset()):
            yield LegsConnected(bridge)


def _played(believed: Belief, seen: Seen) -> Iterator[Event]:
    for playback, leg in believed.playbacks.items():
        if playback in seen.over and leg in seen.legs:
            yield GuidanceFinished(playback)


def _spoken(believed: Belief, seen: Seen) -> Iterator[Event]:
    for message in believed.messages:
        if message in seen.over:
            yield MessageFinished(message, seen.spoken.get(message, 0.0))


def _arrival(leg: SeenLeg) -> Event | None:
    match leg.args:
        case (kind, number, caller, *_) if kind == INBOUND:
            return CallArrived(leg.id, number, caller)
        case (kind, number, phone, *_) if kind == PHONE and phone:
            return PhoneDialled(leg.id, phone, number)
    return None


# ---- bridges


def _is_out(name: str, leg: Leg, seen: Seen) -> bool:
    there = seen.legs[name]
    return bool(leg.bridge and there.up and there.inside and name not in seen.bridges.get(leg.bridge, ()))


def _is_in(name: str, leg: Leg, believed: Belief, seen: Seen) -> bool:
    """Whether a leg that is to be in no bridge is in one that goes on."""
    return not leg.bridge and seen.where(name) in believed.bridges


def _is_ours(bridge: str, seen: Seen) -> bool:
    """Asterisk counts a bridge as an application's with the first leg in it; another engine's has legs in it."""
    return OUR_BRIDGE.fullmatch(bridge) is not None and (
        bridge in seen.own_bridges or not seen.bridges[bridge]
    )


# ---- legs that are nobody's


def _nobodys(believed: Belief, seen: Seen, known: Container[str], new: Collection[str]) -> Iterator[str]:
    for name, leg in seen.legs.items():
        if name in known:
            if name in believed.legs and believed.legs[name].ending:
                yield name
        elif name not in new and _is_made_by_us(leg, seen):
            yield name


def _is_made_by_us(leg: SeenLeg, seen: Seen) -> bool:
    if leg.args is not None:
        return leg.args[:1] in _OURS
    return OUR_LEG.fullmatch(leg.id) is not None and (leg.id in seen.own_legs or leg.mark is not None)
