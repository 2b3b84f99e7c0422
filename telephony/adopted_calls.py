"""The calls that Asterisk has while the engine knows nothing of them any more, by the marks on their legs."""

from __future__ import annotations

from collections.abc import Iterator

from calls.outages import AdoptedState, CallAdopted
from telephony.from_asterisk import INBOUND
from telephony.marks import Mark
from telephony.reconcile import OUR_BRIDGE
from telephony.seen import Seen, SeenLeg


def adoptions(seen: Seen) -> list[CallAdopted]:
    """In the order in which they began to talk, or to wait, or came.

    Who is in a bridge with a seat or another party talks, whatever his mark says; who has none to talk to any more
    waits again, where he had a queue.
    """
    found = [(mark, call) for leg, mark in _callers(seen) if (call := _adopted(leg, mark, seen)) is not None]
    found.sort(key=lambda pair: (pair[1].since, seen.legs[pair[1].leg].since))
    return [call for _, call in found]


def _callers(seen: Seen) -> Iterator[tuple[SeenLeg, Mark]]:
    for leg in seen.legs.values():
        mark = leg.mark
        if mark is not None and leg.inside and (mark.role == "caller" or mark.state == "talking"):
            yield leg, mark


def _adopted(leg: SeenLeg, mark: Mark, seen: Seen) -> CallAdopted | None:
    """None for whom we had called ourselves, and who is alone."""
    bridge, other = _conversation(leg, mark, seen)
    if other is None and mark.role != "caller":
        return None
    return CallAdopted(
        leg.id, mark.call, mark.project, mark.number, _number(leg), _state(mark, other), mark.version,
        mark.queue, float(mark.since), float(mark.until),
        other.mark.seat if other is not None and other.mark is not None else "",
        other.id if other is not None else "",
        bridge if other is not None else "",
    )  # fmt: skip


def _number(leg: SeenLeg) -> str:
    match leg.args:
        case (kind, _, caller, *_) if kind == INBOUND:
            return caller
    return ""


def _state(mark: Mark, other: SeenLeg | None) -> AdoptedState:
    if other is not None:
        return "talking"
    return "waiting" if mark.queue and mark.state != "flow" else "flow"


def _conversation(leg: SeenLeg, mark: Mark, seen: Seen) -> tuple[str, SeenLeg | None]:
    """His call's bridge, and who is in it besides him: a seat before anybody else. He may be on hold outside of it."""
    for bridge, members in seen.bridges.items():
        if not (OUR_BRIDGE.fullmatch(bridge) and bridge.startswith(f"{mark.call}.b")):
            continue
        others = [seen.legs[name] for name in sorted(members) if name in seen.legs and name != leg.id]
        others = [one for one in others if one.mark is not None and one.mark.role in ("seat", "party")]
        if others:
            return bridge, min(others, key=_rank)
    return "", None


def _rank(leg: SeenLeg) -> int:
    return 0 if leg.mark is not None and leg.mark.role == "seat" else 1
