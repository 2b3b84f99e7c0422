"""What a telephone of ours may dial after a star: each code is a request, said in digits.

`*11` log in, `*12` log out, `*13` break, `*14` ready, `*15` class of the last call, `*16` end of its record; `*21`
listen, `*22` whisper, `*23` barge, `*24` take over. What follows a code is the number of a person, a break, a class or
a seat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from acd.seat import Seat
from calls.requests import (
    CallClassified,
    EarAsked,
    EarMode,
    Request,
    SeatLoggedIn,
    SeatLoggedOut,
    SeatPaused,
    SeatReadied,
    WrapUpFinished,
)
from engine.cannot import CannotError
from engine.centre import Centre
from engine.desk_texts import DeskText

BREAKS = ("休憩", "食事", "研修", "その他")
"""The reasons of a break by their number from 1; the first one where no number is dialled."""

MODES: dict[str, EarMode] = {"1": "listen", "2": "whisper", "3": "barge", "4": "take_over"}
"""How a supervisor takes part, by the last digit of the code, and by the key pressed after a star while he listens."""

_MODE_TEXTS: dict[EarMode, DeskText] = {
    "listen": "listening",
    "whisper": "whispering",
    "barge": "barging",
    "take_over": "taken_over",
}
_LENGTH = 3


class Wish(NamedTuple):
    """What a code asks for. The first request decides, a later one is done if it can be; `said`: what is said then."""

    requests: tuple[Request, ...]
    said: DeskText


Read = Callable[[str, Seat, Centre], Wish | DeskText]
"""Reads what was dialled after a code; a text alone says why it means nothing."""


def by(seat: Seat) -> str:
    """Who asks, where a telephone does."""
    return f"seat:{seat.id}"


def read(number: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    """What a dialled star code asks for; a text alone says why it means nothing."""
    reads = _CODES.get(number[:_LENGTH])
    rest = number[_LENGTH:]
    if reads is None or not (rest.isdecimal() or not rest):
        return "unknown_code"
    return reads(rest, seat, centre)


def refusal(request: Request, error: CannotError, seat: Seat, centre: Centre) -> DeskText:
    """How the telephone says why a request cannot be done."""
    if error.refusal == "forbidden":
        return "forbidden"
    match request:
        case SeatLoggedIn(operator=operator):
            return _no_log_in(error, seat, operator, centre)
        case CallClassified() if error.refusal == "unknown":
            return "no_such_class"
        case EarAsked() if not seat.wrapping and not seat.call:
            return "no_call_there"
        case SeatPaused() | SeatReadied() if not seat.logged_in:
            return "not_logged_in"
    return "not_now"


def _no_log_in(error: CannotError, seat: Seat, operator: str, centre: Centre) -> DeskText:
    person = centre.people.get(operator)
    if person is not None and not centre.fits(centre.plans[seat.id], person):
        return "does_not_fit"
    return "no_such_person" if error.refusal == "unknown" else "not_now"


def _log_in(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    person = centre.person_by_number.get(rest)
    if rest and person is None:
        return "no_such_person"
    return Wish((SeatLoggedIn(seat.id, person.id if person else "", by=by(seat)),), "logged_in")


def _log_out(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    return Wish((SeatLoggedOut(seat.id, by=by(seat)),), "logged_out")


def _pause(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    number = int(rest or "1")
    if not 0 < number <= len(BREAKS):
        return "unknown_code"
    return Wish((SeatPaused(seat.id, BREAKS[number - 1], by=by(seat)),), "break")


def _ready(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    return Wish((SeatReadied(seat.id, by=by(seat)),), "ready")


def _classify(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    asked = (CallClassified(seat.id, rest, by=by(seat)), WrapUpFinished(seat.id, by=by(seat)))
    return Wish(asked, "classified")


def _finish(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
    return Wish((WrapUpFinished(seat.id, by=by(seat)),), "wrapped_up")


def _ear(mode: EarMode) -> Read:
    def read(rest: str, seat: Seat, centre: Centre) -> Wish | DeskText:
        target = centre.seat_by_number.get(rest)
        if target is None:
            return "no_such_seat"
        return Wish((EarAsked(seat.id, mode, target.id, by=by(seat)),), _MODE_TEXTS[mode])

    return read


_CODES: dict[str, Read] = {
    "*11": _log_in,
    "*12": _log_out,
    "*13": _pause,
    "*14": _ready,
    "*15": _classify,
    "*16": _finish,
} | {f"*2{digit}": _ear(mode) for digit, mode in MODES.items()}
