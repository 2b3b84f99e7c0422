"""What a load tells its robots while they call: a request with the id of a call, from ourselves to our own SIPp.

SIPp plays a scenario by itself. A robot whose scenario waits for these words does what somebody else decides, to the
millisecond: the simulator's own model of callers and operators.
"""

from __future__ import annotations

import itertools
import socket
from types import TracebackType
from typing import Self

from sim.live.keys import KEYS
from sim.live.messages import LEAVE, own_request
from sim.live.udp_ports import LOOPBACK

__all__ = ["DIAL", "LEAVE", "PICK_UP", "Speaker", "key_word"]

DIAL = "DIAL"
"""To a caller: call now."""
PICK_UP = "PICKUP"
"""To an operator's telephone that rings: answer now."""


def key_word(key: str) -> str:
    """To a caller: press this key. Raises ValueError where a telephone has no such key."""
    return f"KEY{KEYS.index(key)}"


class Speaker:
    """Says words to the calls of one SIPp process. Use as a context."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = itertools.count(1)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        self._socket.bind((LOOPBACK, 0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def tell(self, call_id: str, word: str) -> None:
        """Say it once; a call that does not wait for this word is broken off by SIPp."""
        own_port = self._socket.getsockname()[1]
        request = own_request(word, own_port, self._port, call_id, next(self._numbers))
        self._socket.sendto(request, (LOOPBACK, self._port))
