"""The table of everything that the API does."""

from __future__ import annotations

from typing import Any

import msgspec

from calls.requests import (
    CallClassified,
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    DialAsked,
    EarAsked,
    EarClosed,
    HangUpAsked,
    HoldAsked,
    RetrieveAsked,
    SeatLoggedIn,
    SeatLoggedOut,
    SeatPaused,
    SeatReadied,
    SwapAsked,
    TransferAsked,
    WrapUpFinished,
)
from supervisor.api import reads, shapes
from supervisor.api.bodies import Break, Class, Dial, Ear, LogIn, Nothing, Override, Telephone
from supervisor.api.budget import BUDGET_ROUTES
from supervisor.api.commands import Make, override, seat_command, withdraw_callback
from supervisor.api.lost import LOST_ROUTES
from supervisor.api.rights import Right
from supervisor.api.work import Route

OPENAPI, STREAM = "/v1/openapi.json", "/v1/stream"
TICKS = "ticks"
HEALTHZ, READYZ, METRICS = "/healthz", "/readyz", "/metrics"
WATCHING = {
    HEALTHZ: "The process lives, and its loop turns",
    READYZ: "Whether calls can be taken: 200, or 503 and why not",
    METRICS: "Figures for Prometheus, without personal data",
}
"""For whoever watches the service: without a token, on this machine alone like everything else."""
_REFUSED = (404, 409, 503, 504)


def _get(path: str, answer: Any, summary: str, do: Any, refusals: tuple[int, ...] = ()) -> Route:
    return Route("GET", f"/v1/{path}", Right.PERSON, summary, answer, reads.reading(do), refusals=refusals)


def _seat(
    name: str,
    right: Right,
    summary: str,
    make: Make,
    body: type[msgspec.Struct] = Nothing,
    example: dict[str, Any] | None = None,
    method: str = "POST",
) -> Route:
    path, do = f"/v1/seats/{{seat}}/{name}", seat_command(right, make)
    return Route(method, path, right, summary, shapes.Done, do, body, example, _REFUSED)


def _plain(kind: Any) -> Make:
    return lambda seat, body: kind(seat=seat)


_READS = (
    _get("me", shapes.Me, "Whose token this is, and where he sits", reads.me),
    _get("people", shapes.PeopleList, "Who works here, and where everybody sits now", reads.people),
    _get("shifts", shapes.ShiftList, "Who should be here now, and who is not", reads.shifts),
    _get("seats", shapes.SeatList, "The seats, their state and for how long", reads.seats),
    _get("seats/{seat}", shapes.SeatView, "One seat", reads.seat, (404,)),
    _get("calls", shapes.CallList, "The calls that wait, ring and talk", reads.calls),
    _get("calls/{call}", shapes.CallView, "One call", reads.call, (404,)),
    _get("queues", shapes.QueueList, "Who waits, how long, and who serves them", reads.queues),
    _get("callbacks", shapes.CallbackList, "Whom we owe a call", reads.callbacks),
    _get("ears", shapes.EarList, "Who listens to whom (for those who supervise the project)", reads.ears),
    _get("projects", shapes.ProjectList, "The projects: open or closed, and why", reads.projects),
    _get(
        "alarms", shapes.AlarmList, "The alarms that stand; docs/operations.md says what to do", reads.alarms
    ),
)

_SEATS = (
    _seat(
        "login", Right.LOGIN, "Log in: take the seat, with one's own queues and skills",
        lambda seat, body: SeatLoggedIn(seat=seat, operator=body.operator), LogIn, {"operator": "op101"},
    ),
    _seat("logout", Right.SEAT, "Log out: no further call", _plain(SeatLoggedOut)),
    _seat(
        "break", Right.SEAT, "Take a break after what is going on",
        lambda seat, body: SeatPaused(seat=seat, reason=body.reason), Break, {"reason": "昼休み"},
    ),
    _seat("ready", Right.SEAT, "Take calls again: end a break, not answering or wrap-up", _plain(SeatReadied)),
    _seat("wrapup/end", Right.SEAT, "End wrap-up: the record is written", _plain(WrapUpFinished)),
    _seat(
        "class", Right.TALK, "Give the present or last call its inquiry class",
        lambda seat, body: CallClassified(seat=seat, inquiry_class=body.inquiry_class),
        Class, {"inquiry_class": "減免"},
    ),
    _seat("hold", Right.TALK, "Hold: the caller hears music", _plain(HoldAsked)),
    _seat("retrieve", Right.TALK, "Back to the caller; ends a consultation", _plain(RetrieveAsked)),
    _seat(
        "transfer", Right.TALK, "Blind transfer: the caller goes to another telephone",
        lambda seat, body: TransferAsked(seat=seat, kind=body.kind, target=body.target),
        Telephone, {"kind": "extension", "target": "35"},
    ),
    _seat(
        "consult", Right.TALK, "Consult another telephone while the caller hears music",
        lambda seat, body: ConsultAsked(seat=seat, kind=body.kind, target=body.target),
        Telephone, {"kind": "seat", "target": "seat02"},
    ),
    _seat("complete", Right.TALK, "Complete: caller and consulted party go on alone", _plain(CompleteAsked)),
    _seat("swap", Right.TALK, "From the consulted party to the caller, or back", _plain(SwapAsked)),
    _seat("conference", Right.TALK, "All three talk together", _plain(ConferenceAsked)),
    _seat("hangup", Right.TALK, "Hang up: the operator is done with the caller", _plain(HangUpAsked)),
    _seat(
        "dial", Right.DIAL, "Call an outside number on behalf of a project",
        lambda seat, body: DialAsked(seat=seat, number=body.number, project=body.project),
        Dial, {"number": "0480000000", "project": "saitama-autotax"},
    ),
    _seat(
        "ear", Right.EAR, "Listen, whisper, barge in, or take the call over",
        lambda seat, body: EarAsked(seat=seat, mode=body.mode, target=body.target),
        Ear, {"mode": "listen", "target": "seat02"},
    ),
    _seat("ear", Right.EAR, "Stop taking part in a call", _plain(EarClosed), method="DELETE"),
)  # fmt: skip

_OTHERS = (
    Route(
        "DELETE", "/v1/callbacks/{callback}", Right.PROJECT, "Withdraw a callback: nobody is called back",
        shapes.Done, withdraw_callback, refusals=_REFUSED,
    ),
    Route(
        "POST", "/v1/projects/{project}/override", Right.PROJECT,
        "Close or open a project, or switch it to its disaster flow, at once; `none` takes that back",
        shapes.OverrideDone, override, Override,
        {"kind": "closed", "until": "2026-05-07T17:15", "reason": "大雪"}, (404,),
    ),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*_READS, *_SEATS, *_OTHERS, *LOST_ROUTES, *BUDGET_ROUTES)
"""Besides these there are STREAM (a WebSocket) and, without a token, OPENAPI (the description) and WATCHING."""
