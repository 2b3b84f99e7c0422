"""A second leg of an operator's telephone."""

from __future__ import annotations

import msgspec

from acd.seat import Seat
from engine.call import Call, Party


class SecondLine(msgspec.Struct, eq=False):
    """A second leg of a seat in charge of a call, for one consulted `party`.

    `rings`: it hears the ringback tone. `talks`: the operator talks on this leg and not on his `first` one.
    """

    leg: str
    first: str
    seat: Seat
    call: Call
    party: Party
    rings: bool = True
    talks: bool = False
