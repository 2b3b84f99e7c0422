"""The live picture of the centre: a pure fold of the journal."""

from supervisor.board.fold import Board, Change
from supervisor.board.pictures import CallbackPicture, CallPicture, EarPicture, Party, SeatPicture

__all__ = ["Board", "CallPicture", "CallbackPicture", "Change", "EarPicture", "Party", "SeatPicture"]
