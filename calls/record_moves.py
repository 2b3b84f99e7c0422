"""What each move of a call changes in its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from calls import talks
from calls.degraded import leg_of
from calls.lifecycle import MOVE, OUTCOME, STATE, State
from calls.notes import NoteMoved
from calls.outages import DegradedCallEnded

if TYPE_CHECKING:
    from calls.record import CallRecord

Operators = Mapping[str, str]
"""Who sits at which seat."""

SOMEBODY = "outside:"
"""With whom a caller talks whose call was adopted, where nothing of that telephone is known."""

PARKED = frozenset({State.HELD, State.CONSULTING})


class Unsaid(msgspec.Struct):
    """What has to be remembered of a call that does not stand in its record.

    `rung`: the telephone that was rung last for it besides those of its queue; `parked_at`: since when the caller is
    on hold. `taken_by`: the seat of a supervisor who takes the call over in this moment; his moves are those of a
    transfer, which it is not.
    """

    rung: str = ""
    taken_by: str = ""
    parked_at: float | None = None


def dealt_with_alone(event: DegradedCallEnded, operators: Operators) -> dict[str, Any]:
    """The fields of the record of a call that the engine never had.

    Outside the hours the caller was in no line; within them he was in one from the beginning.
    """
    answered = event.answered_at > 0
    who = talks.of_seat(event.seat) if event.seat else "outside:backup"
    return {
        "call": event.call,
        "leg": leg_of(event.call),
        "project": event.project,
        "number": event.number,
        "caller": event.caller,
        "arrived_at": event.arrived_at,
        "queued_at": None if event.how == "closed" else event.arrived_at,
        "answered_at": event.answered_at if answered else None,
        "seat": event.seat,
        "operator": operators.get(event.seat, "") if event.seat else "",
        "ended_at": event.ended_at,
        "closed_at": event.ended_at,
        "state": STATE.CLOSED,
        "outcome": OUTCOME.DEGRADED_ANSWERED if answered else OUTCOME.DEGRADED_UNANSWERED,
        "talks": (talks.Talk(who, "operator", event.answered_at, event.ended_at),) if answered else (),
    }


def ring(record: CallRecord, who: str, unsaid: Unsaid) -> None:
    """A telephone is rung for a call: to transfer it, to consult, or to have a third one in it."""
    unsaid.rung = who
    if record.state is STATE.TRANSFERRED:
        record.transferred_to = who


def move(record: CallRecord, note: NoteMoved, at: float, unsaid: Unsaid, operators: Operators) -> None:
    """Write a move into the record."""
    before, record.state = record.state, note.state
    if before in PARKED or note.state in PARKED:
        _park(record, at, unsaid)
    match note.move:
        case MOVE.QUEUED:
            _queued(record, note, at)
        case MOVE.OFFERED | MOVE.DIALLED:
            _rings(record, note, at)
        case MOVE.ANSWERED:
            _answered(record, note, at, before, unsaid, operators)
        case MOVE.TRANSFERRED:
            _transferred(record, note, at, before, unsaid)
        case MOVE.RETURNED:
            _nobody_reached(record, before)
        case MOVE.REFUSED:
            _refused(record, at, before)
        case MOVE.FINISHED:
            _ended(record, at)
    if note.state is STATE.CLOSED:
        record.closed_at = at
        record.lost_at = at if note.move is MOVE.LOST else None
        _ended(record, at)


def _ended(record: CallRecord, at: float) -> None:
    record.ended_at = at if record.ended_at is None else record.ended_at
    record.talks = talks.all_ended(record.talks, record.ended_at)


def _park(record: CallRecord, at: float, unsaid: Unsaid) -> None:
    if unsaid.parked_at is not None:
        record.hold_seconds += max(0.0, at - unsaid.parked_at)
    unsaid.parked_at = at if record.state in PARKED else None


def _queued(record: CallRecord, note: NoteMoved, at: float) -> None:
    record.queue = note.queue
    record.queued_at = at if record.queued_at is None else record.queued_at
    if record.answered_at is None:
        record.left_line_at = None  # he is in a line again: the wait goes on


def _rings(record: CallRecord, note: NoteMoved, at: float) -> None:
    record.rang_at = at
    record.offers += note.move is MOVE.OFFERED
    record.seat = talks.seat_in_charge(record.talks) or note.seat


def _answered(
    record: CallRecord, note: NoteMoved, at: float, before: State, unsaid: Unsaid, operators: Operators
) -> None:
    record.answered_at = at if record.answered_at is None else record.answered_at
    seat = note.seat or ("" if before is STATE.TRANSFERRED else record.seat)
    who = talks.of_seat(seat) if seat else record.transferred_to or unsaid.rung or SOMEBODY
    # Who gets back the caller whom he had sent away has not been transferred anybody.
    unmoved = (talks.of_seat(talks.seat_in_charge(record.talks)), talks.of_seat(unsaid.taken_by))
    transferred = before is STATE.TRANSFERRED and who not in unmoved
    record.transferred_to = who if transferred else ""
    record.transfers += (who,) if transferred else ()
    unsaid.taken_by = ""
    record.talks = talks.charge_taken(record.talks, who, "transferred" if transferred else "operator", at)
    record.seat = talks.seat_in_charge(record.talks)
    if who == talks.of_seat(record.seat):
        record.operator = operators.get(record.seat, "")


def _transferred(record: CallRecord, note: NoteMoved, at: float, before: State, unsaid: Unsaid) -> None:
    record.talks = talks.charge_given_up(record.talks, at)
    record.transferred_to = unsaid.rung if before is STATE.CONSULTING else ""
    if before is STATE.IVR:
        record.seat = note.seat


def _refused(record: CallRecord, at: float, before: State) -> None:
    if before is STATE.TRANSFERRED:
        _nobody_reached(record, before)
    elif record.answered_at is None:
        record.left_line_at = at


def _nobody_reached(record: CallRecord, before: State) -> None:
    record.seat = talks.seat_in_charge(record.talks)
    if before is STATE.TRANSFERRED:
        record.transferred_to = ""
