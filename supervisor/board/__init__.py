"""The live picture of the centre: a pure fold of the journal."""

from supervisor.board.counts import CountKey
from supervisor.board.fold import Board, Change
from supervisor.board.pictures import (
    CallbackPicture,
    CallPicture,
    CountPicture,
    EarPicture,
    Party,
    SeatPicture,
)

__all__ = [
    "Board",
    "CallPicture",
    "CallbackPicture",
    "Change",
    "CountKey",
    "CountPicture",
    "EarPicture",
    "Party",
    "SeatPicture",
]
