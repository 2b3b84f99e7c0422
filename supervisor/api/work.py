"""One request in hand, and the table's row that it came by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from supervisor.api.asks import Asks
from supervisor.api.bodies import Nothing
from supervisor.api.errors import RefusedError
from supervisor.api.house import House
from supervisor.api.office import Office
from supervisor.api.rights import Right, Who
from supervisor.api.views import Views
from supervisor.board import Board


class Desk:
    """Everything that answers requests: made once for a running service."""

    def __init__(self, office: Office, board: Board) -> None:
        self.office = office
        self.board = board
        self.house = House(office.floor, board)
        self.views = Views(office, self.house)
        self.asks = Asks(office.feed)


@dataclass(frozen=True)
class Work:
    """One request: who asks, the names in its path (and behind its question mark), its body, and his reason if any."""

    desk: Desk
    who: Who
    path: Mapping[str, str]
    body: Any
    why: str = ""


Do = Callable[[Work], Awaitable[msgspec.Struct]]


@dataclass(frozen=True)
class Route:
    """One row of the table: from it come the router, the OpenAPI description and docs/api.md.

    `refusals`: the statuses it may answer with besides 200, 400, 401 and 403. `example`: a body that would do. `query`:
    what may be said behind a question mark.
    """

    method: str
    path: str
    right: Right
    summary: str
    answer: Any
    do: Do
    body: type[msgspec.Struct] = Nothing
    example: Mapping[str, Any] | None = None
    refusals: tuple[int, ...] = ()
    query: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A word for it, as `postSeatsHold`."""
        words = [
            word for word in self.path.replace("{", "").replace("}", "").split("/") if word not in ("", "v1")
        ]
        return self.method.lower() + "".join(
            word.replace(".", " ").title().replace(" ", "") for word in words
        )


def decoded(route: Route, data: bytes) -> Any:
    """The body of a request. Raises RefusedError (400) that says what to write instead."""
    try:
        return msgspec.json.decode(data or b"{}", type=route.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError(400, f"{error}; {_instead(route)}") from None


def _instead(route: Route) -> str:
    if route.example is None:
        return "send no body, or {}"
    return f"write for example {msgspec.json.encode(route.example).decode()}"
