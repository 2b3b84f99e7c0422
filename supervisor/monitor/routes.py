"""The table of all that can be asked of the monitor by REST: from it come the router and the description."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from supervisor.monitor.models import Audit, Done, Ear, LogIn, SeatState, SessionTold, Switch, Switched
from supervisor.monitor.problems import Code, ProblemError

Do = Callable[[web.Request, Any], Awaitable[web.StreamResponse]]
_ALWAYS: tuple[Code, ...] = ("store_away", "failed")
_CHANGING: tuple[Code, ...] = (
    "not_logged_in", "csrf", "not_allowed", "not_found", "bad_request", "conflict", "audit_unwritable",
    "engine_away", "engine_silent", *_ALWAYS,
)  # fmt: skip
_SENDING: tuple[Code, ...] = (*_CHANGING, "too_large")
MOST_ENTRIES = 500
MOST_MISTAKES = 8
"""Of a body that has more of them, these are told."""
LOG_IN = "log_in"
"""The name of the one route that is for everybody."""


@dataclass(frozen=True)
class Route:
    """One row: `name` is a function of `supervisor.monitor.doors.Doors`. `answer` None: nothing, 204."""

    method: str
    path: str
    name: str
    summary: str
    answer: type[BaseModel] | None
    problems: tuple[Code, ...]
    body: type[BaseModel] | None = None
    query: dict[str, dict[str, Any]] = field(default_factory=dict)


ROUTES = (
    Route(
        "POST", "/api/session", LOG_IN, "Log in: answers with a cookie", SessionTold,
        ("bad_login", "too_many_tries", "csrf", "bad_request", "too_large", *_ALWAYS), LogIn,
    ),
    Route("GET", "/api/session", "session", "Who is logged in", SessionTold, ("not_logged_in", *_ALWAYS)),
    Route("DELETE", "/api/session", "log_out", "Log out", None, ("not_logged_in", "csrf", *_ALWAYS)),
    Route("POST", "/api/seats/{seat}/state", "seat", "Ready, break or logged out", Done, _SENDING, SeatState),
    Route(
        "POST", "/api/calls/{call}/ear", "ear", "Listen, whisper, barge in, or take over", Done, _SENDING, Ear
    ),
    Route("DELETE", "/api/seats/{seat}/ear", "ear_closed", "Stop taking part", Done, _CHANGING),
    Route(
        "POST", "/api/projects/{project}/switch", "switch",
        "Close or open a project, switch it to its disaster flow, or take that back", Switched, _SENDING, Switch,
    ),
    Route(
        "GET", "/api/audit", "audit", "Who did what, the newest first", Audit,
        ("not_logged_in", "not_allowed", "bad_request", *_ALWAYS),
        query={"limit": {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES, "default": 100}},
    ),
)  # fmt: skip
"""Besides these: LIVE (a WebSocket), DESCRIPTION, and the files of the page."""

LIVE, DESCRIPTION = "/api/live", "/api/openapi.json"
LIVE_PROBLEMS: tuple[Code, ...] = ("not_logged_in", "csrf", "not_allowed", "bad_request", *_ALWAYS)
JSON = "application/json"


async def body_of(route: Route, request: web.Request) -> Any:
    """The body of a request, as the route wants it. Raises ProblemError that says what is wrong, and no value of it."""
    if route.body is None:
        return None
    if request.content_type != JSON:
        raise ProblemError("bad_request", f"send the body as {JSON}")
    try:
        return route.body.model_validate_json(await request.read())
    except web.RequestPayloadError:
        raise ProblemError("bad_request", "the body came damaged, or not at all: send it again") from None
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'the body'}: {one['msg']}"
            for one in error.errors(include_input=False)[:MOST_MISTAKES]
        )
        raise ProblemError("bad_request", told) from None


def limit_of(request: web.Request) -> int:
    """How many entries are asked for."""
    try:
        limit = int(request.query.get("limit", "100"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= MOST_ENTRIES:
        raise ProblemError("bad_request", f"limit: a number from 1 to {MOST_ENTRIES}")
    return limit
